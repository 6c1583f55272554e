#include "exchange/export_sink.hpp"

#include <cerrno>
#include <cstring>

namespace tillsight::exchange {
namespace {

/// Rows of many files wait in memory so that each file is opened seldom.
constexpr std::size_t kWaitingBytesMax = 16 * 1024 * 1024;

Error cannot_write(const std::filesystem::path& file) {
  const int why = errno;
  return error(why == ENOSPC ? Code::kResourceExhausted : Code::kFailedPrecondition,
               "{}: cannot be written: {}; name another place with --out", file.string(),
               std::strerror(why));
}

std::string_view ending(ExportForm form) {
  return form == ExportForm::kCsv ? ".csv" : ".jsonl";
}

}  // namespace

ExportSink::ExportSink(const ExportCall& call, const WriteText& write, std::string head)
    : call_(call),
      write_(write),
      head_(std::move(head)),
      unfinished_(call.folder.empty() ? "" : call.folder.string() + ".unfinished") {}

ExportSink::~ExportSink() {
  if (finished_ || unfinished_.empty()) return;
  std::error_code gone;
  std::filesystem::remove_all(unfinished_, gone);
}

Status ExportSink::begin() {
  if (call_.folder.empty()) return head_.empty() ? Status() : write_(head_);
  if (std::filesystem::exists(call_.folder)) {
    return error(Code::kAlreadyExists,
                 "{}: is there already; name a folder that is not, or remove it",
                 call_.folder.string());
  }
  std::error_code failure;
  std::filesystem::remove_all(unfinished_, failure);
  std::filesystem::create_directories(unfinished_, failure);
  if (failure) {
    return error(Code::kFailedPrecondition, "{}: cannot be made: {}; name another with --out",
                 unfinished_.string(), failure.message());
  }
  return {};
}

std::filesystem::path ExportSink::file_of(std::string_view date, std::string_view store) const {
  std::filesystem::path file = unfinished_;
  if (call_.by_date) file /= format("date={}", date);
  if (call_.by_store) file /= format("store={}", store);
  return file / format("{}{}", call_.selection.set, ending(call_.form));
}

Status ExportSink::add(std::string_view date, std::string_view store, std::string_view text) {
  if (call_.folder.empty()) return write_(text);
  waiting_[file_of(date, store)] += text;
  waiting_bytes_ += text.size();
  return waiting_bytes_ < kWaitingBytesMax ? Status() : flush_all();
}

Status ExportSink::flush_all() {
  for (auto& [file, text] : waiting_) TILLSIGHT_TRY(flush(file, text));
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

Status ExportSink::flush(const std::filesystem::path& file, std::string& text) {
  std::error_code failure;
  std::filesystem::create_directories(file.parent_path(), failure);
  std::ofstream out(file, std::ios::binary | std::ios::app);
  if (!begun_[file]) out << head_;
  begun_[file] = true;
  out << text;
  out.flush();
  return out ? Status() : Status(cannot_write(file));
}

Result<std::int64_t> ExportSink::finish() {
  if (call_.folder.empty()) return 0;
  // Nothing to export is a file of a header, not no file.
  if (waiting_.empty() && begun_.empty() && !call_.by_date && !call_.by_store)
    waiting_[file_of("", "")];
  TILLSIGHT_TRY(flush_all());
  std::error_code failure;
  std::filesystem::rename(unfinished_, call_.folder, failure);
  if (failure) {
    return error(Code::kFailedPrecondition, "{}: cannot get its name: {}; name another with --out",
                 call_.folder.string(), failure.message());
  }
  finished_ = true;
  return std::ssize(begun_);
}

}  // namespace tillsight::exchange
