// Goal: whoever walks through the invoices sees each that the filter leaves, once, with its lines.
// Method: random shops, walked through on one and on several threads, beside SQL.
#include "tillsight/columns/baskets.hpp"

#include <gmock/gmock.h>

#include <map>
#include <mutex>

#include "tests/columns/random_shop.hpp"

namespace tillsight::columns {
namespace {

using ::testing::Eq;
using ::testing::IsEmpty;

class Walk : public RandomShop {
 protected:
  /// "cursor: item gross, item gross, …" of each invoice.
  std::vector<std::string> walked(const Filter& filter, int threads) const {
    const auto columns = view();
    std::mutex mutex;
    std::map<std::int64_t, std::string> found;
    const std::vector<Field> fields = {Field::kCursor, Field::kItem, Field::kGross};
    const Status done = each(
        *columns, filter, fields,
        [&](const Baskets& baskets) {
          const std::lock_guard lock(mutex);
          EXPECT_LT(baskets.worker, threads);
          for (std::size_t i = 0; i < baskets.invoices; ++i) {
            std::string& text = found[baskets.values[0][i]];
            EXPECT_EQ(text, "");
            text = std::to_string(baskets.values[0][i]) + ":";
            for (auto line = baskets.first_line[i]; line < baskets.first_line[i + 1]; ++line) {
              const auto code = static_cast<std::uint32_t>(baskets.values[1][line]);
              text += " " + std::string(columns->text(Field::kItem, code)) + " " +
                      std::to_string(baskets.sign * baskets.values[2][line]) + ",";
            }
          }
        },
        threads);
    EXPECT_TRUE(done.ok());
    std::vector<std::string> texts;
    for (const auto& [cursor, text] : found) texts.push_back(text + "|");
    return texts;
  }
  std::vector<std::string> expected(const std::string& where, const std::string& join) const {
    return sql(
        "SELECT cursor || ':' || coalesce(group_concat(' ' || item || ' ' || iif(kind = 'refund', "
        "-gross, gross) || ',', ''), '') FROM (SELECT v_invoices.cursor, v_invoices.kind, "
        "item, v_lines.gross FROM v_invoices " +
        join + " JOIN v_lines USING (cursor) WHERE " + where +
        " ORDER BY v_invoices.cursor, line) GROUP BY cursor ORDER BY cursor");
  }
};

TEST_F(Walk, SeesEveryInvoiceOnceWithItsLines) {
  sell_at_random(500);
  extend();
  sell_at_random(50);
  for (const int threads : {1, 2, 5}) {
    EXPECT_THAT(walked({}, threads), Eq(expected("v_invoices.kind <> 'void'", "LEFT")));
    EXPECT_THAT(walked({.where = {where("store=S01"), where("hour>=12")}}, threads),
                Eq(expected("v_invoices.kind <> 'void' AND v_invoices.store = 'S01' AND "
                            "time >= '12'",
                            "LEFT")));
    EXPECT_THAT(walked({.where = {where("item=Cup")}}, threads),
                Eq(expected("v_invoices.kind <> 'void' AND item = 'Cup'", "")));
  }
}

TEST_F(Walk, TheVisitsOfACustomerAreInOrder) {
  sell_at_random(400, {.days = 100, .customers = 20});
  const auto columns = view();
  const auto visits = visits_by_customer(*columns, {}, 3);
  ASSERT_TRUE(visits.ok());
  std::vector<std::string> found;
  for (std::uint32_t code = 1; code < columns->codes(Field::kCustomer); ++code) {
    for (const Visit& visit : visits->of(code)) {
      found.push_back(std::string(columns->text(Field::kCustomer, code)) + " " +
                      std::to_string(visit.cursor) + " " + std::to_string(visit.gross) + " " +
                      std::string(columns->text(Field::kStore, visit.store)) + "|");
    }
  }
  std::ranges::stable_sort(found, {}, [](const std::string& row) { return row.substr(0, 32); });
  EXPECT_THAT(found, Eq(sql("SELECT customer || ' ' || cursor || ' ' || iif(kind = 'refund', "
                            "-gross, gross) || ' ' || store FROM v_invoices WHERE customer IS NOT "
                            "NULL AND kind <> 'void' ORDER BY customer, business_date, cursor")));
  EXPECT_THAT(visits->of(0), IsEmpty());
  EXPECT_FALSE(visits_by_customer(*columns, {.where = {where("item=Cup")}}).ok());
}

}  // namespace
}  // namespace tillsight::columns
