#include "columns/scan.hpp"

#include <algorithm>

#include "columns/parallel.hpp"
#include "columns/segment.hpp"

namespace tillsight::columns {
namespace {

/// Above this many keys a table finds its groups by hashing.
constexpr std::uint64_t kDenseKeysMax = std::uint64_t{1} << 21;

/// The sum over an invoice's lines, or the field itself if nobody keeps one.
Field sum_field(Field field) {
  switch (field) {
    case Field::kQuantity: return Field::kSumQuantity;
    case Field::kDiscount: return Field::kSumDiscount;
    case Field::kNet: return Field::kSumNet;
    case Field::kTax: return Field::kSumTax;
    case Field::kGross: return Field::kSumGross;
    default: return field;
  }
}

/// No sum of this field can exceed 64 bits, whatever is chosen.
bool sum_fits(const Selection& selection, Field field) {
  long double most = 0;
  for (const SegmentWork& work : selection.work) {
    const Stored& stored = work.segment->stored(field);
    const auto size = std::max(std::abs(static_cast<long double>(stored.least)),
                               std::abs(static_cast<long double>(stored.greatest)));
    most += size * static_cast<long double>(work.segment->rows(field));
  }
  return most < 9e18L;
}

void add(const Reckoned& what, std::vector<Reckoned>& to) {
  if (std::ranges::find(to, what) == to.end()) to.push_back(what);
}

Status lay_out(GroupPlan& plan) {
  plan.strides.resize(plan.axes.size());
  for (std::size_t i = plan.axes.size(); i-- > 0;) {
    plan.strides[i] = plan.keys;
    if (__builtin_mul_overflow(plan.keys, plan.axes[i].groups, &plan.keys)) {
      return error(Code::kResourceExhausted,
                   "more groups than can be told apart; group by fewer dimensions");
    }
  }
  plan.dense = plan.keys <= kDenseKeysMax;
  return {};
}

Result<GroupPlan> plan_of(const Columns& columns, const Selection& selection,
                          const std::vector<Dimension>& by, const std::vector<Measure>& measures) {
  GroupPlan plan;
  Segments segments;
  for (const SegmentWork& work : selection.work) segments.push_back(work.segment);
  plan.by_line = selection.asks_lines || std::ranges::any_of(measures, needs_lines);
  for (const Dimension dimension : by) {
    plan.axes.push_back(axis_of(columns, dimension, segments));
    plan.by_line = plan.by_line || of_line(plan.axes.back().field);
  }
  TILLSIGHT_TRY(lay_out(plan));
  for (const Measure& measure : measures) {
    const MeasureParts parts = parts_of(measure, plan.by_line);
    add(parts.first, plan.reckoned);
    if (measure.reckoning == Reckoning::kAverage) add(parts.lines, plan.reckoned);
    const bool is_sum = parts.first.how == Reckoned::How::kSum;
    if (is_sum && !sum_fits(selection, parts.first.field)) {
      return error(Code::kResourceExhausted, "{} could exceed 64 bits; choose fewer lines",
                   name(measure));
    }
  }
  plan.customers = columns.codes(Field::kCustomer);
  return plan;
}

std::vector<Field> fields_of(const GroupPlan& plan) {
  std::vector<Field> fields = {Field::kFirstLine, Field::kLines};
  for (const Axis& axis : plan.axes) fields.push_back(axis.field);
  for (const Reckoned& what : plan.reckoned) {
    const bool of_customers = what.how == Reckoned::How::kCustomers;
    fields.push_back(of_customers ? Field::kCustomer : what.field);
  }
  return fields;
}

}  // namespace

bool needs_lines(const Measure& measure) {
  switch (measure.reckoning) {
    case Reckoning::kSum:
    case Reckoning::kAverage:
      return sum_field(field_of(measure.amount)) == field_of(measure.amount);
    case Reckoning::kLeast:
    case Reckoning::kGreatest: return true;
    default: return false;
  }
}

MeasureParts parts_of(const Measure& measure, bool by_line) {
  using How = Reckoned::How;
  const Field line_field = field_of(measure.amount);
  const Field field = by_line ? line_field : sum_field(line_field);
  // kGross stands where no field is read: every invoice level has its sum.
  const Field none = by_line ? Field::kGross : Field::kSumGross;
  const Reckoned lines = by_line ? Reckoned{How::kRows, none} : Reckoned{How::kSum, Field::kLines};
  switch (measure.reckoning) {
    case Reckoning::kSum: return {{How::kSum, field, false}, lines};
    case Reckoning::kAverage: return {{How::kSum, field, true}, lines};
    case Reckoning::kLeast: return {{How::kLeast, line_field}, lines};
    case Reckoning::kGreatest: return {{How::kGreatest, line_field}, lines};
    case Reckoning::kLines: return {lines, lines};
    case Reckoning::kInvoices: return {{by_line ? How::kInvoices : How::kRows, none}, lines};
    case Reckoning::kCustomers: return {{How::kCustomers, none}, lines};
  }
  return {};
}

Result<Scanned> scan(const Columns& columns, const Selection& selection,
                     const std::vector<Dimension>& by, const std::vector<Measure>& measures,
                     int threads) {
  TILLSIGHT_ASSIGN(GroupPlan plan, plan_of(columns, selection, by, measures));
  TILLSIGHT_TRY(verify(selection, fields_of(plan), threads));
  const std::vector<Chunk> chunks = chunks_of(selection, plan.by_line);
  std::vector<GroupTable> tables;
  for (int i = 0; i < threads; ++i) tables.emplace_back(plan);
  in_parallel(threads, chunks.size(), [&](int worker, std::size_t item) {
    tables[static_cast<std::size_t>(worker)].take(chunks[item]);
  });
  Grouped groups = GroupTable::bring_together(plan, tables, threads);
  return Scanned{std::move(plan.axes), std::move(plan.strides), std::move(groups),
                 std::move(plan.reckoned), plan.by_line};
}

}  // namespace tillsight::columns
