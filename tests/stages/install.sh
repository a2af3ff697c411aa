# The ways in: each gets linkedin.h as its user would, builds the first program
# with it, and says hello to the mock.
. tests/stages/common.sh
root=$(pwd)
build=$(cd "$build" && pwd) || exit 1
rm -rf "${build:?}"/* # what was installed before would answer for what is now
prefix=$build/prefix
user=$build/user
tree=$build/tree # what embedding takes of the repository, and no more
version=$(sed -n 's/^#define LI_VERSION "\(.*\)"/\1/p' linkedin.h)
export CMAKE_GENERATOR=Ninja "PKG_CONFIG_PATH=$prefix/share/pkgconfig"

mkdir -p "$tree" "$user"
cp -R CMakeLists.txt meson.build meson_options.txt linkedin.h adapters \
    packaging "$tree/"
cp examples/hello.c tests/install/* "$user/"
# the user of the compiled library does not make the implementation
sed '/^#define LINKEDIN_IMPLEMENTATION/d' examples/hello.c >"$user/user.c"

hello() { LINKEDIN_TOKEN=the-token LINKEDIN_BASE=$mock "$1" | grep '^Hello, '; }
says_version() { [ "$("$1")" = "$version" ]; }
files() { (cd "$1" && find . ! -type d) | sort; }

copied() { # the curl adapter takes its clock from the platform's
    mkdir -p "$build/copied/adapters" && cp linkedin.h examples/hello.c \
        "$build/copied/" && cp adapters/linkedin_curl.h \
        adapters/linkedin_platform.h "$build/copied/adapters/" &&
        cc "$build/copied/hello.c" -o "$build/copied/hello" -lcurl &&
        hello "$build/copied/hello"
}

# without the tool, which somebody may have built before
made() { make -s BUILD="$build/none" PREFIX="$prefix" "$@"; }
pkg_config() {
    # shellcheck disable=SC2046
    made install && cc "$user/hello.c" -o "$user/hello" \
        $(pkg-config --cflags --libs linkedin-curl) && hello "$user/hello"
}
pkg_config_others() {
    # shellcheck disable=SC2046
    cc "$user/adapters.c" -o "$user/adapters" \
        $(pkg-config --cflags --libs linkedin-mbedtls linkedin-openssl \
            linkedin-redis) &&
        says_version "$user/adapters"
}
staged() { # a packager's: all lies below DESTDIR, which no file names
    made DESTDIR="$build/a stage" install &&
        ! grep -r "$build/a stage" "$build/a stage" &&
        [ -n "$(files "$build/a stage")" ] &&
        made DESTDIR="$build/a stage" uninstall &&
        [ -z "$(files "$build/a stage")" ]
}
refused() { # what no .pc file could name
    ! make -s PREFIX=relative install && ! make -s PREFIX='/a b' install &&
        [ ! -e relative ]
}
uninstalled() {
    made uninstall && [ -z "$(files "$prefix")" ] &&
        [ ! -e "$prefix/include/linkedin" ]
}

# cmake_installed NAME OPTIONS...: from the tree into $build/NAME
cmake_installed() {
    into=$build/$1
    shift
    cmake -S "$tree" -B "$into.build" "$@" && cmake --build "$into.build" &&
        cmake --install "$into.build" --prefix "$into"
}
# cmake_user NAME PROGRAM OPTIONS...: builds a user's project and its program
cmake_user() {
    to=$build/user_$1
    program=$2
    shift 2
    cmake -S "$user" -B "$to" "-DPROGRAM=$program" "$@" &&
        cmake --build "$to" --target hello
}
cmake_hello() { cmake_user "$@" && hello "$build/user_$1/hello"; }
installed() { # what cmake and meson install of headers and .pc is what make does
    for with in static meson; do
        files "$build/$with" | grep -v '^./lib' >"$build/$with.files"
        diff "$build/make.files" "$build/$with.files" || return 1
    done
    ! grep adapters/ "$build/make.files" |
        grep -v '^./include/linkedin/adapters/linkedin_[a-z]*[.]h$'
}
found_others() {
    cmake_user others adapters.c -DWAY=find_package \
        "-DLINK=mbedtls;openssl;redis" \
        "-DCMAKE_PREFIX_PATH=$build/static" &&
        says_version "$build/user_others/hello"
}
shared() {
    cmake_installed shared -DBUILD_SHARED_LIBS=ON &&
        cmake_hello shared user.c -DWAY=find_package -DLINK=implementation \
            "-DCMAKE_PREFIX_PATH=$build/shared" &&
        ldd "$build/user_shared/hello" |
            grep "liblinkedin.so.$version => $build/shared/"
}
# the .pc of cmake, installed where only --prefix said, and of meson
pkg_config_there() {
    for with in static meson; do
        pc=$build/$with/share/pkgconfig
        # shellcheck disable=SC2046
        ! grep @ "$pc"/*.pc && [ -d "$(PKG_CONFIG_PATH=$pc \
            pkg-config --variable=prefix linkedin)" ] &&
            cc -fsyntax-only "$user/hello.c" \
                $(PKG_CONFIG_PATH=$pc pkg-config --cflags linkedin-curl) &&
            cc -fsyntax-only "$user/adapters.c" $(PKG_CONFIG_PATH=$pc \
                pkg-config --cflags linkedin-mbedtls linkedin-openssl \
                linkedin-redis) ||
            return 1
    done
}
missing() { # missing PACKAGE OPTIONS...: cmake fails, and names the package
    package=$1
    shift
    ! cmake "$@" >"$build/missing.log" 2>&1 &&
        tr -s ' \n' ' ' <"$build/missing.log" | grep "package $package"
}
without() { # nobody asks for what is missing: the library is built without it
    cmake_installed without -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON \
        -DCMAKE_DISABLE_FIND_PACKAGE_hiredis=ON -DLINKEDIN_MBEDTLS=OFF &&
        ! nm "$build"/without/lib*/liblinkedin.a |
        grep -E 'li_(curl|mbedtls|redis)_' &&
        nm "$build"/without/lib*/liblinkedin.a | grep li_openssl_verify
}

meson_installed() {
    meson setup "$build/meson_build" "$tree" "--prefix=$build/meson" &&
        meson install -C "$build/meson_build"
}
meson_subproject() {
    mkdir -p "$user/subprojects" && cp -R "$tree" "$user/subprojects/linkedin" &&
        meson setup "$build/user_meson" "$user" "-Dlinkedin:default_library=$1" &&
        meson compile -C "$build/user_meson" &&
        hello "$build/user_meson/hello" && hello "$build/user_meson/named" &&
        hello "$build/user_meson/compiled" &&
        says_version "$build/user_meson/adapters"
}

versions() { # each that has to tell it, tells the header's
    {
        sed -n '1s/^.* linkedin.h \([0-9.]*\) .*/header \1/p' linkedin.h
        sed -n 's/^#define LI__LINK.*_h_\(.*\)/link \1/p' linkedin.h | tr _ .
        awk '/^#define LI_VERSION_(MAJOR|MINOR|PATCH) / { v = v "." $3 }
            END { print "numbers " substr(v, 2) }' linkedin.h
        sed -n 's/^Version:/pc/p' "$build"/*/share/pkgconfig/*.pc
        sed -n 's/^set(PACKAGE_VERSION "\(.*\)")/cmake \1/p' \
            "$build"/static/lib*/cmake/linkedin/*Version.cmake
        meson introspect --projectinfo "$build/meson_build" |
            sed -n 's/.*"version": "\([^"]*\)".*/meson \1/p'
        # a registry of packages wants it written down
        cat idf_component.yml library.json library.properties \
            packaging/vcpkg/vcpkg.json packaging/conan/conanfile.py |
            sed -n 's/^ *"*version"* *[:=] *"*\([0-9.]*\).*/registry \1/p'
    } >"$build/versions"
    cat "$build/versions"
    for tells in header link numbers pc cmake meson registry; do
        grep -q "^$tells " "$build/versions" || return 1
    done
    ! grep -v " $version$" "$build/versions" && # and none has it written
        ! grep -F "$version" CMakeLists.txt meson.build packaging/*.in \
            packaging/*.cmake
}

the_mock >"$build/check.log" 2>&1 &&
    mock install --quiet --token the-token ||
    not_ok "the mock starts"

check "copied: linkedin.h and two adapters" copied
check "make install, and pkg-config linkedin-curl" pkg_config
check "pkg-config linkedin-mbedtls, linkedin-openssl, linkedin-redis" \
    pkg_config_others
files "$prefix" >"$build/make.files"
check "make install with DESTDIR, which has a space" staged
check "no PREFIX that is relative, or has a space" refused

check "cmake --install" cmake_installed static
check "find_package(linkedin COMPONENTS curl)" cmake_hello found hello.c \
    -DWAY=find_package "-DCMAKE_PREFIX_PATH=$build/static"
check "find_package(linkedin COMPONENTS mbedtls openssl redis)" found_others
check "linkedin::implementation, static" cmake_hello static user.c \
    -DWAY=find_package -DLINK=implementation \
    "-DCMAKE_PREFIX_PATH=$build/static"
check "linkedin::implementation, shared" shared
check "FetchContent" cmake_hello fetch hello.c -DWAY=FetchContent "-DTREE=$root"
check "add_subdirectory" cmake_hello sub hello.c -DWAY=add_subdirectory \
    "-DTREE=$tree"
check "add_subdirectory, linkedin::implementation" cmake_hello sub user.c \
    -DLINK=implementation
check "a component whose library is missing names the package" missing \
    libcurl4-openssl-dev -S "$user" -B "$build/user_found" \
    -DCMAKE_DISABLE_FIND_PACKAGE_CURL=ON
check "LINKEDIN_MBEDTLS=ON without mbedTLS names the package" missing \
    libmbedtls-dev -S "$tree" -B "$build/static.build" -DLINKEDIN_MBEDTLS=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_MbedTLS=ON
check "the compiled library without what is missing" without

check "meson install" meson_installed
check "meson subproject" meson_subproject shared
check "pkg-config after cmake --install and meson install" pkg_config_there
check "make, cmake and meson install the same files" installed
check "all tell the version of linkedin.h" versions
check "make uninstall leaves nothing behind" uninstalled
kill "$mock_pid"
finish
