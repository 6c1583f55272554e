/// \file
/// The step of persons.db's schema that says who may ask head office, and what of persons was read.
#pragma once

#include <string_view>

namespace tillsight::hub {

// Of a token only its hash is known here. A revoked one stays, so that the record of reads keeps
// its name, and the name may be given anew. A read says what was asked, never about whom.
inline constexpr std::string_view kAccess = R"sql(
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('read', 'persons', 'admin')),
  hash BLOB NOT NULL UNIQUE,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  expires_at TEXT,
  used_at TEXT,
  revoked_at TEXT,
  revoked_by TEXT
) STRICT;
CREATE UNIQUE INDEX token_by_name ON token (name) WHERE revoked_at IS NULL;

CREATE TABLE person_read (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL
) STRICT;
)sql";

}  // namespace tillsight::hub
