# Worst stack below each public function, from gcc's -fcallgraph-info=su.
# Callbacks of the caller's own are not counted. Recursion is an error.
# usage: awk -f stack.awk FILE.ci
/^node:/ {
    match($0, /title: "[^"]*"/); name = substr($0, RSTART + 8, RLENGTH - 9)
    sub(/.*:/, "", name)
    if (match($0, /[0-9]+ bytes \((static|dynamic,bounded|dynamic)\)/)) {
        split(substr($0, RSTART, RLENGTH), part, " ")
        own[name] = part[1]
        if ($0 ~ /\(dynamic\)/) { print "unbounded stack: " name; bad = 1 }
    }
}
/^edge:/ {
    match($0, /sourcename: "[^"]*"/); from = substr($0, RSTART + 13, RLENGTH - 14)
    match($0, /targetname: "[^"]*"/); to = substr($0, RSTART + 13, RLENGTH - 14)
    sub(/.*:/, "", from); sub(/.*:/, "", to)
    calls[from] = calls[from] " " to
    # the one pointer to functions of ours: how a header line is written
    if (from == "li__put_headers" && to == "__indirect_call")
        calls[from] = calls[from] " li__put_header li__put_curl_header"
}
function worst(f,    list, n, i, w, most) {
    if (f in done) return done[f]
    if (f in open) { print "recursion: " f; bad = 1; return 0 }
    open[f] = 1
    n = split(calls[f], list, " ")
    for (i = 1; i <= n; i++) {
        w = worst(list[i])
        if (w > most) most = w
    }
    delete open[f]
    return done[f] = own[f] + most
}
END {
    for (f in own)
        if (f ~ /^li_[^_]/) {
            printf "%6d  %s\n", worst(f), f | "sort -rn"
        }
    close("sort -rn")
    exit bad
}
