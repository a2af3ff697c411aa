#!/bin/bash -eu
# What OSS-Fuzz runs as its build.sh, in the repository's root: it gives CC,
# CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE and OUT. For each target $OUT gets
# the program, NAME_seed_corpus.zip and NAME.dict. The image needs rapidjson-dev
# and zip. The target of the adapters is left out: the libraries under it would
# have to be built with the same sanitizer.
#   docker: FROM gcr.io/oss-fuzz-base/base-builder
#           RUN apt-get update && apt-get install -y rapidjson-dev zip
for source in tests/fuzz/fuzz_*.c tests/fuzz/fuzz_*.cc; do
    target=$(basename "${source%.*}")
    name=${target#fuzz_}
    case $source in
    */fuzz_adapters.c) continue ;;
    *.cc)
        # shellcheck disable=SC2086
        $CXX $CXXFLAGS -std=c++11 -I. "$source" -o "$OUT/$target" \
            $LIB_FUZZING_ENGINE ;;
    *)
        # shellcheck disable=SC2086
        $CC $CFLAGS -std=c99 -D_GNU_SOURCE -I. -c "$source" -o "$target.o"
        # shellcheck disable=SC2086
        $CXX $CXXFLAGS "$target.o" -o "$OUT/$target" $LIB_FUZZING_ENGINE
        rm "$target.o" ;;
    esac
    cp "tests/fuzz/${name%_rapid}.dict" "$OUT/$target.dict"
    seeds=$(mktemp -d)
    sh tests/fuzz/corpus.sh out "$name" "$seeds"
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip -jqr "$OUT/${target}_seed_corpus.zip" "$seeds"
    rm -r "$seeds"
done
