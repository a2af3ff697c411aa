# The interface is a reference: each public function has a comment of its own
# right above it, and one that returns li_rc says which errors it gives, each
# with its cause. Prints what lacks; exits 1 if anything does.
# usage: awk -f interface.awk linkedin.h
/^\/\* >>end/ { exit }
/^\/\* >>/ { inside = 1 }
!inside { next }
/^\/\*\*/ { text = ""; comment = 1 }
comment {
    text = text " " $0
    if (/\*\//) { comment = 0; fresh = 1 }
    next
}
/^LINKEDIN_API / {
    match($0, /li_[a-z0-9_]+\(/)
    name = substr($0, RSTART, RLENGTH - 1)
    functions++
    if (!fresh) {
        print name ": no comment of its own"
        lacks++
    } else if ($2 == "li_rc" && text !~ / Errors: +(LI_E_|those |what|why|the |call\.)/) {
        print name ": no Errors:"
        lacks++
    }
}
{ if (!/^#/) fresh = 0 }
END {
    print functions + 0 " functions"
    exit lacks > 0 || !functions
}
