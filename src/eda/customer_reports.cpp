#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "eda/customers.hpp"
#include "eda/sheet.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::eda {
namespace {

constexpr int kTopCustomers = 10;

Sheet names_sheet() {
  return Sheet({text("first_name"), text("last_name"), text("phone"), integer("invoices"),
                date("last_visit")},
               {"revenue"});
}

/// Somebody under one name, with what they bought.
struct Person {
  std::string id;
  std::vector<Cell> cells;
  std::int64_t invoices = 0;
  std::map<std::string, std::int64_t> sold;
};

bool is_before(const Person& a, const Person& b) {
  if (a.invoices != b.invoices) return a.invoices > b.invoices;
  for (const std::size_t cell : {1, 0, 2}) {  // last name, first name, phone
    if (a.cells[cell] != b.cells[cell]) return a.cells[cell] < b.cells[cell];
  }
  return false;
}

Result<Report> sheet_of(const Reading& reading, std::vector<Person> persons) {
  std::ranges::sort(persons, is_before);
  const auto limit = static_cast<std::size_t>(reading.limit(kTopCustomers));
  persons.resize(std::min(persons.size(), limit));
  Sheet sheet = names_sheet();
  for (Person& person : persons) {
    sheet.add_row(person.id, std::move(person.cells));
    for (const auto& [currency, amount] : person.sold) {
      sheet.add_amount(person.id, 0, currency, amount);
    }
  }
  return sheet.finish("top-customers", "Top customers" + range_text(reading.request));
}

/// Each row is a person in a currency, in order of persons.
Result<std::vector<Person>> read_persons(sql::Statement& rows) {
  std::vector<Person> persons;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return persons;
    if (persons.empty() || persons.back().id != rows.text(0)) {
      Person& person = persons.emplace_back();
      person.id = rows.text(0);
      person.cells = {std::string(rows.text(1)), std::string(rows.text(2)),
                      std::string(rows.text(3)), rows.integer(4), std::string(rows.text(5))};
      person.invoices = rows.integer(4);
    }
    persons.back().sold[std::string(rows.text(6))] = rows.integer(7);
  }
}

/// From the sums: those with as many invoices as the last of the list has, or more.
Result<Report> top_of_all(const Reading& reading) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare(
          "SELECT person.id, first_name, last_name, phone, sales, last_date, currency, sold FROM "
          "person_count JOIN persons.person ON person.id = person_count.person JOIN person_money "
          "USING (person) WHERE sales >= coalesce((SELECT sales FROM person_count ORDER BY sales "
          "DESC LIMIT 1 OFFSET ?), 0) ORDER BY person.id"));
  rows.bind(reading.limit(kTopCustomers) - 1);
  TILLSIGHT_ASSIGN(std::vector<Person> persons, read_persons(rows));
  return sheet_of(reading, std::move(persons));
}

/// The names under one phone, with what each bought in the range.
Result<std::vector<Person>> names_of(const Reading& reading, const std::string& customer) {
  TILLSIGHT_ASSIGN(
      auto rows,
      reading.db.prepare(
          "WITH bought AS (SELECT person, currency, business_date, gross FROM invoice WHERE "
          "customer = ?1 AND kind = 'sale' AND business_date BETWEEN ?2 AND ?3 AND (?4 = '' OR "
          "store = ?4) AND (?5 = '' OR till = ?5)) "
          "SELECT person.id, first_name, last_name, phone, "
          "(SELECT count(*) FROM bought AS all_of WHERE all_of.person = bought.person), "
          "(SELECT max(business_date) FROM bought AS all_of WHERE all_of.person = bought.person), "
          "currency, sum(gross) FROM bought JOIN persons.person ON person.id = bought.person "
          "GROUP BY person.id, currency ORDER BY person.id"));
  rows.bind(customer, reading.from(), reading.to(), reading.request.store, reading.request.till);
  return read_persons(rows);
}

/// A name has at most the invoices of its phone, so phones are asked for their names in order of
/// their invoices until none can reach the list any more.
Result<Report> top_of_range(const Reading& reading) {
  TILLSIGHT_ASSIGN(const columns::Answer answer, reading.ask({{columns::Dimension::kCustomer},
                                                              {{columns::Reckoning::kInvoices}},
                                                              reading.filter(),
                                                              {{"invoices", true}}}));
  const auto limit = static_cast<std::size_t>(reading.limit(kTopCustomers));
  std::vector<Person> persons;
  for (const auto& row : answer.rows) {
    if (word(row[0]).empty()) continue;
    if (persons.size() >= limit) {
      std::ranges::sort(persons, is_before);
      if (persons[limit - 1].invoices > number(row[1])) break;
    }
    TILLSIGHT_ASSIGN(std::vector<Person> names, names_of(reading, word(row[0])));
    std::ranges::move(names, std::back_inserter(persons));
  }
  return sheet_of(reading, std::move(persons));
}

Result<Report> top_customers(const Reading& reading) {
  const bool all = reading.whole() && reading.request.store.empty();
  return all ? top_of_all(reading) : top_of_range(reading);
}

constexpr std::array<Kind, 4> kKinds = {{
    {{"top-customers", "who has most invoices",
      "Only sales to somebody with a phone; refunds name nobody and are not taken off. A phone "
      "with "
      "two names has two rows.",
      kTopCustomers, false, true},
     top_customers},
    {{"customer-segments", "customers by how lately, how often and for how much they buy (RFM)",
      "Customers with a phone. `recency` is days from the last sale to the end of the range, or to "
      "the newest sale. Recency, number of sales and revenue less refunds are each scored 1 to 5 "
      "by "
      "fifths of the customers; a segment is recency against the mean of the other two.",
      0},
     customer_segments},
    {{"retention", "how many of each month's new customers came back, month by month",
      "A customer is new in the month of their first sale ever (in the store or at the till that "
      "is "
      "asked for); `month_3` is the share of them with a sale in the third month after. Empty: "
      "that "
      "month has not come. The range says which new customers are shown.",
      0},
     retention},
    {{"new-and-returning", "sales of each month to new, returning and unknown customers",
      "A customer is new in the month of their first sale ever, and returning after it; unknown "
      "are "
      "sales without a phone. Refunds that name nobody are taken off the unknown.",
      0},
     new_and_returning},
}};

}  // namespace

std::span<const Kind> customer_reports() {
  return kKinds;
}

}  // namespace tillsight::eda
