#!/bin/sh
# Draws bench/figures.svg, the picture in the README: flash on a Cortex-M0, and
# instructions beside those of the peer that does the same.
# usage: chart.sh SHARES FLASH [DOUBLES]; SHARES: lines "task TAB peer TAB
# share" of bench/run.sh; FLASH: bytes, from tests/size.sh. The peers' flash was
# measured once, from their sources, with the same compiler and options:
# coreHTTP 3.1.1 with coreJSON 3.3.1, and mongoose 7.22's client.
set -eu
awk -F '\t' -v flash="$2" '
function bar(label, value, most, shown, ours,    width) {
    width = value / most * 330
    printf "<text x=\"212\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y, label
    printf "<rect x=\"220\" y=\"%d\" width=\"%.0f\" height=\"13\" fill=\"%s\"/>\n",
        y - 11, width, ours ? "#0a66c2" : "#9aa3ad"
    printf "<text x=\"%.0f\" y=\"%d\">%s</text>\n", 226 + width, y, shown
    y += 19
}
function heading(text) {
    y += 12
    printf "<text x=\"8\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y, text
    y += 22
}
function thousands(n) { return sprintf("%d,%03d B", n / 1000, n % 1000) }
FNR == NR { # which rows are drawn, and how they are called
    name[$1 "\t" $2] = $3
    order[++rows] = $1 "\t" $2
    next
}
{ share[$1 "\t" $2] = $3 }
END {
    height = 112 + 19 * (3 + rows)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" " \
        "height=\"%d\" viewBox=\"0 0 640 %d\" font-family=\"sans-serif\" " \
        "font-size=\"12\" fill=\"#57606a\">\n", height, height
    print "<title>linkedin.h beside its peers</title>"
    y = 6
    heading("Flash on a Cortex-M0: one GET, one header, one JSON field")
    bar("linkedin.h", flash, 27325, thousands(flash), 1)
    bar("coreHTTP + coreJSON", 22627, 27325, thousands(22627), 0)
    bar("mongoose", 27325, 27325, thousands(27325), 0)
    heading("Instructions of linkedin.h, as a share of the peer&#8217;s")
    for (i = 1; i <= rows; i++) {
        if (!(order[i] in share)) { print order[i] > "/dev/stderr"; exit 1 }
        bar(name[order[i]], share[order[i]], 1.2,
            sprintf("%.2f", share[order[i]]), 1)
    }
    printf "<path d=\"M495 %d V%d\" stroke=\"#9aa3ad\" stroke-dasharray=\"3\"/>\n",
        y - 19 * rows - 14, y - 12
    printf "<text x=\"495\" y=\"%d\" text-anchor=\"middle\">1: the peer</text>\n", y
    print "</svg>"
}' - "$1" <<'ROWS' >figures.svg.new
12 GET profile, kept	curl	a kept GET: libcurl
13 GET over libcurl, kept	curl	our adapter of it: libcurl itself
13 GET over libcurl, TLS	curl	the same over TLS
6 answer whole, length	http_parser	an HTTP answer: http_parser
8 answer in 1 B, length	http_parser	the same, by the byte
1 tokenize posts	cJSON	JSON read: cJSON
1 tokenize posts	jsmn strict+links	the same: strict jsmn
10 percent-encode 63 B URL	curl	percent-encoding: libcurl
11 SHA-256, 4 KB	mbedtls	SHA-256: mbedTLS
ROWS
mv figures.svg.new figures.svg
