# Passes if CASE succeeds in the program ORIGINAL and fails, or dies, in MUTANT.
file(REMOVE ${RESULT})

# run(PROGRAM VARIABLE): passed, failed or died; anything else proves nothing.
function(run program variable)
  execute_process(COMMAND ${program} --gtest_filter=${CASE} --gtest_color=no TIMEOUT 60
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(FIND "${output}" "[ RUN      ] ${CASE}\n" ran)
  string(FIND "${output}" "[       OK ] ${CASE} (" ok)
  string(FIND "${output}" "[  FAILED  ] ${CASE}" failed)
  string(FIND "${output}" "[  SKIPPED ] ${CASE}" skipped)
  if(ran EQUAL -1)
    set(outcome "not there")
  elseif(NOT skipped EQUAL -1)
    set(outcome skipped)
  elseif(status MATCHES "timeout")
    set(outcome "still running after a minute")
  elseif(status EQUAL 0 AND NOT ok EQUAL -1)
    set(outcome passed)
  elseif(NOT failed EQUAL -1)
    set(outcome failed)
  elseif(ok EQUAL -1)
    set(outcome "died: ${status}")
  else()
    set(outcome "passed, and then the program ended with ${status}")
  endif()
  # Indented, so that its FIGURE lines are not taken for the product's.
  string(REPLACE "\n" "\n  | " output "  | ${output}")
  set(${variable} ${outcome} PARENT_SCOPE)
  set(${variable}_output "${output}" PARENT_SCOPE)
endfunction()

run(${ORIGINAL} as_it_is)
if(NOT as_it_is STREQUAL "passed")
  message(FATAL_ERROR "${CASE} proves nothing, because without the mutation it is ${as_it_is}:\n"
    "${as_it_is_output}")
endif()
run(${MUTANT} mutated)
if(NOT mutated MATCHES "^(failed|died)")
  message(FATAL_ERROR "Nobody noticed. Taken away was: ${SAFEGUARD}. ${CASE} should have failed; it "
    "is ${mutated}. Mend the test, not the list:\n${mutated_output}")
endif()
message("Taken away: ${SAFEGUARD}. ${CASE} noticed (${mutated}):\n${mutated_output}")
file(WRITE ${RESULT} "${mutated}\n")
