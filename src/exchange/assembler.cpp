#include "exchange/assembler.hpp"

#include <iterator>

namespace tillsight::exchange {
namespace {

constexpr std::size_t kLinesMax = 10'000;
constexpr std::size_t kBytesMax = 16 * 1024 * 1024;
/// What a rejected row shows of itself: of megabytes without a line end the beginning.
constexpr std::size_t kShownBytes = 64 * 1024;

void spoil(Assembled& assembled, std::int64_t line, const std::string& why) {
  if (assembled.wrong_line != 0) return;
  assembled.wrong_line = line;
  assembled.wrong = why;
}

KeptRow row_of(Record& record) {
  KeptRow row{record.line, std::move(record.raw), record.damage};
  if (row.raw.size() > kShownBytes) row.raw = row.raw.substr(0, kShownBytes);
  return row;
}

}  // namespace

Assembler::Open& Assembler::open_for(const Record& record) {
  if (const auto known = by_key_.find(key_); known != by_key_.end()) return *known->second;
  Open& open = open_.emplace_back();
  open.key = key_;
  open.first_row = rows_;
  by_key_.emplace(key_, &open);
  if (!record.damage.empty()) return open;
  const Cells& cells = record.cells.front();
  open.total = cells[Column::kTotal];
  auto imported = translator_.invoice_of(cells);
  if (imported.ok()) {
    open.assembled.imported = std::move(imported).value();
  } else {
    spoil(open.assembled, record.line, imported.error().message());
  }
  return open;
}

void Assembler::add(Open& open, Record& record) {
  Assembled& assembled = open.assembled;
  if (record.damage.empty() && assembled.wrong_line == 0) {
    for (const Cells& cells : record.cells) {
      if (const Status added = translator_.add_line(cells, assembled.imported); !added.ok()) {
        record.damage = added.error().message();
        break;
      }
    }
    if (assembled.imported.invoice.lines.size() > kLinesMax) {
      record.damage = format("its invoice has more than {} lines", kLinesMax);
    }
  } else if (record.damage.empty() && assembled.wrong_line == record.line) {
    record.damage = assembled.wrong;
  }
  if (!record.damage.empty()) spoil(assembled, record.line, record.damage);
  bytes_ += std::min(record.raw.size(), kShownBytes);
  assembled.rows.push_back(row_of(record));
}

void Assembler::take(Record& record) {
  ++rows_;
  if (!record.cells.empty()) {
    translator_.key_of(record.cells.front(), key_);
  } else {
    key_.clear();
  }
  if (!key_.empty()) return add(open_for(record), record);
  if (record.damage.empty()) record.damage = "does not tell the number of its invoice";
  Assembled& lost = lost_.emplace_back();
  spoil(lost, record.line, record.damage);
  lost.rows.push_back(row_of(record));
}

Assembled Assembler::close() {
  Open& open = open_.front();
  if (open.assembled.wrong_line == 0) {
    const Status finished = translator_.finish(open.assembled.imported, open.total);
    if (!finished.ok()) {
      spoil(open.assembled, open.assembled.rows.front().line, finished.error().message());
      open.assembled.rows.front().wrong = open.assembled.wrong;
    }
  }
  for (const KeptRow& row : open.assembled.rows) bytes_ -= row.raw.size();
  Assembled closed = std::move(open.assembled);
  by_key_.erase(open.key);
  open_.pop_front();
  return closed;
}

void Assembler::take_complete(std::vector<Assembled>& into) {
  std::move(lost_.begin(), lost_.end(), std::back_inserter(into));
  lost_.clear();
  while (!open_.empty() && (open_.front().first_row + kRowsApart <= rows_ || bytes_ > kBytesMax)) {
    into.push_back(close());
  }
}

void Assembler::take_rest(std::vector<Assembled>& into) {
  take_complete(into);
  while (!open_.empty()) into.push_back(close());
}

}  // namespace tillsight::exchange
