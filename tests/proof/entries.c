/* Entries for Frama-C's Eva (make prove): with bytes and lengths unknown, no
   read or write may leave its object, and no number what its type can hold.
   run.sh has the table of what each is given. */
#include "doubles.h"

/* -lib-entry: all of unknown value. */
char bytes[N], more[N], memory[N];
int64_t number;

/* An unknown text. */
static li_str text(void)
{
    return li__str(bytes, upto(N));
}

/* A second one, for what takes two. */
static li_str other(void)
{
    return li__str(more, upto(N));
}

/* A writer of unknown capacity. */
static li_buf writer(void)
{
    return li_buf_of(memory, upto(N));
}

/* ---- base */

#ifdef ITSELF
#define li_put_itself li_put
#define li__cut_itself li__cut
#define li_put_int_itself li_put_int
#define li__upto_itself li__upto
#define li__j_take_itself li__j_take
#define li_json_next_itself li_json_next
#define li_json_skip_itself li_json_skip
#define li_json_each_itself li_json_each
#endif

/* Any writer that has room for so much, or less. */
void put(void)
{
    li_buf out = writer();
    out.len = upto(out.cap);
    out.rc = either(LI_OK, LI_E_SPACE);
    li_put_itself(&out, text());
    //@ assert kept: out.len <= out.cap <= N;
}

void buf_end(void)
{
    li_buf out = writer();
    out.len = upto(N);
    out.rc = either(LI_OK, LI_E_SPACE);
    li_buf_end(&out);
}

/* Of any two numbers. */
void cut(void)
{
    li_str s = text();
    size_t from = upto(N + 2);
    read_all(li__cut_itself(s, from, upto(N + 2)));
}

void take_upto(void)
{
    li_str rest = text();
    read_all(li__upto_itself(&rest, ':'));
    read_all(rest);
}

void put_int(void)
{
    li_buf out = writer();
    li_put_int_itself(&out, number);
}

void equal(void)
{
    li_equal(text(), other());
}

/* ---- text */

void percent_encode(void)
{
    li_buf out = writer();
    li_percent_encode(text(), &out);
}

void percent_decode(void)
{
    li_buf out = writer();
    li_percent_decode(text(), &out);
}

void form_put(void)
{
    li_buf out = writer();
    li_form_put(&out, text(), other());
}

void form_next(void)
{
    li_str rest = text(), name, value;
    while (!li_form_next(&rest, &name, &value)) {
        li__has_other(name, li__pathchar);
        li__has_other(value, li__pathchar);
    }
}

void form_decode(void)
{
    li_buf out = writer();
    li_form_decode(text(), &out);
}

void base64url_encode(void)
{
    li_buf out = writer();
    li_base64url_encode(text(), &out);
}

void base64url_decode(void)
{
    li_buf out = writer();
    li_base64url_decode(text(), &out);
}

void url_split(void)
{
    li_url url;
    li_url_split(text(), &url);
}

/* ---- json */

static void read_on(li_json *json)
{
    while (!li_json_next_itself(json) && json->type != LI_JSON_END)
        ;
}

/* A reader in any state, before any byte. */
void json_next(void)
{
    li_json json;
    li_str s = text();
    li_json_open(&json, s, Frama_C_interval(0, 1));
    json.priv.at = upto(s.len);
    json.priv.objects = (uint64_t)number;
    json.priv.code = (uint32_t)number;
    json.priv.expect = (uint8_t)Frama_C_interval(LI__J_VALUE, LI__J_OVER);
    json.depth = (uint8_t)Frama_C_interval(0, LI_JSON_DEPTH);
    json.priv.lex = (uint8_t)Frama_C_interval(LI__LEX_NONE, LI__LEX_WORD);
    json.priv.sub = (uint8_t)Frama_C_interval(0, LI__S_LOWU);
    json.type = (li_json_type)Frama_C_interval(LI_JSON_NONE, LI_JSON_END);
    if (json.priv.lex == LI__LEX_WORD) {
        json.type = (li_json_type)Frama_C_interval(LI_JSON_TRUE, LI_JSON_NULL);
        json.priv.code = (uint32_t)Frama_C_interval(0, 2);
    }
    li_json_next_itself(&json);
    //@ assert at_len: json.priv.at <= N;
}

/* One character, from any byte on. */
void j_take(void)
{
    li_str s = text();
    size_t i = upto(s.len), n;
    char utf8[4];
    n = li__j_take_itself(s, &i, utf8);
    read_all(li__str(utf8, n));
    //@ assert i_len: i <= N;
}

void json_whole(void)
{
    li_json json;
    li_json_open(&json, text(), 1);
    read_on(&json);
}

void json_in_two(void)
{
    li_json json;
    li_json_open(&json, text(), 0);
    read_on(&json);
    li_json_feed(&json, other(), 1);
    read_on(&json);
}

void json_skip(void)
{
    li_json json;
    li_json_open(&json, text(), 1);
    li_json_next_itself(&json);
    li_json_skip_itself(&json);
}

void json_each(void)
{
    li_json json;
    li_str name, value;
    li_json_open(&json, text(), 1);
    while (!li_json_each_itself(&json, &name, &value))
        ;
}

void json_find(void)
{
    li_str raw;
    li_json_find(text(), "/a/0", &raw);
}

void json_pick(void)
{
    static const char *const names[] = {"a", "bc"};
    li_str raws[2];
    li_json_pick(text(), names, 2, raws);
}

void json_text(void)
{
    li_buf out = writer();
    li_json_text(text(), &out);
}

void json_is(void)
{
    li_json_is(text(), other());
}

void json_int(void)
{
    int64_t value;
    li_json_int(text(), &value);
}

void json_copy(void)
{
    li_buf out = writer();
    li_json_copy(text(), "/a", &out);
}

/* ---- json_put */

void json_fill(void)
{
    li_buf out = writer();
    li_value value[3];
    value[0].text = text();
    value[1].text = value[2].text = other();
    value[0].number = value[1].number = value[2].number = number;
    li_json_fill(&out, " {\"a\":?,\"b\":#,\"c\":*}", value, 3);
}

/* ---- digest */

void sha256(void)
{
    uint8_t digest[32];
    li_sha256(text(), digest);
}

void hmac(void)
{
    li__hash hash;
    uint8_t digest[32];
    li__hmac_begin(&hash, text()); /* of a message, sha256 has every length */
    li__hash_put(&hash, li__str(more, 3));
    li__hash_end(&hash, digest);
}

/* ---- restli */

static li_restli form(void)
{
    return (li_restli)Frama_C_interval(LI_RESTLI_URL, LI_RESTLI_FIELDS);
}

void restli_encode(void)
{
    li_buf out = writer();
    li_restli_encode(form(), text(), &out);
}

void restli_decode(void)
{
    li_buf out = writer();
    li_restli_decode(form(), text(), &out);
}

void restli_path(void)
{
    li_buf out = writer();
    li_restli_path(&out, "/a/{id}", text());
}

void urn_split(void)
{
    li_str space, type, id;
    li_urn_split(text(), &space, &type, &id);
}

void urn_put(void)
{
    li_buf out = writer();
    li_urn_put(&out, text(), other(), text());
}

void little_put(void)
{
    li_buf out = writer();
    li_little_put(&out, text());
}

void mention_put(void)
{
    li_buf out = writer();
    li_mention_put(&out, text(), other());
}

void hashtag_put(void)
{
    li_buf out = writer();
    li_hashtag_put(&out, text());
}

/* ---- words */

void words_put(void)
{
    li_buf out = writer();
    size_t length;
    li_words_put(&out, (li_words)Frama_C_interval(0, 2), text(), &length);
}

void words_next(void)
{
    li_buf out = writer();
    li_str rest = text(), urn;
    li_word kind;
    while (!li_words_next(&rest, &out, &kind, &urn))
        li_buf_clear(&out);
}

/* ---- answer */

static const li_client client;
static const li_req req;

/* A call that has just come to a state, with so many bytes of an answer. */
static void receive(li_call *call, uint8_t state, uint8_t part)
{
    LI_MEMSET(call, 0, sizeof *call);
    call->client = &client;
    call->req = &req;
    call->priv.buf = memory;
    call->priv.cap = N;
    call->priv.end = upto(N);
    call->priv.head_left = LI_MAX_HEAD;
    call->priv.lines_left = LI_MAX_HEADERS;
    call->priv.chunk_left = LI_MAX_CHUNK_LINE;
    call->body = li__str(memory, 0);
    call->priv.state = state;
    call->priv.part = part;
}

void answer_head(void)
{
    li_call call;
    receive(&call, LI__HEAD, LI__P_STATUS);
    li__read_head(&call);
}

/* Between the data of chunks: any part, any number so far. */
void chunk_frame(void)
{
    li_call call;
    receive(&call, LI__CHUNK, LI__P_SIZE);
    call.priv.at = upto(N);
    call.priv.part = (uint8_t)Frama_C_interval(LI__P_SIZE, LI__P_DATA_LF);
    call.priv.left = (uint64_t)number;
    li__chunk_frame(&call);
}

/* Data of a chunk, behind a body that has come. */
void chunk_data(void)
{
    li_call call;
    receive(&call, LI__CHUNK, LI__P_DATA);
    call.priv.at = upto(call.priv.end);
    call.body.len = upto(call.priv.at);
    call.priv.left = (uint64_t)number;
    li__chunk_data(&call);
    //@ assert at_end: call.priv.at <= call.priv.end;
}

/* Room for more, where a body has come and some of it is not yet read. */
void want(void)
{
    li_call call;
    receive(&call, LI__TAIL, LI__P_DATA);
    call.priv.at = upto(call.priv.end);
    call.body.len = upto(call.priv.at);
    li__want(&call);
    //@ assert at_end: call.priv.at <= call.priv.end;
}

void answer_trailers(void)
{
    li_call call;
    receive(&call, LI__TRAILER, LI__P_START);
    li__read_trailers(&call);
}

void answer_plain(void)
{
    li_call call;
    receive(&call, LI__LENGTH, LI__P_DATA);
    call.priv.left = upto(N);
    li__read_plain(&call);
}

void answer_headers(void)
{
    li_call call;
    receive(&call, LI__HEAD, LI__P_START);
    call.status = 200;
    li__read_head(&call);
}
