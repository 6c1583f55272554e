/// \file
/// One row of CSV, as RFC 4180 has it and as people write it: a quote inside a bare field is only a
/// quote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillsight::exchange {

enum class CsvEnd {
  kComplete,
  kOpenQuote,   ///< a line break inside quotes, or a quote too many
  kAfterQuote,  ///< something other than a delimiter follows a closing quote
};

/// Reads `text` into the first `count` of `fields`, whose memory is used again.
CsvEnd split_csv(std::string_view text, char delimiter, std::vector<std::string>& fields,
                 std::size_t& count);

}  // namespace tillsight::exchange
