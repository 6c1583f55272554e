#include "exchange/physical_lines.hpp"

#include <algorithm>
#include <cstring>

namespace tillsight::exchange {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

PhysicalLines::PhysicalLines(std::filesystem::path file, std::ifstream in, std::uintmax_t bytes)
    : file_(std::move(file)), in_(std::move(in)), bytes_in_all_(bytes), chunk_(kChunkBytes) {}

Result<PhysicalLines> PhysicalLines::open(const std::filesystem::path& file) {
  std::error_code none;
  if (std::filesystem::is_directory(file, none)) {
    return error(Code::kInvalidArgument, "{}: is a folder; name its files", file.string());
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return error(Code::kNotFound, "{}: cannot read; is the path right?", file.string());
  const auto bytes = std::filesystem::file_size(file, none);
  return PhysicalLines(file, std::move(in), none ? 0 : bytes);
}

Result<bool> PhysicalLines::fill() {
  if (at_ < end_) return true;
  in_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
  if (in_.bad()) {
    return error(Code::kUnavailable, "{}:{}: cannot be read on; look at the medium", file_.string(),
                 number_);
  }
  at_ = 0;
  end_ = static_cast<std::size_t>(in_.gcount());
  bytes_read_ += end_;
  return end_ > 0;
}

Result<bool> PhysicalLines::next(PhysicalLine& line) {
  line.text.clear();
  line.too_long = false;
  line.number = ++number_;
  bool any = false;
  while (true) {
    TILLSIGHT_ASSIGN(const bool more, fill());
    if (!more) break;
    any = true;
    const char* const from = chunk_.data() + at_;
    const auto* const ends = static_cast<const char*>(std::memchr(from, '\n', end_ - at_));
    const std::size_t size = ends == nullptr ? end_ - at_ : static_cast<std::size_t>(ends - from);
    const std::size_t room = kRowBytesMax - std::min(kRowBytesMax, line.text.size());
    line.too_long |= size > room;
    line.text.append(from, std::min(size, room));
    at_ += size + (ends == nullptr ? 0 : 1);
    if (ends != nullptr) break;
  }
  if (!any) return false;
  if (line.text.ends_with('\r')) line.text.pop_back();
  if (number_ == 1 && line.text.starts_with(kByteOrderMark)) {
    line.text.erase(0, kByteOrderMark.size());
  }
  return true;
}

double PhysicalLines::done() const {
  if (bytes_in_all_ == 0) return 0;
  return static_cast<double>(bytes_read_ - (end_ - at_)) / static_cast<double>(bytes_in_all_);
}

}  // namespace tillsight::exchange
