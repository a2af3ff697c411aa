# linkedin_adapter(curl), (mbedtls), (openssl) or (redis): defines
# linkedin::NAME where the library that the adapter needs is found.
# linkedin_NAME_needs says, for a message, what that is. Both the tree and an
# installed linkedin include this: the headers of an adapter are there in any
# case, its library may come later.
set(linkedin_curl_needs
    "libcurl 7.88 or later (Debian package libcurl4-openssl-dev)")
set(linkedin_mbedtls_needs
    "mbedTLS 2.28 or later (Debian package libmbedtls-dev)")
set(linkedin_openssl_needs
    "OpenSSL 3.0 or later (Debian package libssl-dev)")
set(linkedin_redis_needs
    "hiredis 0.14 or later (Debian package libhiredis-dev)")

function(linkedin_adapter name)
    if(TARGET linkedin::${name})
        return()
    endif()
    if(name STREQUAL "curl")
        set(links CURL::libcurl)
        if(NOT TARGET CURL::libcurl)
            find_package(CURL 7.88 QUIET)
        endif()
    elseif(name STREQUAL "openssl")
        set(links OpenSSL::Crypto)
        if(NOT TARGET OpenSSL::Crypto)
            find_package(OpenSSL 3.0 QUIET COMPONENTS Crypto)
        endif()
    elseif(name STREQUAL "redis")
        set(links hiredis::hiredis)
        if(NOT TARGET hiredis::hiredis)
            find_package(hiredis QUIET)
        endif()
        if(NOT TARGET hiredis::hiredis AND
           NOT CMAKE_DISABLE_FIND_PACKAGE_hiredis)
            linkedin_find_hiredis()
        endif()
    elseif(name STREQUAL "mbedtls")
        set(links MbedTLS::mbedtls)
        if(NOT TARGET MbedTLS::mbedtls)
            find_package(MbedTLS QUIET)
        endif()
        if(NOT TARGET MbedTLS::mbedtls AND
           NOT CMAKE_DISABLE_FIND_PACKAGE_MbedTLS)
            linkedin_find_mbedtls()
        endif()
    endif()
    if(links AND TARGET ${links})
        # Imported, so that an export may name it and need not contain it.
        add_library(linkedin::${name} INTERFACE IMPORTED GLOBAL)
        set_target_properties(linkedin::${name} PROPERTIES
            INTERFACE_LINK_LIBRARIES "linkedin::linkedin;${links}")
    endif()
endfunction()

# hiredis where it came without a target, as Debian's 0.14 does.
function(linkedin_find_hiredis)
    find_path(HIREDIS_INCLUDE_DIR hiredis/hiredis.h)
    find_library(HIREDIS_LIBRARY hiredis)
    mark_as_advanced(HIREDIS_INCLUDE_DIR HIREDIS_LIBRARY)
    if(HIREDIS_INCLUDE_DIR AND HIREDIS_LIBRARY)
        add_library(hiredis::hiredis UNKNOWN IMPORTED)
        set_target_properties(hiredis::hiredis PROPERTIES
            IMPORTED_LOCATION "${HIREDIS_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${HIREDIS_INCLUDE_DIR}")
    endif()
endfunction()

# mbedTLS where it came without a package file, as Debian's 2.28 does. From
# 4.0 on its third library is called tfpsacrypto.
function(linkedin_find_mbedtls)
    find_path(MBEDTLS_INCLUDE_DIR mbedtls/ssl.h)
    find_library(MBEDTLS_LIBRARY mbedtls)
    find_library(MBEDX509_LIBRARY mbedx509)
    find_library(MBEDCRYPTO_LIBRARY NAMES mbedcrypto tfpsacrypto)
    mark_as_advanced(MBEDTLS_INCLUDE_DIR MBEDTLS_LIBRARY MBEDX509_LIBRARY
        MBEDCRYPTO_LIBRARY)
    if(NOT MBEDTLS_INCLUDE_DIR OR NOT MBEDTLS_LIBRARY OR
       NOT MBEDX509_LIBRARY OR NOT MBEDCRYPTO_LIBRARY)
        return()
    endif()
    # Up to 2.28 the version stands in the first file, later in the second.
    set(version "")
    foreach(file version.h build_info.h)
        if(EXISTS "${MBEDTLS_INCLUDE_DIR}/mbedtls/${file}")
            file(STRINGS "${MBEDTLS_INCLUDE_DIR}/mbedtls/${file}" line
                REGEX "define MBEDTLS_VERSION_STRING ")
            string(REGEX MATCH "[0-9]+[.][0-9.]+" line "${line}")
            string(APPEND version "${line}")
        endif()
    endforeach()
    if(version VERSION_LESS 2.28)
        return()
    endif()
    add_library(MbedTLS::mbedtls UNKNOWN IMPORTED)
    set_target_properties(MbedTLS::mbedtls PROPERTIES
        IMPORTED_LOCATION "${MBEDTLS_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${MBEDTLS_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES "${MBEDX509_LIBRARY};${MBEDCRYPTO_LIBRARY}")
endfunction()
