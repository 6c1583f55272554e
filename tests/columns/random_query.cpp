#include "tests/columns/random_query.hpp"

#include <algorithm>
#include <map>

#include "tillsight/core/format.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::columns {
namespace {

std::string column_sql(Dimension dimension) {
  static const std::map<Dimension, std::string> kSql = {
      {Dimension::kWeek,
       "(strftime('%Y', date, '-3 days', 'weekday 4') || '-W' || printf('%02d', (strftime('%j', "
       "date, '-3 days', 'weekday 4') - 1) / 7 + 1))"},
      {Dimension::kMonth, "substr(date, 1, 7)"},
      {Dimension::kQuarter, "(substr(date, 1, 4) || '-Q' || ((substr(date, 6, 2) + 2) / 3))"},
      {Dimension::kYear, "CAST(substr(date, 1, 4) AS INTEGER)"},
      {Dimension::kWeekday,
       "CASE strftime('%w', date) WHEN '0' THEN 'Sunday' WHEN '1' THEN 'Monday' WHEN '2' THEN "
       "'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' ELSE "
       "'Saturday' END"},
      {Dimension::kHour, "CAST(substr(time, 1, 2) AS INTEGER)"},
      {Dimension::kCustomer, "coalesce(customer, '')"},
  };
  const auto found = kSql.find(dimension);
  return found == kSql.end() ? std::string(name(dimension)) : found->second;
}

std::string quoted(const std::string& text) {
  std::string sql = "'";
  for (const char c : text) sql += c == '\'' ? "''" : std::string(1, c);
  return sql + "'";
}

std::string order_sql(Compare compare) {
  switch (compare) {
    case Compare::kEqual: return "=";
    case Compare::kNot: return "<>";
    case Compare::kLess: return "<";
    case Compare::kAtMost: return "<=";
    case Compare::kGreater: return ">";
    case Compare::kAtLeast: return ">=";
    case Compare::kIn: return "IN";
    case Compare::kNotIn: return "NOT IN";
  }
  return "";
}

std::string condition_sql(const Condition& condition) {
  const auto* dimension = std::get_if<Dimension>(&condition.what);
  const bool number =
      dimension == nullptr || *dimension == Dimension::kHour || *dimension == Dimension::kYear;
  std::string values;
  for (const std::string& value : condition.values) {
    values += (values.empty() ? "" : ", ") + (number ? value : quoted(value));
  }
  if (dimension != nullptr) {
    return format("{} {} ({})", column_sql(*dimension), order_sql(condition.compare), values);
  }
  const Amount amount = std::get<Amount>(condition.what);
  const bool money = is_money(amount);
  return format("{} {} ({})", money ? format("{} / 100.0", name(amount)) : name(amount),
                order_sql(condition.compare), values);
}

bool asks_line(const Query& query) {
  for (const Dimension dimension : query.by) {
    if (of_line(field_of(dimension))) return true;
  }
  for (const Condition& condition : query.filter.where) {
    const auto* dimension = std::get_if<Dimension>(&condition.what);
    if (dimension == nullptr || of_line(field_of(*dimension))) return true;
  }
  return std::ranges::any_of(query.measures, [](const Measure& measure) {
    return measure.reckoning == Reckoning::kLeast || measure.reckoning == Reckoning::kGreatest ||
           (measure.reckoning == Reckoning::kAverage && measure.amount >= Amount::kListPrice);
  });
}

std::string measure_sql(const Measure& measure, bool kind_is_named) {
  const std::string counted = kind_is_named ? "1" : "kind <> 'refund'";
  const std::string amount(name(measure.amount));
  const std::string scaled =
      measure.amount == Amount::kConfidence ? "CAST(round(confidence * 1e4) AS INTEGER)" : amount;
  const std::string value = format("iif(kind = 'refund', -({0}), {0})", scaled);
  switch (measure.reckoning) {
    case Reckoning::kSum: return format("coalesce(sum({}), 0)", value);
    case Reckoning::kAverage: {
      const std::string sum = format("sum({}) FILTER (WHERE {})", value, counted);
      const std::string count = format("count(line) FILTER (WHERE {})", counted);
      return format("iif({1} > 0, (({0}) * 2000 + iif({0} < 0, -1, 1) * {1}) / (2 * {1}), NULL)",
                    sum, count);
    }
    case Reckoning::kLeast: return format("min({}) FILTER (WHERE {})", value, counted);
    case Reckoning::kGreatest: return format("max({}) FILTER (WHERE {})", value, counted);
    case Reckoning::kLines: return format("count(line) FILTER (WHERE {})", counted);
    case Reckoning::kInvoices: return format("count(DISTINCT cursor) FILTER (WHERE {})", counted);
    case Reckoning::kCustomers:
      return format("count(DISTINCT customer) FILTER (WHERE {})", counted);
  }
  return "";
}

}  // namespace

std::string RandomQuery::random_condition() {
  static const std::vector<std::string> kConditions = {"store=S01",
                                                       "store!=S02",
                                                       "till in T00,T02",
                                                       "date>=2024-03-05",
                                                       "date<2024-09-01",
                                                       "month=2024-05",
                                                       "quarter>2024-Q1",
                                                       "year=2024",
                                                       "weekday!=Sunday",
                                                       "weekday in Monday,Friday",
                                                       "hour>=12",
                                                       "hour<20",
                                                       "item=Apple",
                                                       "item!=苹果",
                                                       "item in Cup,\"Tea, \"\"green\"\"\"",
                                                       "item=",
                                                       "sku in sku1,sku2,sku9",
                                                       "aisle=Grocery",
                                                       "customer!=",
                                                       "customer=",
                                                       "cashier not in C1,C2",
                                                       "kind=refund",
                                                       "kind=void",
                                                       "kind in sale,void",
                                                       "entry=camera",
                                                       "origin=imported",
                                                       "origin=till",
                                                       "catalogue=v1",
                                                       "receipt_date<=2024-07-01",
                                                       "gross>=500.25",
                                                       "gross<2000",
                                                       "quantity in 1,2,3",
                                                       "quantity!=4",
                                                       "discount>0",
                                                       "confidence>=0.5",
                                                       "list_price<=300",
                                                       "tax!=0",
                                                       "net>1000.50",
                                                       "week>=2024-W10",
                                                       "currency=INR",
                                                       "item=Nothing"};
  return kConditions[static_cast<std::size_t>(below(static_cast<int>(kConditions.size())))];
}

Query RandomQuery::next() {
  Query query;
  for (int i = below(4); i > 0; --i) {
    const auto dimension = static_cast<Dimension>(below(static_cast<int>(kDimensions)));
    const bool again = std::ranges::find(query.by, dimension) != query.by.end();
    // A till would bring its store along.
    if (!again && dimension != Dimension::kTill) query.by.push_back(dimension);
  }
  if (!one_currency_ && std::ranges::find(query.by, Dimension::kCurrency) == query.by.end()) {
    query.by.push_back(Dimension::kCurrency);
  }
  for (int i = 1 + below(4); i > 0; --i) {
    Measure measure{static_cast<Reckoning>(below(7)), static_cast<Amount>(below(kAmounts))};
    if (measure.reckoning == Reckoning::kSum) measure.amount = static_cast<Amount>(below(5));
    if (measure.reckoning >= Reckoning::kLines) measure.amount = Amount::kGross;
    const bool again = std::ranges::find(query.measures, measure) != query.measures.end();
    if (!again) query.measures.push_back(measure);
  }
  for (int i = below(3); i > 0; --i) {
    query.filter.where.push_back(parse_condition(random_condition()).value());
  }
  if (below(4) == 0) query.filter.from = std::chrono::year(2024) / (1 + below(12)) / 10;
  if (below(4) == 0) query.filter.to = std::chrono::year(2025) / 1 / (1 + below(28));
  return query;
}

std::string RandomQuery::sql_of(const Query& query) {
  bool kind_is_named = std::ranges::find(query.by, Dimension::kKind) != query.by.end();
  std::string where = "1";
  bool kind_is_asked = false;
  for (const Condition& condition : query.filter.where) {
    const auto* dimension = std::get_if<Dimension>(&condition.what);
    kind_is_asked = kind_is_asked || (dimension != nullptr && *dimension == Dimension::kKind);
    where += " AND " + condition_sql(condition);
  }
  if (!kind_is_asked) where += " AND kind <> 'void'";
  kind_is_named = kind_is_named || kind_is_asked;
  if (query.filter.from) where += format(" AND date >= '{}'", to_string(*query.filter.from));
  if (query.filter.to) where += format(" AND date <= '{}'", to_string(*query.filter.to));

  std::string columns;
  std::string groups;
  for (const Dimension dimension : query.by) {
    columns += column_sql(dimension) + ", ";
    groups += (groups.empty() ? " GROUP BY " : ", ") + column_sql(dimension);
  }
  for (const Measure& measure : query.measures) {
    columns += measure_sql(measure, kind_is_named) + ", ";
  }
  // Amounts and texts are of the line; an invoice without lines has none.
  const std::string from =
      "(SELECT cursor, store, till, kind, business_date AS date, time, date AS receipt_date, "
      "cashier, customer, "
      "currency, origin, line, sku, item, aisle, quantity, list_price, discount, entry, catalogue, "
      "confidence, v_lines.net AS net, v_lines.tax AS tax, v_lines.gross AS gross FROM "
      "v_invoices LEFT JOIN (SELECT cursor, line, sku, item, aisle, quantity, list_price, "
      "discount, entry, catalogue, confidence, net, tax, gross FROM v_lines) AS v_lines USING "
      "(cursor))";
  return format("SELECT {}1 FROM {} WHERE {}{}{} HAVING count(*) > 0", columns, from, where,
                asks_line(query) ? " AND line IS NOT NULL" : "", groups);
}

}  // namespace tillsight::columns
