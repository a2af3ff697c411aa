# What `cmake --install` puts where, the same as `make install`, and beside it
# the compiled library and what find_package(linkedin) reads.
include(CMakePackageConfigHelpers)
set(here "${CMAKE_CURRENT_SOURCE_DIR}/packaging")
set(made "${CMAKE_CURRENT_BINARY_DIR}/packaging")
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/linkedin")

install(FILES linkedin.h DESTINATION include/linkedin)
install(DIRECTORY adapters DESTINATION include/linkedin
    FILES_MATCHING PATTERN "*.h")

# From where the file lies: `cmake --install --prefix` may choose another.
set(PREFIX "\${pcfiledir}/../..")
set(INCLUDEDIR "\${prefix}/include")
set(VERSION "${PROJECT_VERSION}")
set(SYSTEM "")
if(WIN32)
    set(SYSTEM "-lws2_32 -lbcrypt")
endif()
set(MBEDTLS "-lmbedtls -lmbedx509 -lmbedcrypto")
if(MBEDCRYPTO_LIBRARY MATCHES "tfpsacrypto" OR TARGET MbedTLS::tfpsacrypto)
    set(MBEDTLS "-lmbedtls -lmbedx509 -ltfpsacrypto")
endif()
foreach(pc linkedin linkedin-curl linkedin-mbedtls linkedin-openssl
        linkedin-redis)
    configure_file("${here}/${pc}.pc.in" "${made}/${pc}.pc" @ONLY)
    install(FILES "${made}/${pc}.pc" DESTINATION share/pkgconfig)
endforeach()

install(TARGETS linkedin linkedin_implementation EXPORT linkedin
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(EXPORT linkedin FILE linkedinTargets.cmake NAMESPACE linkedin::
    DESTINATION "${config_dir}")
configure_file("${here}/linkedinConfig.cmake.in"
    "${made}/linkedinConfig.cmake" @ONLY)
write_basic_package_version_file("${made}/linkedinConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${made}/linkedinConfig.cmake"
    "${made}/linkedinConfigVersion.cmake" "${here}/linkedinAdapters.cmake"
    DESTINATION "${config_dir}")
