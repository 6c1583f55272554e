// Goal: the day's books say what the events say, a refund gives back no more than was sold, and the
// number on a receipt finds its sale.
// Method: random days; what SQL adds up is added up again event by event.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journal/till_box.hpp"
#include "tests/support/books.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/audit.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight {
namespace {

using testing::a_line;
using testing::a_sale;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Books : public ::testing::Test {
 protected:
  Books() : journal_(Journal::open(settings(), random_, clock_).value()) {}

  JournalSettings settings() const { return {dir_ / "till.db", StoreId("S01"), TillId("T01")}; }
  JournalReader reader() const { return JournalReader::open(dir_ / "till.db").value(); }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(random_.next_u64() % static_cast<std::uint64_t>(n));
  }

  template <typename Entry>
  Event write(const Entry& entry) {
    const auto event = journal_.append(entry, "{}");
    EXPECT_TRUE(event.ok()) << event.error().message();
    return event.ok() ? *event : Event();
  }
  InvoiceNumber sell(int quantity = 3, std::int64_t discount = 0) {
    Invoice sale = a_sale({a_line("rice", 10'000, quantity)}, clock_);
    sale.lines[0].discount = Money::minor(discount);
    price_line(sale.lines[0]);
    total_up(sale);
    sale.tenders = {{"cash", sale.gross}};
    return *open_chain(write(sale))->invoice_no;
  }
  Status refund(const InvoiceNumber& number, int quantity) {
    const SoldInvoice sold = reader().sale(number).value();
    const auto event = journal_.append(testing::a_refund(sold, 1, quantity, clock_), "{}");
    return event.ok() ? Status() : Status(event.error());
  }
  ZReport close(std::int64_t counted = 0) {
    return open_z(write(testing::a_closing(counted, clock_))).value();
  }
  std::vector<std::string> audit_problems() const {
    Audit audit;
    EXPECT_TRUE(audit_journal(dir_ / "till.db", audit, [](double) {}).ok());
    return audit.problems;
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{3};
  Journal journal_;
};

TEST_F(Books, AZCoversEverythingSinceTheZBefore) {
  write(testing::an_opening(200'000, clock_));
  sell();
  write(testing::a_movement(false, 1'500, clock_));
  write(testing::a_movement(true, 500, clock_));
  const ZReport first = close(200'000);
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.sums.first, 1);
  EXPECT_EQ(first.sums.last, 5);
  EXPECT_EQ(first.sums.sales, 1);
  EXPECT_EQ(first.sums.sold.gross, 30'000);
  EXPECT_EQ(first.sums.takings_by_tender.at("cash"), 30'000);
  EXPECT_EQ(first.sums.expected_cash(), 200'000 + 30'000 - 1'500 + 500);
  EXPECT_EQ(first.closing.counted.at("cash"), Money::minor(200'000));
  const InvoiceNumber second_sale = sell(1, 100);
  const ZReport second = close();
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.sums.first, 6);
  EXPECT_EQ(second.sums.last, 7);
  EXPECT_EQ(second.sums.discount_total, 100);
  EXPECT_EQ(second.sums.first_invoice, to_string(second_sale));
  EXPECT_EQ(close().sums.sales, 0) << "a day on which nothing was sold";
  EXPECT_THAT(audit_problems(), IsEmpty());
}

TEST_F(Books, AnXLooksAndChangesNothing) {
  sell();
  const DaySums now = journal_.day_sums().value();
  EXPECT_EQ(now.sales, 1);
  EXPECT_EQ(now.last, 1);
  EXPECT_EQ(journal_.last_sequence(), Sequence(1));
}

TEST_F(Books, ARefundGivesBackNoMoreThanWasSold) {
  const InvoiceNumber number = sell(3, 100);
  EXPECT_TRUE(refund(number, 2).ok());
  EXPECT_EQ(reader().sale(number)->refunded, std::vector<int>{2});
  // As it was looked up before the first came back.
  SoldInvoice stale = reader().sale(number).value();
  stale.refunded = {0};
  const auto doubled = journal_.append(testing::a_refund(stale, 1, 2, clock_), "{}");
  EXPECT_THAT(doubled.error().message(), HasSubstr("2 of rice would come back, and 1"));
  Invoice dearer = testing::a_refund(reader().sale(number).value(), 1, 1, clock_);
  dearer.lines[0].list_price = Money::minor(99'999);
  price_line(dearer.lines[0]);
  total_up(dearer);
  dearer.tenders = {{"cash", dearer.gross}};
  EXPECT_THAT(journal_.append(dearer, "{}").error().message(), HasSubstr("what was paid for it"));
  EXPECT_TRUE(refund(number, 1).ok());
  const DaySums sums = journal_.day_sums().value();
  EXPECT_EQ(sums.refunded.gross, sums.sold.gross) << "all of it, to the unit";
  EXPECT_EQ(journal_.last_sequence(), Sequence(3));
}

TEST_F(Books, ASaleOfAnotherTillComesBackOnceAsFarAsAnybodyKnows) {
  // As head office told it: of three one came back somewhere.
  SoldInvoice sold{
      Sequence(9), {TillId("T02"), 1, 4}, a_sale({a_line("rice", 10'000, 3)}, clock_), {1}};
  const Invoice one = testing::a_refund(sold, 1, 1, clock_);
  EXPECT_EQ(journal_.append(one, "{}").error().code(), Code::kNotFound)
      << "without head office's word it is not known here";
  ASSERT_TRUE(journal_.append(one, "{}", {}, &sold).ok());
  EXPECT_EQ(reader().came_back(sold.number).value(), std::vector<int>{1});
  ASSERT_TRUE(journal_.append(one, "{}", {}, &sold).ok());
  sold.refunded = {0};  // a stale word
  EXPECT_THAT(
      journal_.append(testing::a_refund(sold, 1, 2, clock_), "{}", {}, &sold).error().message(),
      HasSubstr("2 of rice would come back, and 1"));
  SoldInvoice other = sold;
  other.number.count = 5;
  EXPECT_FALSE(journal_.append(one, "{}", {}, &other).ok()) << "about another sale";
  EXPECT_EQ(journal_.last_sequence(), Sequence(2));
}

TEST_F(Books, WhatCameBackElsewhereIsTakenFromOnesOwnSale) {
  const InvoiceNumber number = sell(3, 100);
  SoldInvoice sold = reader().sale(number).value();
  sold.refunded = {2};  // head office has heard of two at other tills
  EXPECT_THAT(journal_.append(testing::a_refund(sold, 1, 1, clock_), "{}").error().message(),
              HasSubstr("what was paid for it"))
      << "the discount of the last piece is not that of the first";
  ASSERT_TRUE(journal_.append(testing::a_refund(sold, 1, 1, clock_), "{}", {}, &sold).ok());
  EXPECT_EQ(reader().sale(number)->refunded, std::vector<int>{1});
  sold.refunded = {3};
  const Invoice one = testing::a_refund(reader().sale(number).value(), 1, 1, clock_);
  EXPECT_THAT(journal_.append(one, "{}", {}, &sold).error().message(),
              HasSubstr("1 of rice would come back, and 0"));
}

TEST_F(Books, AnUnlinkedRefundNeedsNoInvoice) {
  write(testing::an_unlinked_refund(clock_));
  EXPECT_EQ(journal_.day_sums()->refunds, 1);
  EXPECT_EQ(journal_.day_sums()->takings_by_tender.at("cash"), -600);
}

TEST_F(Books, TheNumberOnAReceiptFindsItsSale) {
  std::vector<InvoiceNumber> numbers;
  EXPECT_EQ(reader().last_sale().error().code(), Code::kNotFound);
  for (int i = 0; i < 25; ++i) {
    if (i % 3 == 0) write(testing::a_movement(true, 100, clock_));
    numbers.push_back(sell(1 + i % 4));
  }
  write(testing::a_movement(true, 100, clock_));
  JournalReader from = reader();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto sold = from.sale(numbers[i]);
    ASSERT_TRUE(sold.ok()) << sold.error().message();
    EXPECT_EQ(sold->invoice.lines[0].quantity, 1 + static_cast<int>(i) % 4);
  }
  EXPECT_EQ(from.last_sale()->number, numbers.back());
  EXPECT_EQ(from.sale({TillId("T01"), 1, 26}).error().code(), Code::kNotFound);
  EXPECT_EQ(from.sale({TillId("T01"), 2, 7}).error().code(), Code::kNotFound) << "another box's";
}

TEST_F(Books, AReceiptKnowsHowOftenItWasPrinted) {
  const InvoiceNumber number = sell();
  EXPECT_EQ(reader().sale(number)->printed, 0);
  ASSERT_TRUE(journal_.note_printed(Sequence(1)).ok());
  ASSERT_TRUE(journal_.note_printed(Sequence(1)).ok());
  EXPECT_EQ(reader().sale(number)->printed, 2);
}

TEST_F(Books, SumsBySqlAreThoseOfTheEvents) {
  write(testing::an_opening(50'000, clock_));
  DaySums counted;
  counted.first = 1;
  std::vector<InvoiceNumber> numbers;
  for (int i = 0; i < 200; ++i) {
    switch (below(8)) {
      case 0: write(testing::a_movement(below(2) == 0, 1 + below(900), clock_)); break;
      case 1: write(testing::an_unlinked_refund(clock_)); break;
      case 2:
        if (!numbers.empty()) {
          const auto any = static_cast<std::size_t>(below(std::ssize(numbers)));
          const SoldInvoice sold = reader().sale(numbers[any]).value();
          if (sold.refunded[0] < sold.invoice.lines[0].quantity) {
            EXPECT_TRUE(refund(numbers[any], 1).ok());
          }
        }
        break;
      case 3: numbers.push_back(sell(1 + static_cast<int>(below(5)), below(500))); break;
      default: write(testing::some_invoice(random_, clock_));
    }
  }
  JournalReader from = reader();
  const std::vector<Event> events = from.events_from(Sequence(1), 1000).value();
  for (const Event& event : events) {
    const auto opened =
        holds_invoice(event.type) ? std::optional(open(event).value()) : std::nullopt;
    ASSERT_TRUE(add_event(counted, event, opened).ok());
  }
  EXPECT_EQ(difference(journal_.day_sums().value(), counted), "");
  EXPECT_EQ(journal_.day_sums()->takings_by_tax_bp, counted.takings_by_tax_bp);
  close();
  EXPECT_THAT(audit_problems(), IsEmpty());
}

}  // namespace
}  // namespace tillsight
