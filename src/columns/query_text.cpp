#include <array>
#include <cctype>

#include "tillsight/columns/query.hpp"

namespace tillsight::columns {
namespace {

constexpr std::string_view kHowTo =
    "write 'item=Apple', 'store!=S01', 'hour>=17' or 'item in Apple,\"Tea, green\"'";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

struct Sign {
  std::string_view text;
  Compare compare;
};
// The longer of two that begin alike first.
constexpr std::array<Sign, 8> kSigns = {{{"!=", Compare::kNot},
                                         {"<=", Compare::kAtMost},
                                         {">=", Compare::kAtLeast},
                                         {"=", Compare::kEqual},
                                         {"<", Compare::kLess},
                                         {">", Compare::kGreater},
                                         {" not in ", Compare::kNotIn},
                                         {" in ", Compare::kIn}}};

Result<std::variant<Dimension, Amount>> parse_what(std::string_view text) {
  if (const auto amount = parse_amount(text); amount.ok()) {
    return std::variant<Dimension, Amount>(*amount);
  }
  const auto dimension = parse_dimension(text);
  if (dimension.ok()) return std::variant<Dimension, Amount>(*dimension);
  return error(Code::kInvalidArgument, "{}; or {}", dimension.error().message(),
               "an amount: quantity, gross, net, tax, discount, list_price, confidence");
}

/// One value off the front of a list; a quoted one may hold commas, and quotes doubled.
Result<std::string> take_value(std::string_view& list) {
  list = trimmed(list);
  std::string value;
  if (!list.starts_with('"')) {
    const std::size_t end = std::min(list.find(','), list.size());
    value = trimmed(list.substr(0, end));
    list.remove_prefix(end);
    return value;
  }
  list.remove_prefix(1);
  while (!list.empty()) {
    const bool quote = list.front() == '"';
    if (quote && !list.substr(1).starts_with('"')) {
      list = trimmed(list.substr(1));
      if (list.empty() || list.front() == ',') return value;
      break;
    }
    value += list.front();
    list.remove_prefix(quote ? 2 : 1);
  }
  return error(Code::kInvalidArgument, "a quote does not match; {}", kHowTo);
}

Result<std::vector<std::string>> parse_list(std::string_view list) {
  std::vector<std::string> values;
  while (true) {
    TILLSIGHT_ASSIGN(std::string value, take_value(list));
    values.push_back(std::move(value));
    if (list.empty()) return values;
    list.remove_prefix(1);
  }
}

}  // namespace

Result<Condition> parse_condition(std::string_view text) {
  const std::size_t end = text.find_first_of("!=<> ");
  if (end == std::string_view::npos || end == 0) {
    return error(Code::kInvalidArgument, "'{}' is no condition; {}", text, kHowTo);
  }
  auto what = parse_what(text.substr(0, end));
  if (!what.ok()) return what.error();
  const std::string_view rest = text.substr(end);
  for (const auto& [sign, compare] : kSigns) {
    const bool is_list = compare == Compare::kIn || compare == Compare::kNotIn;
    const std::string_view from = is_list ? rest : trimmed(rest);
    if (!from.starts_with(sign)) continue;
    const std::string_view value = from.substr(sign.size());
    Condition condition{*what, compare, {std::string(trimmed(value))}};
    if (is_list) {
      TILLSIGHT_ASSIGN(condition.values, parse_list(value));
    }
    return condition;
  }
  return error(Code::kInvalidArgument, "'{}' is no condition; {}", text, kHowTo);
}

std::string name(const Measure& measure) {
  const std::string_view amount = name(measure.amount);
  switch (measure.reckoning) {
    case Reckoning::kSum: return std::string(amount);
    case Reckoning::kAverage: return format("avg_{}", amount);
    case Reckoning::kLeast: return format("min_{}", amount);
    case Reckoning::kGreatest: return format("max_{}", amount);
    case Reckoning::kLines: return "lines";
    case Reckoning::kInvoices: return "invoices";
    case Reckoning::kCustomers: return "customers";
  }
  return "";
}

Result<Measure> parse_count(std::string_view text) {
  if (text == "lines") return Measure{Reckoning::kLines};
  if (text == "invoices") return Measure{Reckoning::kInvoices};
  if (text == "customers") return Measure{Reckoning::kCustomers};
  return error(Code::kInvalidArgument,
               "'{}' cannot be counted; known are lines, invoices, customers", text);
}

}  // namespace tillsight::columns
