#include "columns/chunks.hpp"

#include <algorithm>

#include "columns/parallel.hpp"
#include "columns/segment.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::columns {
namespace {

constexpr std::size_t kChunkRows = 8192;

bool has_test(const SegmentWork& work, bool of_lines) {
  const auto is_of = [=](const TableTest* test) { return of_line(test->field) == of_lines; };
  return std::ranges::any_of(work.tables, is_of) || (of_lines && !work.numbers.empty());
}

}  // namespace

std::vector<Chunk> chunks_of(const Selection& selection, bool by_line) {
  std::vector<Chunk> chunks;
  for (const SegmentWork& work : selection.work) {
    const Segment& segment = *work.segment;
    const std::size_t rows =
        by_line ? std::max<std::size_t>(segment.lines(), 1) : segment.invoices();
    const std::size_t step = std::max<std::size_t>(1, kChunkRows * segment.invoices() / rows);
    std::size_t line = 0;
    for (std::size_t first = 0; first < segment.invoices(); first += step) {
      const std::size_t count = std::min(step, segment.invoices() - first);
      const std::size_t end = by_line ? segment.first_line(first + count) : 0;
      chunks.push_back({&work, first, count, line, end - line});
      line = end;
    }
  }
  return chunks;
}

Status verify(const Selection& selection, const std::vector<Field>& fields, int threads) {
  Mutex mutex;
  Status outcome;
  in_parallel(threads, selection.work.size(), [&](int, std::size_t item) {
    const SegmentWork& work = selection.work[item];
    std::vector<Field> needed = fields;
    for (const TableTest* const test : work.tables) needed.push_back(test->field);
    for (const NumberTest& test : work.numbers) needed.push_back(test.field);
    for (const Field field : needed) {
      Status verified = work.segment->verify(field);
      if (verified.ok()) continue;
      const MutexLock lock(mutex);
      outcome = std::move(verified);
    }
  });
  return outcome;
}

void Picker::test(const Chunk& chunk, bool of_lines, std::size_t first,
                  std::vector<std::uint8_t>& keep) {
  const Rows all{first, of_lines ? chunk.lines : chunk.invoices, nullptr};
  for (const TableTest* const test : chunk.work->tables) {
    if (of_line(test->field) != of_lines) continue;
    keep_by(chunk.work->segment->stored(test->field), all, *test, keep.data());
  }
  if (!of_lines) return;
  for (const NumberTest& test : chunk.work->numbers) {
    keep_by(chunk.work->segment->stored(test.field), all, test, keep.data());
  }
}

void Picker::pick(const Chunk& chunk, bool by_line) {
  const Segment& segment = *chunk.work->segment;
  const bool tests_invoices = has_test(*chunk.work, false);
  const bool tests_lines = by_line && has_test(*chunk.work, true);
  before_ = by_line ? chunk.lines : chunk.invoices;
  rows_ = {by_line ? chunk.first_line : chunk.first_invoice, before_, nullptr};
  if (by_line) {
    numbers_.resize(chunk.invoices);
    decode(segment.stored(Field::kLines), chunk.first_invoice, chunk.invoices, numbers_.data());
    lines_.assign(numbers_.begin(), numbers_.end());
  }
  if (!tests_invoices && !tests_lines) return;
  if (tests_invoices) {
    keep_invoice_.assign(chunk.invoices, 1);
    test(chunk, false, chunk.first_invoice, keep_invoice_);
  }
  keep_.assign(before_ + kExpandSlack, 1);
  if (tests_invoices && by_line) {
    expand(keep_invoice_.data(), lines_.data(), chunk.invoices, keep_.data());
  }
  if (tests_lines) test(chunk, true, chunk.first_line, keep_);
  const std::uint8_t* const keep = by_line ? keep_.data() : keep_invoice_.data();
  picked_.resize(before_ + 1);
  rows_.count = columns::pick(keep, before_, picked_.data());
  rows_.rows = picked_.data();
}

}  // namespace tillsight::columns
