# The three shapes of target in this project: a folder's library, a folder's tests, a benchmark.
include_guard()
include(GoogleTest OPTIONAL)

add_library(tillsight_options INTERFACE)
target_compile_features(tillsight_options INTERFACE cxx_std_20)
target_compile_options(tillsight_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<BOOL:${TILLSIGHT_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
if(TILLSIGHT_SANITIZE)
  target_compile_options(tillsight_options INTERFACE
    -fsanitize=${TILLSIGHT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    # Asked of every pointer, these four double the compiler's time; the address sanitizer sees what
    # they are for as soon as it does harm.
    -fno-sanitize=null,alignment,object-size,vptr
    # g++ 12 takes the sanitizers' own checks in <regex> for uses of unset members.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(tillsight_options INTERFACE -fsanitize=${TILLSIGHT_SANITIZE})
endif()

# Programs that are linked to be tested, and there are hundreds: mold takes a fifth of ld's time.
find_program(TILLSIGHT_MOLD mold)
if(TILLSIGHT_TESTS AND TILLSIGHT_MOLD)
  target_link_options(tillsight_options INTERFACE -fuse-ld=mold)
endif()

# What most files include, compiled once for src/ and once for tests/: half of the compiler's time
# went there. One flag more or less and g++ leaves a precompiled header aside: hence -pthread for
# everyone. ccache needs -fpch-preprocess (and the sloppiness of CMakePresets.json).
target_compile_options(tillsight_options INTERFACE
  -pthread $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
# A test's own code is compiled in a third of the time without optimisation, and is quick enough.
set(TILLSIGHT_QUICKLY_COMPILED -O0)
function(tillsight_precompiled name header)
  cmake_parse_arguments(ARG "" "" "OPTIONS;LIBS" ${ARGN})
  add_library(${name} OBJECT ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/precompiled.cpp)
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} tillsight_options)
  target_precompile_headers(${name} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${header})
endfunction()
tillsight_precompiled(tillsight_precompiled precompiled.hpp LIBS fmt::fmt)
if(TILLSIGHT_TESTS)
  tillsight_precompiled(tillsight_precompiled_tests precompiled_tests.hpp
    OPTIONS ${TILLSIGHT_QUICKLY_COMPILED} LIBS fmt::fmt GTest::gmock)
endif()

# tillsight_library(core SOURCES … PUBLIC … PRIVATE …): the static library of src/core, whose public
# headers are include/tillsight/core. PUBLIC names other folders, PRIVATE third parties.
function(tillsight_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(tillsight_${name} STATIC ${ARG_SOURCES})
  add_library(tillsight::${name} ALIAS tillsight_${name})
  target_include_directories(tillsight_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/include
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(tillsight_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} tillsight_options)
  target_precompile_headers(tillsight_${name} REUSE_FROM tillsight_precompiled)
endfunction()

# tests/support/source_dir.hpp: the one object file that knows this clone's path.
configure_file(${CMAKE_CURRENT_LIST_DIR}/source_dir.cpp.in ${PROJECT_BINARY_DIR}/source_dir.cpp @ONLY)
add_library(tillsight_source_dir STATIC EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/source_dir.cpp)
target_include_directories(tillsight_source_dir PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_features(tillsight_source_dir PRIVATE cxx_std_20)

# Everything that this configuration tests, for `cmake --build --target tillsight_tests`.
add_custom_target(tillsight_tests ALL)

# tillsight_test(core LABEL unit SOURCES … LIBS … SANITIZE …): one test program a folder, every TEST
# known to ctest under its own name and the label. SANITIZE names the sanitizers under which the
# program is worth its time: address (the default), thread for what threads touch, or none. SERIAL: what
# is measured would suffer beside other tests.
function(tillsight_test name)
  cmake_parse_arguments(ARG "SERIAL" "LABEL;TIMEOUT_S" "SOURCES;LIBS;SANITIZE" ${ARGN})
  if(NOT ARG_TIMEOUT_S)
    set(ARG_TIMEOUT_S 120)
  endif()
  if(NOT ARG_SANITIZE)
    set(ARG_SANITIZE address)
  endif()
  add_executable(tillsight_${name}_test EXCLUDE_FROM_ALL ${ARG_SOURCES})
  target_include_directories(tillsight_${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(tillsight_${name}_test PRIVATE
    ${ARG_LIBS} tillsight_source_dir tillsight_options GTest::gmock GTest::gtest_main)
  # The faults live thousands of lives: there the code of a test counts.
  if(NOT ARG_LABEL STREQUAL crash)
    target_compile_options(tillsight_${name}_test PRIVATE ${TILLSIGHT_QUICKLY_COMPILED})
    target_precompile_headers(tillsight_${name}_test REUSE_FROM tillsight_precompiled_tests)
  endif()

  string(REGEX MATCH "^(address|thread)" sanitizer "${TILLSIGHT_SANITIZE}")
  if(sanitizer AND NOT sanitizer IN_LIST ARG_SANITIZE)
    return()
  endif()
  add_dependencies(tillsight_tests tillsight_${name}_test)
  gtest_discover_tests(tillsight_${name}_test
    TEST_PREFIX "${name}/" DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT_S} RUN_SERIAL ${ARG_SERIAL})
endfunction()

# tillsight_bench(ring AREA till SOURCES … LIBS …): a program under bench/ that prints
# FIGURE lines (bench/figure.hpp); `./dev bench AREA` runs an area's programs.
function(tillsight_bench name)
  cmake_parse_arguments(ARG "" "AREA" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_AREA)
    message(FATAL_ERROR "tillsight_bench(${name}) needs AREA: detect, till, hub, …")
  endif()
  add_executable(tillsight_bench_${name} ${ARG_SOURCES})
  set_target_properties(tillsight_bench_${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench/${ARG_AREA})
  target_include_directories(tillsight_bench_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(tillsight_bench_${name} PRIVATE
    ${ARG_LIBS} tillsight_source_dir tillsight_options)
endfunction()
