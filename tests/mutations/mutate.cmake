# Writes the copy of a source file from which one safeguard is missing. ORDER says which.
include(${ORDER})

# `text` with REPLACE exchanged for WITH.
function(exchange_once path result)
  file(READ ${path} text)
  string(FIND "${text}" "${REPLACE}" first)
  string(FIND "${text}" "${REPLACE}" last REVERSE)
  if(first EQUAL -1)
    set(found "no longer stands there")
  elseif(NOT first EQUAL last)
    set(found "stands there more than once")
  else()
    string(REPLACE "${REPLACE}" "${WITH}" text "${text}")
    set(${result} "${text}" PARENT_SCOPE)
    return()
  endif()
  message(FATAL_ERROR "${path}: what mutation ${NAME} takes away ${found}; change its REPLACE in "
    "tests/mutations to what keeps that promise now. It was: ${REPLACE}")
endfunction()

exchange_once(${FILE} changed)
if(NOT FILE STREQUAL UNIT)
  exchange_once(${UNIT} changed)
endif()
file(WRITE ${CHANGED} "#line 1 \"${UNIT}\"\n${changed}")
