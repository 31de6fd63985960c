# What `cmake --install` puts where: the library with its headers, the command, decks and plots, documentation, and what
# lets other projects find them (a CMake package and pkg-config, both relocatable).
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pelagos)
set(data_dir ${CMAKE_INSTALL_DATADIR}/pelagos)

# Each module installs its own public headers (pelagos_module).
install(TARGETS pelagos EXPORT pelagos LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_SOURCE_DIR}/lib/pelagos.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pelagos)
if(TARGET pelagos_command)
  install(TARGETS pelagos_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/inputs ${CMAKE_SOURCE_DIR}/plotting DESTINATION ${data_dir} USE_SOURCE_PERMISSIONS
        OPTIONAL PATTERN __pycache__ EXCLUDE)

install(FILES ${CMAKE_SOURCE_DIR}/docs/pelagos.bash OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME pelagos)
install(FILES ${CMAKE_SOURCE_DIR}/docs/pelagos.1 OPTIONAL DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md OPTIONAL
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/examples OPTIONAL DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT pelagos NAMESPACE pelagos:: FILE pelagos-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/pelagos-config.cmake.in
                              ${CMAKE_BINARY_DIR}/pelagos-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/pelagos-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/pelagos-config.cmake ${CMAKE_BINARY_DIR}/pelagos-config-version.cmake
        DESTINATION ${package_dir})

# From the folder of pelagos.pc back to the prefix, so that an installed copy can be moved.
file(RELATIVE_PATH up_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/pelagos.pc.in ${CMAKE_BINARY_DIR}/pelagos.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/pelagos.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

include(${CMAKE_CURRENT_LIST_DIR}/PelagosReference.cmake)
