/// \file
/// Compares what a clerk was told, what the till's journal holds and what head office holds: every
/// confirmed sale once, with the same bytes, and nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/clerk.hpp"

namespace tillsight::test {

struct Findings {
  std::int64_t events = 0;         ///< in the journals
  std::int64_t payload_bytes = 0;  ///< of all of them, as they have to travel
  std::int64_t lost = 0;  ///< confirmed or journaled, and not at head office as it was sealed
  std::int64_t doubled = 0;
  std::int64_t duplicates_absorbed = 0;  ///< deliveries that head office already had
  /// Each thing that is not as it must be, in one line that names till and invoice or sequence.
  std::vector<std::string> wrong;
};

/// One till's share. \pre what is compared is at rest.
void audit(const std::filesystem::path& journal, const std::filesystem::path& hub_data,
           const Clerk& clerk, Findings& findings);

/// What only head office knows: conflicts, quarantine, gaps, broken chains, and duplicates.
void audit_hub(const std::filesystem::path& hub_data, Findings& findings);

/// \return events of the journal that the hub lacks or that the till still counts as unsynced; −1
/// while one of both cannot be read.
std::int64_t owed(const std::filesystem::path& journal, const std::filesystem::path& hub_data,
                  const std::string& till);

}  // namespace tillsight::test
