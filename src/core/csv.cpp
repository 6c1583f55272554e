#include "tillsight/core/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <fstream>
#include <memory>

namespace tillsight {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kRowBytesMax = 1024 * 1024;

/// libcsv pushes fields and rows into this while it is fed one line of the file after the other.
struct Feed {
  CsvRow row;
  std::int64_t line = 0;
  bool complete = false;
};

void on_field(void* bytes, std::size_t size, void* feed) {
  const std::string_view field =
      bytes != nullptr ? std::string_view(static_cast<const char*>(bytes), size) : "";
  static_cast<Feed*>(feed)->row.fields.emplace_back(field);
}

void on_row(int, void* feed) {
  static_cast<Feed*>(feed)->complete = true;
}

Error bad_row(const std::filesystem::path& file, std::int64_t line, std::string_view why) {
  return error(Code::kInvalidArgument, "{}:{}: {}", file.string(), line, why);
}

Status deliver(Feed& feed, const std::function<Status(CsvRow&)>& each) {
  feed.complete = false;
  CsvRow row = std::exchange(feed.row, CsvRow{});
  return each(row);
}

}  // namespace

Status read_csv(const std::filesystem::path& file, const std::function<Status(CsvRow&)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return error(Code::kNotFound, "{}: cannot read; is the path right?", file.string());

  csv_parser parser;
  TILLSIGHT_CHECK(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0, "libcsv does not start");
  const std::unique_ptr<csv_parser, void (*)(csv_parser*)> ended(&parser, csv_free);

  Feed feed;
  std::string line;
  std::size_t row_bytes = 0;
  while (std::getline(in, line)) {
    ++feed.line;
    if (feed.line == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    if (feed.row.fields.empty() && row_bytes == 0) feed.row.line = feed.line;
    row_bytes += line.size();
    if (row_bytes > kRowBytesMax) {
      return bad_row(file, feed.row.line, "row is longer than 1 MiB; is a quote left open?");
    }
    line += '\n';
    if (csv_parse(&parser, line.data(), line.size(), on_field, on_row, &feed) != line.size()) {
      return bad_row(file, feed.line, csv_strerror(csv_error(&parser)));
    }
    if (!feed.complete && row_bytes > 0 && line != "\n" && line != "\r\n") continue;
    row_bytes = 0;
    if (feed.complete) TILLSIGHT_TRY(deliver(feed, each));
  }
  if (csv_fini(&parser, on_field, on_row, &feed) != 0) {
    return bad_row(file, feed.line, "a quote is left open at the end of the file");
  }
  return feed.complete ? deliver(feed, each) : Status();
}

std::string csv_field(std::string_view field) {
  const bool plain = field.find_first_of(",\"\r\n") == std::string_view::npos &&
                     (field.empty() || (field.front() != ' ' && field.back() != ' '));
  if (plain) return std::string(field);
  std::string quoted(csv_write(nullptr, 0, field.data(), field.size()), '\0');
  csv_write(quoted.data(), quoted.size(), field.data(), field.size());
  return quoted;
}

}  // namespace tillsight
