/// \file
/// Keeps the files of the columnar copy: `columns/` in the hub's folder. They are derived from
/// hub.db and may be deleted at any time; whatever is wrong with them is said in the log, and they
/// are built anew.
///
/// Files are written once, made durable, and named by `manifest`, which is replaced as a whole: a
/// power cut leaves the older or the newer state. What customers were erased is followed with the
/// next extension.
///
/// **Threads** thread-bound; readers need not be told. **Memory** a slice of lines, however long
/// the history is, beside the dictionaries.
///
/// **Example** tests/columns/writer_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "tillsight/core/result.hpp"

namespace tillsight::columns {

/// Told after each slice: how far the copy is, from 0 to 1. \return false to stop there.
using Progress = std::function<bool(double done)>;

struct Extension {
  std::int64_t invoices = 0;
  std::int64_t lines = 0;
  bool anew = false;  ///< there was nothing to extend
};

/// Whether more than 20,000 invoices are not in the files: a reader without them keeps a person
/// waiting.
bool is_far_behind(const std::filesystem::path& hub_folder);

class Writer {
 public:
  /// Reads and checks what is there.
  /// \return kFailedPrecondition if another process keeps these files, or this user may not write;
  /// kNotFound if `hub_folder` holds no database.
  static Result<Writer> open(const std::filesystem::path& hub_folder);

  Writer(Writer&&) noexcept;
  ~Writer();

  /// To the newest invoice of hub.db. What was done before an error stays, and the next call goes
  /// on from there. \return kCancelled if `progress` stopped it; kResourceExhausted: disk full.
  Result<Extension> extend(const Progress& progress = {});

  /// From nothing; readers use the older files until the new ones are complete.
  Result<Extension> rebuild(const Progress& progress = {});

 private:
  struct Parts;
  explicit Writer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace tillsight::columns
