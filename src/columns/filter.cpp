#include "columns/filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "columns/dimensions.hpp"
#include "columns/segment.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight::columns {
namespace {

/// Above this a segment's whole range of values is not looked through.
constexpr std::int64_t kRangeMax = 4096;

constexpr std::array<std::string_view, 3> kKinds = {"sale", "refund", "void"};
constexpr std::array<std::string_view, 3> kEntries = {"camera", "keypad", "scanner"};
constexpr std::array<std::string_view, 3> kOrigins = {"till", "imported", "synthetic"};

Status check_word(Dimension dimension, std::string_view word) {
  std::span<const std::string_view> known;
  if (dimension == Dimension::kKind) known = kKinds;
  if (dimension == Dimension::kEntry) known = kEntries;
  if (dimension == Dimension::kOrigin) known = kOrigins;
  if (known.empty() || std::ranges::find(known, word) != known.end()) return {};
  return error(Code::kInvalidArgument, "'{}' is no {}; known are {}, {}, {}", word, name(dimension),
               known[0], known[1], known[2]);
}

bool compares(Compare compare, std::int64_t value, std::span<const std::int64_t> with) {
  switch (compare) {
    case Compare::kEqual: return value == with[0];
    case Compare::kNot: return value != with[0];
    case Compare::kLess: return value < with[0];
    case Compare::kAtMost: return value <= with[0];
    case Compare::kGreater: return value > with[0];
    case Compare::kAtLeast: return value >= with[0];
    case Compare::kIn: return std::ranges::find(with, value) != with.end();
    case Compare::kNotIn: return std::ranges::find(with, value) == with.end();
  }
  return false;
}

bool is_order(Compare compare) {
  return compare == Compare::kLess || compare == Compare::kAtMost || compare == Compare::kGreater ||
         compare == Compare::kAtLeast;
}

/// The codes of texts; −1 for one that does not occur.
Result<std::vector<std::int64_t>> ordinals(const Columns& columns, Dimension dimension,
                                           const Condition& condition) {
  std::vector<std::int64_t> values;
  const Field field = field_of(dimension);
  for (const std::string& text : condition.values) {
    if (!is_text(field)) {
      TILLSIGHT_ASSIGN(const std::int64_t value, parse_ordinal(dimension, text));
      values.push_back(value);
      continue;
    }
    TILLSIGHT_TRY(check_word(dimension, text));
    const auto code = columns.find(field, text);
    values.push_back(code ? std::int64_t{*code} : -1);
  }
  return values;
}

Result<std::unique_ptr<TableTest>> table_of(const Columns& columns, Dimension dimension,
                                            const Condition& condition) {
  if (is_order(condition.compare) && !is_ordered(dimension)) {
    return error(Code::kInvalidArgument, "{} has no order; use =, != or 'in'", name(dimension));
  }
  TILLSIGHT_ASSIGN(const auto values, ordinals(columns, dimension, condition));
  auto test = std::make_unique<TableTest>();
  test->field = field_of(dimension);
  Bounds bounds = bounds_of(columns.segments(), test->field);
  if (is_text(test->field)) bounds = {0, std::int64_t{columns.codes(test->field)} - 1};
  test->least = bounds.least;
  for (std::int64_t value = bounds.least; value <= bounds.greatest; ++value) {
    const bool keep = compares(condition.compare, ordinal(dimension, value), values);
    test->keep.push_back(keep ? 1 : 0);
  }
  return test;
}

/// "-12.5" with four decimals is -125000. \return nothing for anything else, or more decimals.
std::optional<std::int64_t> decimal(std::string_view text, std::size_t decimals) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(dot + 1, text.size()));
  if (fraction.size() > decimals || dot + 1 == text.size()) return std::nullopt;
  std::string digits = std::string(text.substr(0, dot)) + std::string(fraction);
  digits.append(decimals - fraction.size(), '0');
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = failure == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// What a number of a condition is in the segment's currency.
Result<std::int64_t> number_of(Amount amount, std::string_view text, std::string_view currency) {
  if (is_money(amount)) {
    TILLSIGHT_ASSIGN(const Currency of, Currency::parse(currency));
    TILLSIGHT_ASSIGN(const Money money, parse_money(text, of));
    return money.minor_units();
  }
  const std::size_t decimals = amount == Amount::kConfidence ? 4 : 0;
  if (const auto number = decimal(text, decimals)) return *number;
  return error(Code::kInvalidArgument, "'{}' is no number; write it as {}", text,
               decimals == 0 ? "12" : "0.85");
}

enum class Share { kNone, kSome, kAll };

Share share_of(std::int64_t least, std::int64_t greatest,
               const std::function<bool(std::int64_t)>& holds) {
  if (greatest - least >= kRangeMax) return Share::kSome;
  bool all = true;
  bool none = true;
  for (std::int64_t value = least; value <= greatest; ++value) {
    const bool keep = holds(value);
    all = all && keep;
    none = none && !keep;
  }
  if (all) return Share::kAll;
  return none ? Share::kNone : Share::kSome;
}

/// \return false: no row of the segment is kept.
bool narrow(const Selection& selection, SegmentWork& work) {
  for (const auto& test : selection.tables) {
    const Stored& stored = work.segment->stored(test->field);
    const Share share = share_of(stored.least, stored.greatest, [&](std::int64_t value) {
      return test->keep[static_cast<std::size_t>(value - test->least)] != 0;
    });
    // An invoice without lines has no item either.
    const bool rows = work.segment->rows(test->field) > 0;
    if (share == Share::kNone || !rows) return false;
    if (share == Share::kSome) work.tables.push_back(test.get());
  }
  return true;
}

/// \return false: no line of the segment is kept.
Result<bool> add_numbers(const Columns& columns, std::span<const Condition* const> conditions,
                         SegmentWork& work) {
  const Segment& segment = *work.segment;
  const auto currency = static_cast<std::uint32_t>(segment.stored(Field::kCurrency).least);
  for (const Condition* const condition : conditions) {
    const Amount amount = std::get<Amount>(condition->what);
    NumberTest test{field_of(amount), condition->compare, {}};
    for (const std::string& text : condition->values) {
      auto number = number_of(amount, text, columns.text(Field::kCurrency, currency));
      if (!number.ok()) return number.error().with_context(name(amount));
      test.values.push_back(*number);
    }
    const Stored& stored = segment.stored(test.field);
    const Share share = share_of(stored.least, stored.greatest,
                                 [&](std::int64_t value) { return holds(test, value); });
    if (share == Share::kNone || segment.lines() == 0) return false;
    if (share == Share::kSome) work.numbers.push_back(std::move(test));
  }
  return true;
}

void add_dates(const Filter& filter, std::vector<Condition>& where) {
  if (filter.from) {
    where.push_back({Dimension::kDate, Compare::kAtLeast, {to_string(*filter.from)}});
  }
  if (filter.to) where.push_back({Dimension::kDate, Compare::kAtMost, {to_string(*filter.to)}});
}

}  // namespace

bool holds(const NumberTest& test, std::int64_t value) {
  return compares(test.compare, value, test.values);
}

Result<Selection> select(const Columns& columns, const Filter& filter, bool kind_is_named) {
  Selection selection;
  std::vector<Condition> where = filter.where;
  add_dates(filter, where);
  bool kind_is_asked = false;
  for (const Condition& condition : where) {
    kind_is_asked =
        kind_is_asked || condition.what == std::variant<Dimension, Amount>(Dimension::kKind);
  }
  if (!kind_is_asked) where.push_back({Dimension::kKind, Compare::kNot, {"void"}});
  std::vector<const Condition*> numbers;
  for (const Condition& condition : where) {
    if (const auto* dimension = std::get_if<Dimension>(&condition.what)) {
      TILLSIGHT_ASSIGN(auto test, table_of(columns, *dimension, condition));
      selection.asks_lines = selection.asks_lines || of_line(test->field);
      selection.tables.push_back(std::move(test));
    } else {
      selection.asks_lines = true;
      numbers.push_back(&condition);
    }
  }
  const auto refund = columns.find(Field::kKind, "refund");
  for (const auto& segment : columns.segments()) {
    SegmentWork work{segment, 1, true, {}, {}};
    if (refund && segment->stored(Field::kKind).least == *refund) {
      work.sign = -1;
      work.counts = kind_is_named || kind_is_asked;
    }
    TILLSIGHT_ASSIGN(const bool some, add_numbers(columns, numbers, work));
    if (some && narrow(selection, work)) selection.work.push_back(std::move(work));
  }
  return selection;
}

}  // namespace tillsight::columns
