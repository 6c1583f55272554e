/// \file
/// Numbers that a till has given and that are not here, and since when that is known.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

struct OpenGap {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::string since;  ///< ISO 8601
  friend bool operator==(const OpenGap&, const OpenGap&) = default;
};

/// What is missing of a journal now, in order. A gap that has shrunk or been cut in two is as old
/// as what it was part of; \param now is the age of new ones.
std::vector<OpenGap> open_gaps(const JournalState& state, const std::vector<OpenGap>& before,
                               const std::string& now);

Result<std::vector<OpenGap>> load_gaps(sql::Connection& db, std::int64_t journal_row);

/// \pre a transaction is open on `db`.
Status write_gaps(sql::Connection& db, std::int64_t journal_row, const std::vector<OpenGap>& before,
                  const std::vector<OpenGap>& after);

}  // namespace tillsight::hub
