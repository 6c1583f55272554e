#include "exchange/rejects.hpp"

#include "tillsight/core/csv.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight::exchange {
namespace {

/// A reason may quote a cell, and a cell may be a megabyte.
constexpr int kReasonColumns = 400;

}  // namespace

Result<Rejects> Rejects::open(std::filesystem::path file) {
  std::error_code failure;
  std::filesystem::remove(file, failure);
  if (failure && std::filesystem::exists(file)) {
    return error(Code::kFailedPrecondition,
                 "{}: of an earlier import, cannot be replaced: {}; name another file with "
                 "--rejects",
                 file.string(), failure.message());
  }
  return Rejects(std::move(file));
}

Status Rejects::add(std::int64_t line, std::string_view reason, std::string_view row) {
  if (!out_.is_open()) {
    out_.open(file_, std::ios::binary | std::ios::trunc);
    if (!out_) {
      return error(Code::kFailedPrecondition,
                   "{}: cannot be written; name a file for rejected rows with --rejects",
                   file_.string());
    }
    out_ << "line,reason,row\n";
  }
  out_ << line << ',' << csv_field(cut_to_width(reason, kReasonColumns)) << ',' << csv_field(row)
       << '\n';
  return {};
}

Status Rejects::finish() {
  if (!out_.is_open()) return {};
  out_.close();
  if (out_) return {};
  return error(Code::kResourceExhausted,
               "{}: could not be written to its end; is the disk full? run the import again",
               file_.string());
}

}  // namespace tillsight::exchange
