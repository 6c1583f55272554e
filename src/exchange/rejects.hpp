/// \file
/// The rows that were not taken: `line,reason,row`, the row as it stood in the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::exchange {

class Rejects {
 public:
  /// Removes what an earlier import left at `file`; made anew by the first add().
  static Result<Rejects> open(std::filesystem::path file);

  /// \return kFailedPrecondition, kResourceExhausted if it cannot be written.
  Status add(std::int64_t line, std::string_view reason, std::string_view row);
  Status finish();

 private:
  explicit Rejects(std::filesystem::path file) : file_(std::move(file)) {}

  std::filesystem::path file_;
  std::ofstream out_;
};

}  // namespace tillsight::exchange
