#include "tillsight/columns/baskets.hpp"

#include <algorithm>

#include "columns/chunks.hpp"
#include "columns/parallel.hpp"
#include "columns/segment.hpp"

namespace tillsight::columns {
namespace {

/// A chunk's rows as numbers, in memory that is used again.
class BasketReader {
 public:
  explicit BasketReader(std::span<const Field> fields) : fields_(fields), values_(fields.size()) {}

  Baskets read(const Chunk& chunk, bool by_line) {
    picker_.pick(chunk, by_line);
    by_line ? choose_by_lines(chunk) : choose_invoices(chunk);
    Baskets baskets;
    baskets.sign = chunk.work->sign;
    baskets.invoices = invoices_.size();
    baskets.lines = first_line_.back();
    baskets.first_line = first_line_;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const bool is_line = of_line(fields_[i]);
      fill(chunk.work->segment->stored(fields_[i]),
           is_line ? chunk.first_line : chunk.first_invoice, is_line ? lines_ : invoices_,
           values_[i]);
      baskets.values.emplace_back(values_[i]);
    }
    return baskets;
  }

 private:
  static void fill(const Stored& stored, std::size_t first, const std::vector<std::uint32_t>& rows,
                   std::vector<std::int64_t>& values) {
    values.resize(rows.empty() ? 0 : rows.back() + std::size_t{1});
    decode(stored, first, values.size(), values.data());
    for (std::size_t i = 0; i < rows.size(); ++i) values[i] = values[rows[i]];
    values.resize(rows.size());
  }

  /// Invoices that have a line left, with those lines.
  void choose_by_lines(const Chunk& chunk) {
    const Rows& rows = picker_.rows();
    invoices_.clear();
    lines_.clear();
    first_line_.assign(1, 0);
    std::size_t next = 0;
    std::uint32_t begin = 0;
    for (std::uint32_t invoice = 0; invoice < chunk.invoices; ++invoice) {
      const std::uint32_t end = begin + picker_.lines()[invoice];
      const std::size_t before = lines_.size();
      for (; next < rows.count; ++next) {
        const auto line = rows.rows ? rows.rows[next] : static_cast<std::uint32_t>(next);
        if (line >= end) break;
        lines_.push_back(line);
      }
      begin = end;
      if (lines_.size() == before) continue;
      invoices_.push_back(invoice);
      first_line_.push_back(static_cast<std::uint32_t>(lines_.size()));
    }
  }

  /// Invoices that are left, with all their lines.
  void choose_invoices(const Chunk& chunk) {
    const Rows rows = picker_.rows();
    const Segment& segment = *chunk.work->segment;
    invoices_.clear();
    lines_.clear();
    first_line_.assign(1, 0);
    for (std::size_t i = 0; i < rows.count; ++i) {
      const std::uint32_t invoice = rows.rows ? rows.rows[i] : static_cast<std::uint32_t>(i);
      const std::size_t begin = segment.first_line(chunk.first_invoice + invoice);
      const std::size_t end = segment.first_line(chunk.first_invoice + invoice + 1);
      for (std::size_t line = begin; line < end; ++line) {
        lines_.push_back(static_cast<std::uint32_t>(line - chunk.first_line));
      }
      invoices_.push_back(invoice);
      first_line_.push_back(static_cast<std::uint32_t>(lines_.size()));
    }
  }

  const std::span<const Field> fields_;
  Picker picker_;
  std::vector<std::uint32_t> invoices_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint32_t> first_line_;
  std::vector<std::vector<std::int64_t>> values_;
};

constexpr std::array kVisitFields = {Field::kCustomer, Field::kDate,        Field::kStore,
                                     Field::kSumGross, Field::kSumQuantity, Field::kCursor};

struct CustomerVisit {
  std::uint32_t customer;
  Visit visit;
};

void add_visits(const Baskets& baskets, std::vector<CustomerVisit>& to) {
  for (std::size_t i = 0; i < baskets.invoices; ++i) {
    const auto value = [&](std::size_t field) { return baskets.values[field][i]; };
    if (value(0) == 0) continue;
    to.push_back({static_cast<std::uint32_t>(value(0)),
                  {static_cast<std::int32_t>(value(1)), static_cast<std::uint32_t>(value(2)),
                   baskets.sign * value(3), baskets.sign * value(4), value(5), baskets.sign < 0}});
  }
}

}  // namespace

Status each(const Columns& columns, const Filter& filter, std::span<const Field> fields,
            const std::function<void(const Baskets&)>& call, int threads) {
  TILLSIGHT_ASSIGN(const Selection selection, select(columns, filter, false));
  std::vector<Field> needed(fields.begin(), fields.end());
  needed.insert(needed.end(), {Field::kFirstLine, Field::kLines});
  const int workers = threads_for(threads);
  TILLSIGHT_TRY(verify(selection, needed, workers));
  // Cut by lines even if none is asked about: they are what a caller's time goes by.
  const std::vector<Chunk> chunks = chunks_of(selection, true);
  std::vector<BasketReader> readers(static_cast<std::size_t>(workers), BasketReader(fields));
  in_parallel(workers, chunks.size(), [&](int worker, std::size_t item) {
    Baskets baskets =
        readers[static_cast<std::size_t>(worker)].read(chunks[item], selection.asks_lines);
    if (baskets.invoices == 0) return;
    baskets.worker = worker;
    baskets.number = static_cast<std::int64_t>(item);
    call(baskets);
  });
  return {};
}

Result<Visits> visits_by_customer(const Columns& columns, const Filter& filter, int threads) {
  for (const Condition& condition : filter.where) {
    const auto* dimension = std::get_if<Dimension>(&condition.what);
    if (dimension == nullptr || of_line(field_of(*dimension))) {
      return error(Code::kInvalidArgument, "visits are whole invoices; ask about no line");
    }
  }
  const int workers = threads_for(threads);
  std::vector<std::vector<CustomerVisit>> found(static_cast<std::size_t>(workers));
  TILLSIGHT_TRY(each(
      columns, filter, kVisitFields,
      [&](const Baskets& baskets) {
        add_visits(baskets, found[static_cast<std::size_t>(baskets.worker)]);
      },
      workers));
  Visits visits;
  visits.first.assign(columns.codes(Field::kCustomer) + 1, 0);
  for (const auto& part : found) {
    for (const CustomerVisit& of : part) ++visits.first[of.customer + 1];
  }
  for (std::size_t i = 1; i < visits.first.size(); ++i) visits.first[i] += visits.first[i - 1];
  visits.visits.resize(visits.first.back());
  std::vector<std::uint64_t> next = visits.first;
  for (const auto& part : found) {
    for (const CustomerVisit& of : part) visits.visits[next[of.customer]++] = of.visit;
  }
  for (std::size_t customer = 0; customer + 1 < visits.first.size(); ++customer) {
    const auto begin = visits.visits.begin();
    std::sort(begin + static_cast<std::ptrdiff_t>(visits.first[customer]),
              begin + static_cast<std::ptrdiff_t>(visits.first[customer + 1]),
              [](const Visit& a, const Visit& b) {
                return std::pair(a.date, a.cursor) < std::pair(b.date, b.cursor);
              });
  }
  return visits;
}

}  // namespace tillsight::columns
