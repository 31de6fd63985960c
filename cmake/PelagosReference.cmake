# `cmake --build build/release --target reference`: the reference of the public headers, as HTML (needs doxygen).
find_program(DOXYGEN doxygen)
mark_as_advanced(DOXYGEN)
if(DOXYGEN)
  configure_file(${CMAKE_SOURCE_DIR}/docs/Doxyfile.in ${CMAKE_BINARY_DIR}/Doxyfile @ONLY)
  add_custom_target(reference COMMAND ${DOXYGEN} -q ${CMAKE_BINARY_DIR}/Doxyfile
                    COMMAND ${CMAKE_COMMAND} -E echo "See ${CMAKE_BINARY_DIR}/reference/html/index.html"
                    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
else()
  add_custom_target(reference COMMAND ${CMAKE_COMMAND} -E echo "The reference needs doxygen: apt-get install doxygen"
                    COMMAND ${CMAKE_COMMAND} -E false VERBATIM)
endif()
