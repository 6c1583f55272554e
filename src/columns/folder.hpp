/// \file
/// The files of the copy as they stand on the disk: found, checked and mapped.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>

#include "columns/dictionary.hpp"
#include "columns/manifest.hpp"
#include "columns/segment.hpp"

namespace tillsight::columns {

/// One state of the files, mapped.
struct Mapped {
  Manifest manifest;
  OpenDictionaries dictionaries;
  Segments segments;  ///< in the manifest's order
};

/// \param previous segments that are mapped already; those of the same name are used again.
/// \return kNotFound if there is no copy; kDataLoss if a file is missing or not what was written.
Result<Mapped> map_folder(const std::filesystem::path& folder, const Segments& previous);

/// Writes a file under the next name. \return what the manifest must say of it.
Result<FileEntry> write_segment(const std::filesystem::path& folder, Manifest& manifest,
                                const std::string& bytes);
Result<FileEntry> write_part(const std::filesystem::path& folder, Manifest& manifest,
                             const std::string& bytes);

/// Whether the manifest on the disk is this one, and its files have their sizes.
bool are_there(const std::filesystem::path& folder, const Manifest& manifest);

/// Deletes what none of them names: what an earlier state needed, or a crash left.
void tidy(const std::filesystem::path& folder, std::initializer_list<const Manifest*> manifests);

/// The right to write into the folder; the kernel's, so it ends with the process.
class WriterLock {
 public:
  /// Makes the folder, if need be.
  /// \return kFailedPrecondition if somebody else has it, or this user may not write.
  static Result<WriterLock> take(const std::filesystem::path& folder);

  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tillsight::columns
