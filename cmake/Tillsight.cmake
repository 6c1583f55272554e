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
    -fsanitize=${TILLSIGHT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tillsight_options INTERFACE -fsanitize=${TILLSIGHT_SANITIZE})
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
endfunction()

# tillsight_test(core LABEL unit SOURCES … LIBS …): one test program a folder, every TEST known to
# ctest under its own name and the label.
function(tillsight_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT_S" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_TIMEOUT_S)
    set(ARG_TIMEOUT_S 120)
  endif()
  add_executable(tillsight_${name}_test ${ARG_SOURCES})
  target_include_directories(tillsight_${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(tillsight_${name}_test PRIVATE
    TILLSIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(tillsight_${name}_test PRIVATE
    ${ARG_LIBS} tillsight_options GTest::gmock GTest::gtest_main)
  gtest_discover_tests(tillsight_${name}_test
    TEST_PREFIX "${name}/" DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT_S})
endfunction()

# tillsight_bench(ring SOURCES … LIBS …): a program under bench/ that prints FIGURE lines.
function(tillsight_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(tillsight_bench_${name} ${ARG_SOURCES})
  target_include_directories(tillsight_bench_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(tillsight_bench_${name} PRIVATE
    TILLSIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(tillsight_bench_${name} PRIVATE ${ARG_LIBS} tillsight_options)
endfunction()
