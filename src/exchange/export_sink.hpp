/// \file
/// Where exported rows go: a stream, or files by date and store in a folder that appears when it is
/// complete.
///
/// **Threads** thread-compatible.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "tillsight/exchange/export_files.hpp"

namespace tillsight::exchange {

class ExportSink {
 public:
  /// \param head stands at the beginning of each file.
  ExportSink(const ExportCall& call, const WriteText& write, std::string head);
  ~ExportSink();
  ExportSink(const ExportSink&) = delete;
  ExportSink& operator=(const ExportSink&) = delete;

  Status begin();
  Status add(std::string_view date, std::string_view store, std::string_view text);
  /// \return how many files there are.
  Result<std::int64_t> finish();

 private:
  std::filesystem::path file_of(std::string_view date, std::string_view store) const;
  Status flush(const std::filesystem::path& file, std::string& text);
  Status flush_all();

  const ExportCall& call_;
  const WriteText& write_;
  const std::string head_;
  const std::filesystem::path unfinished_;
  bool finished_ = false;
  std::map<std::filesystem::path, std::string> waiting_;  ///< for each file
  std::map<std::filesystem::path, bool> begun_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace tillsight::exchange
