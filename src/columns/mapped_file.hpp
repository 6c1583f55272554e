/// \file
/// A file's bytes, read when they are looked at. The file may be deleted meanwhile, not cut short.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include "tillsight/core/result.hpp"

namespace tillsight::columns {

class MappedFile {
 public:
  /// \return kNotFound if there is none; kDataLoss unless it has exactly `size` bytes.
  static Result<MappedFile> open(const std::filesystem::path& file, std::size_t size);

  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace tillsight::columns
