#include <algorithm>
#include <deque>

#include "exchange/csv_row.hpp"
#include "exchange/letters.hpp"
#include "exchange/physical_lines.hpp"
#include "exchange/records.hpp"

namespace tillsight::exchange {
namespace {

/// A field with more line breaks than this has a quote too many.
constexpr std::size_t kLinesInRowMax = 100;

class CsvRecords final : public Records {
 public:
  CsvRecords(const std::filesystem::path& file, const Mapping& mapping, PhysicalLines lines,
             Letters letters)
      : file_(file.string()),
        mapping_(mapping),
        letters_(std::move(letters)),
        lines_(std::move(lines)) {}

  Status read_header();
  Result<bool> next(Record& record) override;
  double done() const override { return lines_.done(); }

 private:
  /// \return the line after those that were taken, null at the end.
  Result<PhysicalLine*> peek(std::size_t index);
  Result<bool> take_row(Record& record);
  void read_cells(Record& record);

  const std::string file_;
  const Mapping& mapping_;
  const Letters letters_;
  PhysicalLines lines_;
  std::deque<PhysicalLine> ahead_;
  std::vector<std::string> fields_;
  std::size_t field_count_ = 0;
  std::size_t header_size_ = 0;
  std::array<int, kColumns> index_{};           ///< of the column in a row; -1: there is none
  std::array<std::string, kColumns> spaces_{};  ///< what was not ASCII, converted
};

Result<PhysicalLine*> CsvRecords::peek(std::size_t index) {
  while (ahead_.size() <= index) {
    PhysicalLine line;
    TILLSIGHT_ASSIGN(const bool more, lines_.next(line));
    if (!more) return nullptr;
    ahead_.push_back(std::move(line));
  }
  return &ahead_[index];
}

/// A quote that is never closed costs its own line, not those behind it.
Result<bool> CsvRecords::take_row(Record& record) {
  TILLSIGHT_ASSIGN(PhysicalLine* const first, peek(0));
  if (first == nullptr) return false;
  record.line = first->number;
  record.raw.swap(first->text);
  record.damage.clear();
  if (first->too_long) record.damage = format("is longer than {} KiB", kRowBytesMax / 1024);
  const std::size_t first_bytes = record.raw.size();
  std::size_t taken = 1;
  CsvEnd end = split_csv(record.raw, mapping_.delimiter, fields_, field_count_);
  while (end == CsvEnd::kOpenQuote && record.damage.empty()) {
    TILLSIGHT_ASSIGN(const PhysicalLine* const more, peek(taken));
    if (more == nullptr || taken == kLinesInRowMax ||
        record.raw.size() + more->text.size() > kRowBytesMax) {
      break;
    }
    record.raw += '\n';
    record.raw += more->text;
    ++taken;
    end = split_csv(record.raw, mapping_.delimiter, fields_, field_count_);
  }
  if (end != CsvEnd::kComplete && record.damage.empty()) {
    record.damage = "its quotes do not match";
    record.raw.resize(first_bytes);
    taken = 1;
    split_csv(record.raw, mapping_.delimiter, fields_, field_count_);
  }
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(taken));
  return true;
}

void CsvRecords::read_cells(Record& record) {
  if (record.damage.empty() && field_count_ != header_size_) {
    record.damage = format("has {} columns, the header {}", field_count_, header_size_);
  }
  record.cells.assign(1, {});
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto column = static_cast<std::size_t>(index_[i]);
    if (index_[i] < 0 || column >= field_count_) continue;
    const auto text = letters_.to_utf8(fields_[column], spaces_[i]);
    if (text.ok()) {
      record.cells[0].values[i] = *text;
    } else if (record.damage.empty()) {
      record.damage = format("{} {}", mapping_.columns[i], text.error().message());
    }
  }
}

Result<bool> CsvRecords::next(Record& record) {
  do {
    TILLSIGHT_ASSIGN(const bool more, take_row(record));
    if (!more) return false;
  } while (record.raw.empty());
  read_cells(record);
  return true;
}

Status CsvRecords::read_header() {
  Record header;
  TILLSIGHT_ASSIGN(const bool any, take_row(header));
  if (!any || !header.damage.empty()) {
    return error(Code::kInvalidArgument, "{}:1: is no header row: {}", file_,
                 any ? header.damage : "the file is empty");
  }
  header_size_ = field_count_;
  const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(field_count_);
  const bool own = mapping_[Column::kInvoiceNo] == name(Column::kInvoiceNo);
  for (std::size_t i = 0; i < kColumns; ++i) {
    const std::string& wanted = mapping_.columns[i];
    const auto found = std::find(fields_.begin(), end, wanted);
    index_[i] = wanted.empty() || found == end ? -1 : static_cast<int>(found - fields_.begin());
    const auto column = static_cast<Column>(i);
    const bool must = !own || column == Column::kInvoiceNo || column == Column::kDate ||
                      column == Column::kQuantity;
    if (index_[i] < 0 && !wanted.empty() && must) {
      return error(
          Code::kInvalidArgument,
          "{}:1: the header has no column '{}', but '{}'; name its columns with a mapping, "
          "see docs/import.md",
          file_, wanted, header.raw.substr(0, 200));
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Records>> open_records(const std::filesystem::path& file,
                                              const Mapping& mapping) {
  if (mapping.form == Form::kJsonLines) return open_json_records(file, mapping);
  TILLSIGHT_ASSIGN(PhysicalLines lines, PhysicalLines::open(file));
  TILLSIGHT_ASSIGN(Letters letters, Letters::open(mapping.encoding));
  auto records = std::make_unique<CsvRecords>(file, mapping, std::move(lines), std::move(letters));
  TILLSIGHT_TRY(records->read_header());
  return std::unique_ptr<Records>(std::move(records));
}

}  // namespace tillsight::exchange
