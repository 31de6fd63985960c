# Whether the compiler's target, with the flags of the build type, has the vectors of AVX-512.
include(CheckCSourceCompiles)
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
set(CMAKE_REQUIRED_FLAGS "${CMAKE_C_FLAGS_${build_type}}")
check_c_source_compiles("
#if !defined __AVX512F__ || !defined __AVX512DQ__ || !defined __AVX512VL__
#error
#endif
int main(void) { return 0; }" PELAGOS_HAS_AVX512)
unset(CMAKE_REQUIRED_FLAGS)

# pelagos_module(NAME [PUBLIC header ...] [LINKS target ...] [INCLUDES dir ...]): every C file of this folder, as one module of
# the library; of each pair NAME_avx512.c and NAME_plain.c one is built. PUBLIC names the headers that are installed; all that are not called *_inside.h where it is left out.
function(pelagos_module name)
  cmake_parse_arguments(module "" "" "PUBLIC;LINKS;INCLUDES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  if(PELAGOS_HAS_AVX512)
    list(FILTER sources EXCLUDE REGEX "_plain\\.c$")
  else()
    list(FILTER sources EXCLUDE REGEX "_avx512\\.c$")
  endif()
  if(NOT sources)
    return()
  endif()
  add_library(pelagos_${name} OBJECT ${sources})
  target_include_directories(pelagos_${name} PUBLIC ${CMAKE_SOURCE_DIR}/lib)
  target_include_directories(pelagos_${name} SYSTEM PRIVATE ${module_INCLUDES})
  target_link_libraries(pelagos_${name} PRIVATE pelagos_flags ${module_LINKS})
  set_property(GLOBAL APPEND PROPERTY PELAGOS_MODULES pelagos_${name})

  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  list(FILTER headers EXCLUDE REGEX "_inside\\.h$")
  if(module_PUBLIC)
    set(headers ${module_PUBLIC})
  endif()
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pelagos/${name})
endfunction()
