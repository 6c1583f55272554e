/// \file
/// A file as records: what one row of a CSV, or one JSON object, says of an invoice, column by
/// column, in UTF-8. What is damaged is a record too, with what is wrong, so that nothing of a file
/// goes uncounted.
///
/// **Threads** thread-bound.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/exchange/mapping.hpp"

namespace tillsight::exchange {

/// What one line of an invoice says; empty: nothing.
struct Cells {
  std::array<std::string_view, kColumns> values{};

  std::string_view operator[](Column column) const {
    return values[static_cast<std::size_t>(column)];
  }
  std::string_view& operator[](Column column) { return values[static_cast<std::size_t>(column)]; }
};

struct Record {
  std::int64_t line = 0;  ///< where it begins in the file, from 1
  std::string raw;        ///< as it stands there; of what is too long only the beginning
  std::string damage;     ///< why it cannot be read; empty: it can
  /// A CSV row is one; a JSON object has one for each of its lines. Of a damaged record the first
  /// may still tell its invoice. They last until the next record is read.
  std::vector<Cells> cells;
};

class Records {
 public:
  virtual ~Records() = default;
  /// \return false at the end. An error is of the file as a whole.
  virtual Result<bool> next(Record& record) = 0;
  /// How much was read, from 0 to 1.
  virtual double done() const = 0;
};

/// \param mapping must outlive the result.
/// \return kNotFound, or kInvalidArgument if the header lacks a column that the mapping names.
Result<std::unique_ptr<Records>> open_records(const std::filesystem::path& file,
                                              const Mapping& mapping);
Result<std::unique_ptr<Records>> open_json_records(const std::filesystem::path& file,
                                                   const Mapping& mapping);

}  // namespace tillsight::exchange
