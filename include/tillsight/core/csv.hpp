/// \file
/// CSV as RFC 4180 has it: quoted fields, doubled quotes, line breaks inside quotes, an optional
/// byte-order mark. Rows stream, so a file may be larger than memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight {

struct CsvRow {
  std::int64_t line;  ///< where the row starts in the file, from 1
  std::vector<std::string> fields;
};

/// Calls `each` for every row that is not empty, the header included, until it returns an error.
/// \return that error, or kNotFound / kInvalidArgument ("file.csv:12: …") for the file itself.
Status read_csv(const std::filesystem::path& file, const std::function<Status(CsvRow&)>& each);

/// \return `field` as it must stand in a CSV line: quoted where it has to be.
std::string csv_field(std::string_view field);

}  // namespace tillsight
