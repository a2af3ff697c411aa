# prove ENTRY MODE BYTES OPTIONS: read by run.sh. Modes: every: each length and
# place one by one, nothing replaced; split: likewise, but doubles; itself:
# lengths as intervals, nothing replaced; views: lengths as intervals, doubles.
h="-eva-partition-history 1"

# what has a double, and is proved here for it
prove put every 8
prove buf_end every 8
prove put_int itself 24 -eva-slevel-function li_put_int:500 \
    -eva-min-loop-unroll 20
prove cut every 8
prove take_upto every 12
prove j_take every 14
prove json_next itself 32

# text, json, json_put
for entry in equal percent_decode form_next \
    form_decode base64url_encode base64url_decode url_split json_each \
    json_pick json_text json_int json_copy; do
    prove $entry views "1 32" $h -eva-slevel 10
done
for entry in json_is json_find json_fill; do
    prove $entry views "1 32" $h -eva-slevel 10 \
        -eva-slevel-function li__j_equals:200
done
prove json_whole itself 32
prove json_in_two itself 32
prove json_skip itself 32

prove percent_encode every 4
prove form_put every 2

# digest
prove sha256 every 66
prove hmac every 66

# restli
for entry in urn_split urn_put little_put mention_put hashtag_put \
    restli_decode; do
    prove $entry views "1 32" $h
done
for entry in restli_encode restli_path; do
    prove $entry views "1 32" $h
done

# words
prove words_put views "1 32" $h -eva-slevel 10
prove words_next views "1 32" $h -eva-slevel 10

# answer
prove answer_head every 15 -eva-min-loop-unroll 14
prove answer_headers every 6
prove answer_trailers every 7
prove answer_plain every 8
prove chunk_frame itself 32
prove chunk_data every 5
prove want every 5

# that it can fail
control take_upto every 8 's/rest->len -= head.len + (hit != NULL);/rest->len -= head.len;/'
control percent_decode views 32 's/i > text.len - 3 /i > text.len - 2 /'
control json_next itself 32 's/        if (i >= n) return li__j_dry(json);/        if (i > n) return li__j_dry(json);/'
control chunk_frame itself 32 's/while (i < end \&\& part > LI__P_END_LF/while (i <= end \&\& part > LI__P_END_LF/'
