# tillsight_mutation(NAME SAFEGUARD … FILE … REPLACE … WITH … TEST … CASE …): takes one safeguard away,
# and expects the suite to notice.
#
#   SAFEGUARD  what is taken away, in the words of docs/reliability.md
#   FILE       a .cpp of src/, or a file of config/ that the program carries
#   REPLACE    text that stands there exactly once, or the build fails
#   WITH       what stands there instead; left out: nothing
#   TEST CASE  the test program (its name in tillsight_test) and the case that must fail
#
# Built are one translation unit and one program: the object files of the test program, the changed
# one, and the same libraries. Because the changed object comes before the libraries, the linker has
# no use for the archive's own. Nothing of the product or of the tests is built a second time.
include_guard()

set(tillsight_mutations "" CACHE INTERNAL "the names of all mutations")

# What a file of config/ is compiled into.
set(tillsight_embedded_config ${PROJECT_BINARY_DIR}/src/app/config_files.cpp)

function(tillsight_mutation name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SAFEGUARD;FILE;REPLACE;WITH;TEST;CASE" "")
  foreach(needed SAFEGUARD FILE REPLACE TEST CASE)
    if(NOT DEFINED ARG_${needed})
      message(FATAL_ERROR "tillsight_mutation(${name}) needs ${needed}")
    endif()
  endforeach()
  set(unit ${PROJECT_SOURCE_DIR}/${ARG_FILE})
  if(ARG_FILE MATCHES "^config/")
    set(unit ${tillsight_embedded_config})
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
  get_filename_component(changed ${unit} NAME)
  set(changed ${folder}/${changed})
  set(order ${folder}/order.cmake)
  configure_file(order.cmake.in ${order} @ONLY)
  add_custom_command(OUTPUT ${changed}
    COMMAND ${CMAKE_COMMAND} -D ORDER=${order} -P ${CMAKE_CURRENT_SOURCE_DIR}/mutate.cmake
    DEPENDS ${unit} ${order} mutate.cmake
    COMMENT "Mutation ${name}" VERBATIM)
  tillsight_mutant(${name} ${unit} ${changed} ${ARG_TEST})

  set(result ${folder}/noticed)
  add_test(NAME mutations/${name} COMMAND ${CMAKE_COMMAND}
    -D MUTANT=$<TARGET_FILE:tillsight_mutant_${name}>
    -D ORIGINAL=$<TARGET_FILE:tillsight_${ARG_TEST}_test>
    -D CASE=${ARG_CASE} -D SAFEGUARD=${ARG_SAFEGUARD} -D RESULT=${result}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/run.cmake)
  set_tests_properties(mutations/${name} PROPERTIES LABELS mutation TIMEOUT 120
    SKIP_REGULAR_EXPRESSION "Cannot be tried on this machine")
  set(tillsight_mutations ${tillsight_mutations} ${name} CACHE INTERNAL "")
endfunction()

# The test program as it is, except for one object file: made from `changed` with everything that the
# library of `unit` is compiled with.
function(tillsight_mutant name unit changed test)
  get_filename_component(home ${unit} DIRECTORY)
  get_filename_component(library ${home} NAME)
  get_target_property(test_libraries tillsight_${test}_test LINK_LIBRARIES)
  get_target_property(unit_libraries tillsight_${library} LINK_LIBRARIES)
  get_target_property(definitions tillsight_${library} COMPILE_DEFINITIONS)
  if(NOT definitions)
    set(definitions "")
  endif()
  set(mutant tillsight_mutant_${name})
  add_executable(${mutant} EXCLUDE_FROM_ALL
    ${changed} $<TARGET_OBJECTS:tillsight_${test}_test>)
  target_include_directories(${mutant} PRIVATE ${PROJECT_SOURCE_DIR}/src ${home})
  target_compile_definitions(${mutant} PRIVATE ${definitions})
  target_link_libraries(${mutant} PRIVATE ${test_libraries} ${unit_libraries})
  # What a safeguard has used may be unused now; nobody looks into these programs with a debugger.
  target_compile_options(${mutant} PRIVATE -O0 -g0 -w)
  target_link_options(${mutant} PRIVATE -Wl,--strip-all)
  add_dependencies(tillsight_tests ${mutant})
endfunction()

# The last test: how many were noticed.
function(tillsight_count_mutations)
  list(TRANSFORM tillsight_mutations PREPEND mutations/ OUTPUT_VARIABLE tests)
  add_test(NAME mutations/count COMMAND ${CMAKE_COMMAND}
    -D FOLDER=${CMAKE_CURRENT_BINARY_DIR} "-DNAMES=${tillsight_mutations}"
    -P ${CMAKE_CURRENT_SOURCE_DIR}/count.cmake)
  set_tests_properties(mutations/count PROPERTIES LABELS mutation DEPENDS "${tests}")
endfunction()
