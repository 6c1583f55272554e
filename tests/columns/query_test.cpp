// Goal: whatever is asked, the answer is the one that SQL gives over the views; and what counts is
// what the contract says.
// Method: random shops and random questions, with the same question in SQL; then small shops whose
// answers were worked out by hand.
#include "tillsight/columns/query.hpp"

#include <gmock/gmock.h>

#include "tests/columns/random_query.hpp"
#include "tests/columns/random_shop.hpp"

namespace tillsight::columns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class Queries : public RandomShop {
 protected:
  void expect_as_sql(const Columns& columns, const Query& query) {
    const std::string question = RandomQuery::sql_of(query);
    std::vector<std::string> expected = sql(question);
    for (std::string& row : expected) row.erase(row.size() - 2);
    for (const int threads : {1, 3}) {
      const auto found = answer(columns, query, threads);
      ASSERT_TRUE(found.ok()) << found.error().message() << "\n" << question;
      EXPECT_THAT(texts(*found), UnorderedElementsAreArray(expected)) << question;
      if (HasFailure()) return;
    }
  }

  void expect_random_questions(int questions, bool one_currency) {
    RandomQuery random(engine_, one_currency);
    const auto columns = view();
    for (int i = 0; i < questions && !HasFailure(); ++i) expect_as_sql(*columns, random.next());
  }

  std::string refusal(const Query& query) const {
    const auto found = answer(*view(), query);
    EXPECT_FALSE(found.ok());
    EXPECT_EQ(found.error().code(), Code::kInvalidArgument);
    return found.error().message();
  }

  void sell(std::string_view store, int day, std::int64_t price, SaleKind kind = SaleKind::kSale,
            std::string_view currency = "INR", std::string_view item = "apple") {
    Invoice invoice = an_invoice(day);
    invoice.kind = kind;
    invoice.currency = currency;
    invoice.lines = {testing::a_line(item, price)};
    total_up(invoice);
    book(std::move(invoice), store);
  }
};

TEST_F(Queries, AnswerAsSqlDoes) {
  sell_at_random(600);
  expect_random_questions(150, true);
  extend();
  expect_random_questions(150, true);
}

TEST_F(Queries, AnswerAsSqlDoesInManyCurrencies) {
  sell_at_random(400, {.days = 50, .customers = 5, .currencies = {"INR", "EUR", "USD"}});
  extend();
  sell_at_random(100, {.days = 50, .customers = 9, .currencies = {"INR", "CHF"}});
  expect_random_questions(150, false);
}

TEST_F(Queries, SumsAreSalesLessRefundsAndCountsAreSales) {
  sell("S01", 0, 1000);
  sell("S01", 0, 500);
  sell("S01", 0, 300, SaleKind::kRefund);
  sell("S01", 0, 99900, SaleKind::kVoid);
  commit();
  const std::vector<Measure> measures = {
      kGrossSum, kLineCount, kInvoiceCount, {Reckoning::kAverage, Amount::kGross}};
  EXPECT_THAT(ask({.measures = measures}), ElementsAre("1200|2|2|750000|"));
  EXPECT_THAT(ask({.by = {Dimension::kKind}, .measures = measures}),
              ElementsAre("refund|-300|1|1|-300000|", "sale|1500|2|2|750000|"));
  EXPECT_THAT(ask({.measures = measures, .filter = {.where = {where("kind=void")}}}),
              ElementsAre("99900|1|1|99900000|"));
}

TEST_F(Queries, NeverAddUpCurrencies) {
  sell("S01", 0, 1000);
  sell("S02", 0, 700, SaleKind::kSale, "EUR");
  commit();
  const auto both = answer(*view(), {.measures = {kGrossSum, kInvoiceCount}}).value();
  EXPECT_THAT(texts(both), ElementsAre("EUR|700|1|", "INR|1000|1|"));
  EXPECT_EQ(both.columns[0].name, "currency");
  EXPECT_FALSE(both.currency);
  const auto counted = answer(*view(), {.measures = {kInvoiceCount}}).value();
  EXPECT_THAT(texts(counted), ElementsAre("2|"));
  const auto one =
      answer(*view(), {.measures = {kGrossSum}, .filter = {.where = {where("store=S02")}}}).value();
  EXPECT_THAT(texts(one), ElementsAre("700|"));
  EXPECT_EQ(one.currency, "EUR");
}

TEST_F(Queries, ATillIsNamedWithItsStore) {
  sell("S01", 0, 1000);
  sell("S02", 0, 700);
  commit();
  EXPECT_THAT(ask({.by = {Dimension::kTill}, .measures = {kGrossSum}}),
              ElementsAre("S01|T01|1000|", "S02|T01|700|"));
}

TEST_F(Queries, AreOrderedAndLimited) {
  for (int day = 0; day < 10; ++day) sell("S01", day, 100 * (day % 3));
  commit();
  const auto found = answer(*view(), {.by = {Dimension::kDate},
                                      .measures = {kGrossSum},
                                      .order = {{"gross", true}},
                                      .limit = 4})
                         .value();
  EXPECT_THAT(texts(found), ElementsAre("2024-01-03|200|", "2024-01-06|200|", "2024-01-09|200|",
                                        "2024-01-02|100|"));
  EXPECT_EQ(found.groups, 10);
  EXPECT_THAT(refusal({.measures = {kGrossSum}, .order = {{"revenue"}}}),
              HasSubstr("cannot order by 'revenue'; the columns are gross"));
  EXPECT_THAT(refusal({.measures = {kGrossSum}, .limit = 0}), HasSubstr("limit"));
}

TEST_F(Queries, AnEmptyHubAndOneLine) {
  const Query query{.by = {Dimension::kDate, Dimension::kItem},
                    .measures = {kGrossSum, kCustomerCount, kInvoiceCount}};
  EXPECT_THAT(ask(query), IsEmpty());
  extend();
  EXPECT_THAT(ask(query), IsEmpty());
  sell("S01", 3, 1234);
  commit();
  EXPECT_THAT(ask(query), ElementsAre("2024-01-04|apple|1234|0|1|"));
  extend();
  EXPECT_THAT(ask(query), ElementsAre("2024-01-04|apple|1234|0|1|"));
}

TEST_F(Queries, ManyGroupsAreFoundByHashing) {
  sell_at_random(300, {.days = 3000, .customers = 900});
  const Query query{.by = {Dimension::kDate, Dimension::kCustomer, Dimension::kSku},
                    .measures = {kGrossSum, kInvoiceCount, kCustomerCount, kLineCount}};
  expect_as_sql(*view(), query);
}

TEST_F(Queries, RefuseWhatTheyCannotAnswer) {
  sell("S01", 0, 1000);
  commit();
  EXPECT_THAT(refusal({}), HasSubstr("nothing is asked for"));
  EXPECT_THAT(refusal({.measures = {{Reckoning::kSum, Amount::kConfidence}}}),
              HasSubstr("confidence adds up to nothing"));
  const auto with = [](std::string_view condition) {
    return Query{.measures = {kGrossSum}, .filter = {.where = {where(condition)}}};
  };
  EXPECT_THAT(refusal(with("kind=sold")), HasSubstr("'sold' is no kind; known are sale, refund"));
  EXPECT_THAT(refusal(with("date=2024-13-01")), HasSubstr("write it as 2026-11-23"));
  EXPECT_THAT(refusal(with("week=2024-W54")), HasSubstr("write it as 2026-W48"));
  EXPECT_THAT(refusal(with("weekday=Caturday")), HasSubstr("write it as Monday"));
  EXPECT_THAT(refusal(with("hour=24")), HasSubstr("'24' is no hour"));
  EXPECT_THAT(refusal(with("item<b")), HasSubstr("item has no order"));
  EXPECT_THAT(refusal(with("gross>1.999")), HasSubstr("is not an amount in INR"));
  EXPECT_THAT(refusal(with("quantity=1.5")), HasSubstr("'1.5' is no number"));
}

TEST(Conditions, AreRead) {
  const Condition list = where("item not in Cup , \"Tea, \"\"green\"\"\"");
  EXPECT_EQ(list.compare, Compare::kNotIn);
  EXPECT_THAT(list.values, ElementsAre("Cup", "Tea, \"green\""));
  const Condition plain = where("item = A, B=C ");
  EXPECT_EQ(plain.compare, Compare::kEqual);
  EXPECT_THAT(plain.values, ElementsAre("A, B=C"));
  EXPECT_THAT(where("customer=").values, ElementsAre(""));
  EXPECT_EQ(where("gross>=1").compare, Compare::kAtLeast);
}

TEST(Conditions, NameWhatIsKnown) {
  for (const std::string_view wrong : {"", "=x", "item", "item ~ x", "item in \"x", "item inx"}) {
    EXPECT_FALSE(parse_condition(wrong).ok()) << wrong;
  }
  EXPECT_THAT(parse_condition("colour=red").error().message(),
              HasSubstr("'colour' is no dimension; known are store, till, date"));
  EXPECT_THAT(parse_dimension("colour").error().message(), HasSubstr("receipt_date"));
  EXPECT_THAT(parse_count("shoes").error().message(), HasSubstr("lines, invoices, customers"));
}

}  // namespace
}  // namespace tillsight::columns
