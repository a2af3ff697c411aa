#!/bin/sh
# A section calls only sections above it: prints linkedin.h with the sections
# up to one, its interface and implementation. usage: sections.sh SECTION
awk -v upto="$1" '
    /^\/\* >>/ {
        tag = $2
        sub(/>>/, "", tag)
        if (past) skip = 1
        if (tag == upto) past = 1
        if (tag == "end") skip = past = 0
        if (tag == "base") skip = 0
    }
    !skip' "${2:-linkedin.h}"
