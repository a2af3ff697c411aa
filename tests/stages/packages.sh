# The packages: the ESP adapters on stand-ins of IDF's headers, and what other
# tools' manifests say, held against those tools' documents.
. tests/stages/common.sh
version=$(sed -n 's/^#define LI_VERSION "\(.*\)"$/\1/p' linkedin.h)

# ---- ESP-IDF: the adapters build and work, without IDF
idf="-DESP_PLATFORM -I. -Itests/esp"
esp() {
    # shellcheck disable=SC2086
    gcc -std=c99 -D_GNU_SOURCE $warn -O0 $idf tests/esp/test_esp.c \
        tests/esp/stand_in.c -o "$build/esp"
}
esp_sanitized() {
    # shellcheck disable=SC2086
    gcc -std=c99 -D_GNU_SOURCE $sanitize $idf tests/esp/test_esp.c \
        tests/esp/stand_in.c -o "$build/esp_sanitized"
}
esp_cxx() {
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "%s"\n#include "%s"\n' \
        adapters/linkedin_esp.h adapters/linkedin_nvs.h >"$build/esp.cc"
    # shellcheck disable=SC2086
    g++ -std=c++11 -D_GNU_SOURCE -Wall -Wextra -Werror $idf \
        -c "$build/esp.cc" -o "$build/esp.o"
}
esp_short() { [ "$(wc -l <adapters/linkedin_esp.h)" -le 150 ]; }
# without the bundle nothing would be verified: such a build must not pass
esp_refuses() {
    mkdir -p "$build/no_bundle" && cp -R tests/esp/. "$build/no_bundle" &&
        sed -i '/CERTIFICATE_BUNDLE/d' "$build/no_bundle/sdkconfig.h" &&
        ! gcc -std=c99 -D_GNU_SOURCE -DESP_PLATFORM -I. \
            -I"$build/no_bundle" -fsyntax-only "$build/no_bundle/test_esp.c" \
            2>"$build/no_bundle/log" &&
        grep -q CONFIG_MBEDTLS_CERTIFICATE_BUNDLE "$build/no_bundle/log"
}
esp_component() {
    # shellcheck disable=SC2086
    gcc -std=c99 -D_GNU_SOURCE $warn $idf -c packaging/esp_idf.c \
        -o "$build/esp_idf.o"
}
esp_runs() { # PROGRAM
    mock esp --quiet --token the-token || return 1
    LINKEDIN_BASE=$mock "$build/$1" >"$build/esp.out"
    rc=$?
    kill $mock_pid
    cat "$build/esp.out"
    [ $rc -eq 0 ] && [ "$(grep -c '^Hello, .*!$' "$build/esp.out")" -eq 4 ] &&
        grep -q '^The token is kept.$' "$build/esp.out"
}
check "the mock" the_mock
check "the ESP adapters build without a warning" esp
check "the ESP adapters as C++11" esp_cxx
check "linkedin_esp.h has 150 lines at most" esp_short
check "without a certificate bundle it does not compile" esp_refuses
check "the component's source builds" esp_component
check "hello, the token and each failure, on IDF's stand-ins" esp_runs esp
check "the same, built" esp_sanitized
check "the same, under sanitizers" esp_runs esp_sanitized

# ---- the manifests
# each tells linkedin.h's version, in its own syntax
versions() {
    grep -qx "version: \"$version\"" idf_component.yml &&
        grep -qx "  \"version\": \"$version\"," library.json &&
        grep -qx "version=$version" library.properties &&
        grep -qx "  \"version\": \"$version\"," packaging/vcpkg/vcpkg.json &&
        grep -qx "    version = \"$version\"" packaging/conan/conanfile.py
}
check "each manifest has linkedin.h's version, $version" versions

# keys FILE KEY...: a YAML file has these keys at its left edge, and neither a
# tab nor an indentation by odd spaces, which no YAML of ours has
keys() {
    file=$1
    shift
    for key in "$@"; do
        grep -q "^$key:" "$file" || { echo "$file: no $key"; return 1; }
    done
    awk '/\t/ || /^( {2})* [^ ]/ && !/^( {2})*[^ ]/ { print; bad = 1 }
         END { exit bad }' "$file"
}
# IDF Component Manager, "idf_component.yml Manifest File": version and license
# are for the registry, description is "highly recommended", dependencies and
# files.exclude are ours to give; "idf" is the framework's own name there
idf_manifest() {
    keys idf_component.yml version description license dependencies files &&
        grep -qx '  idf: ">=5.0"' idf_component.yml &&
        sed -n 's|.*"\([a-z]*\)/\*\*/\*"$|\1|p' idf_component.yml |
        grep -c '^tests$\|^bench$' | grep -qx 2
}
check "idf_component.yml has what IDF's component manager asks" idf_manifest
# ESP-IDF Programming Guide, "Build System": idf_component_register() takes
# paths from the component's folder, which is the root
idf_files() {
    for f in $(sed -n 's/.*SRCS "\(.*\)"/\1/p' packaging/esp_idf.cmake) \
        $(sed -n 's/.*INCLUDE_DIRS "\(.*\)" "\(.*\)"/\1 \2/p' \
            packaging/esp_idf.cmake); do
        [ -e "$f" ] || { echo "no $f"; return 1; }
    done
    for part in esp-tls mbedtls nvs_flash esp_timer; do
        grep -q "REQUIRES.* $part\\b" packaging/esp_idf.cmake || return 1
    done
}
check "the component's files exist" idf_files

# Zephyr, "Modules (External projects)": name; build.cmake is a folder with a
# CMakeLists.txt, build.kconfig a file, both from the module's root
zephyr() {
    keys zephyr/module.yml name build || return 1
    folder=$(sed -n 's/^  cmake: //p' zephyr/module.yml)
    [ -f "$folder/CMakeLists.txt" ] &&
        [ -f "$(sed -n 's/^  kconfig: //p' zephyr/module.yml)" ] &&
        grep -qx 'config LINKEDIN' packaging/zephyr/Kconfig || return 1
    for f in $(sed -n 's/.*zephyr_library_sources(\(.*\))/\1/p' \
        "$folder/CMakeLists.txt"); do
        # shellcheck disable=SC2086
        gcc -std=c99 $warn -c "$folder/$f" -o "$build/zephyr.o" || return 1
    done
}
check "the Zephyr module's files exist, and its source builds" zephyr

# PlatformIO, "library.json": name and version are required; srcFilter keeps
# the repository's programs out of the user's. vcpkg, "vcpkg.json Reference":
# name of small letters, digits and hyphens, a version, each feature described
json() {
    node -e '
        const read = (f) => JSON.parse(require("fs").readFileSync(f, "utf8"));
        const exists = require("fs").existsSync;
        const need = (holds, what) => {
            if (!holds) { console.log(what); process.exitCode = 1; }
        };
        const pio = read("library.json");
        for (const key of ["name", "version", "description", "keywords",
                           "license", "headers", "frameworks", "platforms"])
            need(pio[key], "library.json: " + key);
        need(pio.build.srcFilter === "-<*>", "library.json: srcFilter");
        for (const f of pio.export.include.concat(pio.headers))
            need(exists(f), "library.json: no file " + f);
        need(!pio.export.include.includes("tests"), "library.json: tests");
        const vcpkg = read("packaging/vcpkg/vcpkg.json");
        need(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(vcpkg.name), "vcpkg.json: name");
        for (const name of ["curl", "mbedtls", "openssl"]) {
            const feature = vcpkg.features[name];
            need(feature.description, "vcpkg.json: " + name);
            need(feature.dependencies.includes(name), "vcpkg.json: " + name);
            need(exists("adapters/linkedin_" + name + ".h"), name);
        }'
}
check "library.json and vcpkg.json" json

# Arduino, "Library specification", "library.properties file format": these
# keys are required, and the category is one of a list.
arduino() {
    for key in name version author maintainer sentence paragraph category url \
        architectures includes; do
        grep -q "^$key=." library.properties || { echo "no $key"; return 1; }
    done
    grep -qx 'category=Communication' library.properties &&
        [ -f "$(sed -n 's/^includes=//p' library.properties)" ]
}
check "library.properties has the required keys" arduino

# vcpkg, "Maintainer guide": a port installs its copyright; header-only ports
# have a usage file. What the portfile installs must exist.
vcpkg() {
    grep -q '^vcpkg_install_copyright(' packaging/vcpkg/portfile.cmake &&
        [ -s packaging/vcpkg/usage ] || return 1
    # shellcheck disable=SC2016
    for f in $(grep -o '{SOURCE_PATH}/[A-Za-z.]*' \
        packaging/vcpkg/portfile.cmake | sed 's|.*}/||'); do
        [ -e "$f" ] || { echo "no $f"; return 1; }
    done
}
check "the vcpkg port's files exist" vcpkg

# Conan 2, "Header-only packages": package_type, and a test_package that builds
conan() {
    grep -q 'package_type = "header-library"' packaging/conan/conanfile.py &&
        mkdir -p "$build/include/adapters" && cp linkedin.h "$build/include" &&
        gcc -std=c99 -Wall -Werror -I"$build/include" \
            packaging/conan/test_package/version.c -o "$build/version" &&
        "$build/version"
}
check "Conan's test_package builds and works" conan
python() {
    for f in packaging/conan/conanfile.py \
        packaging/conan/test_package/conanfile.py; do
        python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' \
            "$f" || return 1
    done
}
check "the recipes are Python" python # which came with Meson
finish
