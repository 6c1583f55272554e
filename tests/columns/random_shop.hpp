/// \file
/// A head office with invoices as random as a seed, and what SQL says of them.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/columns/query.hpp"
#include "tillsight/columns/writer.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::columns {

/// What is asked of a random shop.
struct Shape {
  int days = 400;
  int customers = 40;
  std::vector<std::string> currencies = {"INR"};
};

class RandomShop : public ::testing::Test {
 protected:
  RandomShop() : store_(hub::HubStore::open(hub(), clock_, random_).value()) {}

  std::filesystem::path hub() const { return dir_ / "hub"; }
  std::filesystem::path files() const { return hub() / "columns"; }

  int below(int bound) { return static_cast<int>(engine_() % static_cast<unsigned>(bound)); }
  template <typename T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

  static Invoice an_invoice(int day, std::chrono::seconds time = std::chrono::hours(10)) {
    const std::chrono::sys_days date =
        std::chrono::sys_days(std::chrono::year(2024) / 1 / 1) + std::chrono::days(day);
    Invoice invoice;
    invoice.at.local = {std::chrono::year_month_day(date), time, std::chrono::weekday(date)};
    invoice.at.utc = date + time;
    invoice.at.time_zone = "Asia/Kolkata";
    invoice.business_date = std::chrono::year_month_day(date);
    invoice.currency = "INR";
    return invoice;
  }

  InvoiceLine random_line() {
    static const std::vector<std::string> kItems = {
        "Apple", "Tea, \"green\"", "Bartók béla", "苹果", "Cup", ""};
    const int item = below(static_cast<int>(kItems.size()));
    InvoiceLine line = testing::a_line("sku" + std::to_string(item + below(2)), 1 + below(100'000),
                                       1 + below(9), 100 * below(20));
    line.item = kItems[static_cast<std::size_t>(item)];
    line.aisle = item % 2 == 0 ? "Grocery" : "";
    line.discount = Money::minor(below(3) == 0 ? below(50) : 0);
    line.entry = static_cast<Entry>(below(3));
    line.confidence = static_cast<float>(below(10'001)) / 10'000;
    line.catalogue = below(2) == 0 ? "v1" : "v2";
    price_line(line);
    return line;
  }

  Invoice random_invoice(const Shape& shape) {
    Invoice invoice = an_invoice(below(shape.days), std::chrono::seconds(below(86'400)));
    const int kind = below(10);
    invoice.kind = kind == 0 ? SaleKind::kVoid : kind < 3 ? SaleKind::kRefund : SaleKind::kSale;
    if (below(5) == 0) {
      invoice.business_date = std::chrono::sys_days(invoice.business_date) - std::chrono::days(1);
    }
    invoice.currency = one_of(shape.currencies);
    invoice.cashier = below(3) == 0 ? "" : "C" + std::to_string(below(4));
    if (below(3) != 0) {
      invoice.customer = Customer{"Asha", "Rao", phone(below(shape.customers))};
    }
    const int lines = below(20) == 0 ? below(40) : below(4);
    for (int i = 0; i < lines; ++i) invoice.lines.push_back(random_line());
    total_up(invoice);
    return invoice;
  }

  static std::string phone(int customer) { return "+9198765" + std::to_string(10'000 + customer); }

  void book(Invoice invoice, std::string_view store = "S01", std::string_view till = "T01") {
    hub::ImportedInvoice imported;
    imported.source = {"test", StoreId(std::string(store)), TillId(std::string(till))};
    imported.number = std::to_string(++number_);
    imported.invoice = std::move(invoice);
    pending_.push_back(std::move(imported));
  }
  void commit() {
    ASSERT_TRUE(store_.import(pending_, clock_.utc_now()).ok());
    pending_.clear();
  }
  void sell_at_random(int invoices, const Shape& shape = {}) {
    for (int i = 0; i < invoices; ++i) {
      book(random_invoice(shape), "S0" + std::to_string(below(3)), "T0" + std::to_string(below(3)));
    }
    commit();
  }

  std::shared_ptr<const Columns> view(const Columns* previous = nullptr) const {
    auto view = Columns::open(hub(), previous);
    EXPECT_TRUE(view.ok()) << view.error().message();
    return view.value();
  }
  Writer writer() const { return std::move(Writer::open(hub())).value(); }
  Extension extend() const { return writer().extend().value(); }

  /// Rows of text, a cell after the other with bars between; empty: NULL.
  std::vector<std::string> sql(const std::string& query) const {
    auto db = hub::open_for_reading(hub(), hub::Persons::kHidden).value();
    auto rows = db.prepare(query).value();
    std::vector<std::string> found;
    while (rows.step().value()) {
      std::string row;
      for (int i = 0; i < rows.columns(); ++i) row += std::string(rows.text(i)) + "|";
      found.push_back(row);
    }
    return found;
  }

  static std::vector<std::string> texts(const Answer& answer) {
    std::vector<std::string> rows;
    for (const auto& row : answer.rows) {
      std::string text;
      for (const Value& value : row) {
        if (const auto* word = std::get_if<std::string>(&value)) text += *word;
        if (const auto* number = std::get_if<std::int64_t>(&value)) text += std::to_string(*number);
        text += "|";
      }
      rows.push_back(text);
    }
    return rows;
  }
  std::vector<std::string> ask(const Query& query) const {
    const auto found = answer(*view(), query);
    EXPECT_TRUE(found.ok()) << found.error().message();
    return found.ok() ? texts(*found) : std::vector<std::string>();
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{7};
  std::mt19937 engine_{42};
  hub::HubStore store_;
  int number_ = 0;
  std::vector<hub::ImportedInvoice> pending_;
};

inline Condition where(std::string_view text) {
  return parse_condition(text).value();
}
inline const Measure kGrossSum{Reckoning::kSum, Amount::kGross};
inline const Measure kLineCount{Reckoning::kLines};
inline const Measure kInvoiceCount{Reckoning::kInvoices};
inline const Measure kCustomerCount{Reckoning::kCustomers};

}  // namespace tillsight::columns
