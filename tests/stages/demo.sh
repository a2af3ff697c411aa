# `make demo`, as a newcomer runs it: it builds the mock and the demo itself.
. tests/stages/common.sh
check "make demo" make -s demo BUILD="$build"
finish
