/// \file
/// The lines of a file, one after the other, in bounded memory however long one is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

/// No row of a till's or a shop's books is longer, and 2 GB without a line end must not be read.
inline constexpr std::size_t kRowBytesMax = 1024 * 1024;

struct PhysicalLine {
  std::int64_t number = 0;  ///< from 1
  std::string text;         ///< without its end; of a line that is too long only the beginning
  bool too_long = false;
};

class PhysicalLines {
 public:
  /// \return kNotFound if it cannot be read, kInvalidArgument for a folder.
  static Result<PhysicalLines> open(const std::filesystem::path& file);

  /// \return false at the end of the file; kUnavailable if the medium failed.
  Result<bool> next(PhysicalLine& line);

  /// From 0 to 1; of what is no ordinary file always 0.
  double done() const;

 private:
  PhysicalLines(std::filesystem::path file, std::ifstream in, std::uintmax_t bytes);
  Result<bool> fill();

  std::filesystem::path file_;
  std::ifstream in_;
  std::uintmax_t bytes_in_all_;
  std::uintmax_t bytes_read_ = 0;
  std::vector<char> chunk_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::int64_t number_ = 0;
};

}  // namespace tillsight::exchange
