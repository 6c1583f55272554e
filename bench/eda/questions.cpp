#include "bench/eda/questions.hpp"

namespace tillsight::bench {
namespace {

using columns::Amount;
using columns::Dimension;
using columns::Measure;
using columns::Reckoning;

const Measure kGross{Reckoning::kSum, Amount::kGross};
const Measure kQuantity{Reckoning::kSum, Amount::kQuantity};
const Measure kInvoices{Reckoning::kInvoices};
const Measure kCustomers{Reckoning::kCustomers};

columns::Filter where(std::string_view first, std::string_view second) {
  return {
      .where = {columns::parse_condition(first).value(), columns::parse_condition(second).value()}};
}

}  // namespace

std::vector<BenchQuestion> bench_questions() {
  return {
      {"total",
       {.measures = {kGross}},
       "SELECT sum(gross) FROM lines",
       "SELECT sum(gross) FROM invoices"},
      {"day",
       {.by = {Dimension::kDate}, .measures = {kGross}},
       "SELECT date, sum(gross) FROM lines GROUP BY date",
       "SELECT date, sum(gross) FROM invoices GROUP BY date"},
      {"item",
       {.by = {Dimension::kItem}, .measures = {kQuantity, kGross}},
       "SELECT item, sum(quantity), sum(gross) FROM lines GROUP BY item",
       ""},
      {"aisle_and_month",
       {.by = {Dimension::kAisle, Dimension::kMonth}, .measures = {kGross}},
       "SELECT aisle, month, sum(gross) FROM lines GROUP BY aisle, month",
       ""},
      {"hour_of_week",
       {.by = {Dimension::kWeekday, Dimension::kHour}, .measures = {kGross}},
       "SELECT weekday, hour, sum(gross) FROM lines GROUP BY weekday, hour",
       "SELECT weekday, hour, sum(gross) FROM invoices GROUP BY weekday, hour"},
      {"top_customers",
       {.by = {Dimension::kCustomer},
        .measures = {kGross},
        .order = {{"gross", true}},
        .limit = 10},
       "SELECT customer, sum(gross) AS g FROM lines GROUP BY customer ORDER BY g DESC LIMIT 10",
       "SELECT customer, sum(gross) AS g FROM invoices GROUP BY customer ORDER BY g DESC LIMIT 10"},
      {"customers_of_month",
       {.by = {Dimension::kMonth}, .measures = {kCustomers}},
       "SELECT month, count(DISTINCT customer) FILTER (WHERE sale) FROM lines GROUP BY month",
       "SELECT month, count(DISTINCT customer) FILTER (WHERE sale) FROM invoices GROUP BY month"},
      {"invoices_of_item",
       {.by = {Dimension::kItem}, .measures = {kInvoices}},
       "SELECT item, count(DISTINCT cursor) FILTER (WHERE sale) FROM lines GROUP BY item",
       ""},
      {"item_in_store",
       {.by = {Dimension::kStore, Dimension::kItem}, .measures = {kGross}},
       "SELECT store, item, sum(gross) FROM lines GROUP BY store, item",
       ""},
      {"filtered_item",
       {.by = {Dimension::kMonth},
        .measures = {kGross},
        .filter = where("aisle=Aisle 3", "store in S01,S02,S03,S04,S05")},
       "SELECT month, sum(gross) FROM lines WHERE aisle = 'Aisle 3' AND store IN ('S01', 'S02', "
       "'S03', 'S04', 'S05') GROUP BY month",
       ""},
  };
}

}  // namespace tillsight::bench
