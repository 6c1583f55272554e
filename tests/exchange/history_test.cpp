// Goal: the made-up history is the same for the same seed, says of itself what it is, and has what
// reports and recommendations look for: seasons, weekdays, hours, customers with tastes.
// Method: a year of it, imported by the command's own code, and counted.
#include "tillsight/exchange/history.hpp"

#include <gmock/gmock.h>

#include "tests/exchange/shop_files.hpp"

namespace tillsight::exchange {
namespace {

using ::testing::HasSubstr;

class History : public ShopFiles {
 protected:
  History() {
    settings_.from = parse_date("2021-01-01").value();
    settings_.to = parse_date("2021-12-31").value();
    settings_.invoices = 6'000;
    settings_.customers = 300;
  }
  std::string made(const std::string& name, std::uint64_t seed) {
    settings_.seed = seed;
    const Status done = generate_history(file(name), form_of(name), settings_, catalogue_,
                                         [](double) { return true; });
    EXPECT_TRUE(done.ok()) << done.error().message();
    return read_file(file(name), 64 * 1024 * 1024).value();
  }

  HistorySettings settings_;
  Catalogue catalogue_ =
      Catalogue::load(std::filesystem::path(source_dir()) / "config/catalogue.csv",
                      *Currency::parse("INR"))
          .value();
};

TEST_F(History, IsTheSameForTheSameSeed) {
  EXPECT_EQ(made("a.jsonl", 5), made("b.jsonl", 5));
  EXPECT_NE(made("c.jsonl", 6), made("d.jsonl", 5));
}

TEST_F(History, SaysTheSameAsCsvAndAsJsonLines) {
  made("a.jsonl", 5);
  made("a.csv", 5);
  EXPECT_EQ(import(file("a.jsonl"), own(Form::kJsonLines)).invoices, 6'000);
  const ImportSummary csv = import(file("a.csv"), own(Form::kCsv));
  EXPECT_EQ(csv.invoices, 0);
  EXPECT_EQ(csv.rejected, 0) << rejected().substr(0, 500);
}

TEST_F(History, IsSyntheticAndHasWhatReportsLookFor) {
  made("a.jsonl", 5);
  ASSERT_EQ(import(file("a.jsonl"), own(Form::kJsonLines)).rejected, 0)
      << rejected().substr(0, 500);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices WHERE origin = 'synthetic'"), 6'000);
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), 300);
  EXPECT_EQ(number("SELECT count(*) FROM persons.person WHERE phone NOT LIKE '+447700900___'"), 0);
  const auto invoices = [this](const char* where) {
    return number(format("SELECT count(*) FROM v_invoices WHERE {}", where));
  };
  EXPECT_GT(invoices("weekday = 'Saturday'"), invoices("weekday = 'Monday'") * 4 / 3);
  EXPECT_GT(invoices("date LIKE '%-11-%'"), invoices("date LIKE '%-02-%'"));
  EXPECT_GT(invoices("time LIKE '18:%'"), invoices("time LIKE '09:%'") * 2);
  EXPECT_EQ(invoices("time NOT BETWEEN '09:00:00' AND '20:59:59'"), 0);
  EXPECT_NEAR(static_cast<double>(invoices("customer IS NULL")), 480, 120);
  EXPECT_NEAR(static_cast<double>(invoices("kind = 'refund'")), 60, 40);
  // Whoever buys something buys it again far more often than everybody else does.
  EXPECT_GT(
      number("SELECT max(share) FROM (SELECT 100 * count(*) / sum(count(*)) OVER (PARTITION BY "
             "customer) AS share FROM v_lines WHERE customer IS NOT NULL GROUP BY customer, "
             "sku)"),
      2 * number("SELECT max(share) FROM (SELECT 100 * count(*) / sum(count(*)) OVER () AS "
                 "share FROM v_lines GROUP BY sku)"));
}

TEST_F(History, OverwritesNothingAndLeavesNothingHalf) {
  made("a.jsonl", 5);
  const auto generate = [this](const char* name, const GoOn& go_on) {
    return generate_history(file(name), Form::kJsonLines, settings_, catalogue_, go_on)
        .error()
        .message();
  };
  EXPECT_THAT(generate("a.jsonl", [](double) { return true; }), HasSubstr("is there already"));
  EXPECT_THAT(generate("b.jsonl", [](double) { return false; }), HasSubstr("nothing was written"));
  EXPECT_FALSE(std::filesystem::exists(file("b.jsonl")));
  EXPECT_FALSE(std::filesystem::exists(file("b.jsonl.partial")));
  settings_.customers = 1'001;
  EXPECT_THAT(generate("c.jsonl", [](double) { return true; }),
              HasSubstr("--customers is 1 to 1000"));
}

}  // namespace
}  // namespace tillsight::exchange
