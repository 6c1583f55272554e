// Goal: the day's books come back as they were sealed, and sums that cannot be are refused.
// Method: each event once round; each law broken once.
#include "tillsight/domain/day.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/books.hpp"

namespace tillsight {
namespace {

using testing::an_opening;
using ::testing::HasSubstr;

Chain first_link() {
  return {{StoreId("S01"), TillId("T01"), Incarnation(std::string(32, 'a')), Sequence(7)}, {}, {}};
}

ZReport a_z() {
  const FakeClock clock;
  ZReport z;
  z.number = 3;
  z.closing = testing::a_closing(12'000, clock);
  DaySums& sums = z.sums;
  sums.first = 2;
  sums.last = 7;
  sums.sales = 2;
  sums.refunds = 1;
  sums.voids = 1;
  sums.corrections = 1;
  sums.discounts = 1;
  sums.discount_total = 50;
  sums.void_total = 900;
  sums.sold = {10'000, 1'800, 11'800};
  sums.refunded = {1'000, 0, 1'000};
  sums.takings_by_tax_bp = {{0, {-1'000, 0, -1'000}}, {1800, {10'000, 1'800, 11'800}}};
  sums.takings_by_tender = {{"card", 11'000}, {"cash", -200}};
  sums.first_invoice = "T01-1-000001-3";
  sums.last_invoice = "T01-1-000002-1";
  sums.opening_float = 10'000;
  sums.cash_in = 500;
  sums.cash_out = 300;
  return z;
}

/// What head office makes of `event`.
std::string received(const Event& event) {
  const auto all = from_cloud_events(to_cloud_events({event}));
  return all.at(0).event.ok() ? "" : all.at(0).event.error().message();
}

Event changed(Event event, const std::string& from, const std::string& to) {
  event.sealed.replace(event.sealed.find(from), from.size(), to);
  return event;
}

TEST(DayBooks, ComeBackAsTheyWereSealed) {
  const FakeClock clock;
  const Event opening = seal(an_opening(200'000, clock), first_link());
  EXPECT_EQ(opening.type, kDayOpenType);
  EXPECT_EQ(open_day_opening(opening)->opening_float, Money::minor(200'000));
  EXPECT_EQ(received(opening), "");

  const Event movement = seal(testing::a_movement(false, 1'500, clock), first_link());
  const auto out = open_cash_movement(movement);
  ASSERT_TRUE(out.ok()) << out.error().message();
  EXPECT_FALSE(out->in);
  EXPECT_EQ(out->amount, Money::minor(1'500));
  EXPECT_EQ(out->reason, "milk");
  EXPECT_EQ(out->entry.cashier, "Meera");
  EXPECT_EQ(received(movement), "");

  const ZReport z = a_z();
  const Event closing = seal(z, first_link());
  const auto back = open_z(closing);
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->sums, z.sums);
  EXPECT_EQ(back->number, 3);
  EXPECT_EQ(back->closing.counted, z.closing.counted);
  EXPECT_EQ(back->sums.expected_cash(), 10'000 - 200 + 500 - 300);
  EXPECT_EQ(received(closing), "");
}

TEST(DayBooks, AZThatCannotBeIsRefused) {
  const Event z = seal(a_z(), first_link());
  EXPECT_THAT(received(changed(z, R"("last":7)", R"("last":6)")),
              HasSubstr("'last' is not the Z's own sequence"));
  EXPECT_THAT(received(changed(z, R"("gross":11800},"refunded")", R"("gross":11801},"refunded")")),
              HasSubstr("net and tax are not the gross"));
  EXPECT_THAT(received(changed(z, R"("card":11000)", R"("card":11001)")),
              HasSubstr("takings by tender"));
  EXPECT_THAT(received(changed(z, R"("0":{"net":-1000)", R"("0":{"net":-1001)")),
              HasSubstr("takings by tax rate"));
  EXPECT_THAT(received(changed(z, R"("cash_in":500)", R"("cash_in":501)")),
              HasSubstr("'expected_cash' is not"));
  EXPECT_THAT(received(changed(z, R"("1800":{)", R"("18x":{)")), HasSubstr("no tax rate"));
}

TEST(DayBooks, CashThatMovesNothingIsRefused) {
  const FakeClock clock;
  const Event movement = seal(testing::a_movement(true, 1'500, clock), first_link());
  EXPECT_THAT(received(changed(movement, R"("amount":1500)", R"("amount":0)")),
              HasSubstr("'amount' is not more than zero"));
  EXPECT_THAT(received(changed(movement, R"("way":"in")", R"("way":"up")")),
              HasSubstr("'way' is not in or out"));
}

TEST(DayBooks, ADifferenceIsSaidToTheUnit) {
  DaySums counted = a_z().sums;
  EXPECT_EQ(difference(a_z().sums, counted), "");
  ++counted.sold.gross;
  EXPECT_THAT(difference(a_z().sums, counted), HasSubstr("2 sales of 11801"));
}

TEST(Refund, GivesBackExactlyWhatWasPaidHoweverItComesBack) {
  SeededRandom random(3);
  for (int round = 0; round < 300; ++round) {
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(random.next_u64() % static_cast<std::uint64_t>(n));
    };
    InvoiceLine line = testing::a_line("rice", 1 + below(50'000), 1 + static_cast<int>(below(12)));
    line.discount = Money::minor(below(line.gross.minor_units() + 1));
    price_line(line);
    SoldInvoice sold{Sequence(1), {TillId("T01"), 1, 1}, {}, {0}};
    sold.invoice.lines = {line};
    Money back;
    while (sold.refunded[0] < line.quantity) {
      const int pieces = 1 + static_cast<int>(below(line.quantity - sold.refunded[0]));
      const InvoiceLine returned = refund_line(sold, 1, pieces);
      EXPECT_GE(returned.gross, Money());
      back += returned.gross;
      sold.refunded[0] += pieces;
    }
    ASSERT_EQ(back, line.gross);
  }
}

TEST(Refund, SaysWhatItRefundsOrWhoAgreed) {
  const FakeClock clock;
  Invoice unlinked = testing::an_unlinked_refund(clock);
  EXPECT_TRUE(check(unlinked).ok());
  unlinked.approver.clear();
  EXPECT_THAT(check(unlinked).error().message(), HasSubstr("nobody vouched"));
  unlinked.unlinked = false;
  EXPECT_THAT(check(unlinked).error().message(), HasSubstr("does not say of what"));
  Invoice sale = testing::a_sale();
  sale.approver = "Farah";
  EXPECT_THAT(check(sale).error().message(), HasSubstr("only a refund"));
}

}  // namespace
}  // namespace tillsight
