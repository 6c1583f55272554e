// Goal: every page sees the newest of everything, slow ones fewer steps; receipts come again to
// whoever was away; memory does not grow.
// Method: one board, several readers at their own pace.
#include "web/news_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tillsight/core/format.hpp"

namespace tillsight::web {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(NewsBoard, NewPageSeesWhatIsThere) {
  NewsBoard board;
  board.show(Channel::kSale, R"({"revision":1})");
  board.show(Channel::kStatus, R"({"till":"T01"})");
  NewsBoard::Reader page(board, "");
  EXPECT_EQ(page.next(),
            "event: sale\ndata: {\"revision\":1}\n\n"
            "event: status\ndata: {\"till\":\"T01\"}\n\n");
  EXPECT_EQ(page.next(), "");
}

TEST(NewsBoard, SlowPageSkipsToTheNewest) {
  NewsBoard board;
  NewsBoard::Reader quick(board, "");
  NewsBoard::Reader slow(board, "");
  for (int i = 0; i < 1000; ++i) {
    board.show(Channel::kSale, format("{{\"revision\":{}}}", i));
    EXPECT_THAT(quick.next(), HasSubstr(format(":{}}}", i)));
  }
  EXPECT_EQ(slow.next(), "event: sale\ndata: {\"revision\":999}\n\n");
}

TEST(NewsBoard, TwoPagesSeeTheSame) {
  NewsBoard board;
  NewsBoard::Reader one(board, "");
  NewsBoard::Reader other(board, "");
  board.show(Channel::kSale, "{}");
  EXPECT_EQ(one.next(), other.next());
}

TEST(NewsBoard, PageThatWasAwayGetsTheReceiptsItMissed) {
  NewsBoard board;
  for (int sequence = 1; sequence <= 5; ++sequence) board.show_receipt(sequence, "{}");
  EXPECT_EQ(NewsBoard::Reader(board, "3").next(),
            "id: 4\nevent: committed\ndata: {}\n\nid: 5\nevent: committed\ndata: {}\n\n");
  EXPECT_EQ(NewsBoard::Reader(board, "5").next(), "");
}

TEST(NewsBoard, NewPageAndOneThatTalksNonsenseGetTheLastReceipt) {
  NewsBoard board;
  for (int sequence = 1; sequence <= 5; ++sequence) board.show_receipt(sequence, "{}");
  for (const char* nonsense : {"", "five", "-", "99999999999999999999", "4x"}) {
    EXPECT_EQ(NewsBoard::Reader(board, nonsense).next(), "id: 5\nevent: committed\ndata: {}\n\n")
        << nonsense;
  }
}

TEST(NewsBoard, KeepsNoMoreReceiptsThanItSays) {
  NewsBoard board;
  for (int sequence = 1; sequence <= 1000; ++sequence) board.show_receipt(sequence, "{}");
  const std::string all = NewsBoard::Reader(board, "0").next();
  EXPECT_THAT(all, HasSubstr("id: 1000\n"));
  EXPECT_THAT(all, HasSubstr(format("id: {}\n", 1001 - NewsBoard::kReceiptsMax)));
  EXPECT_THAT(all, Not(HasSubstr(format("id: {}\n", 1000 - NewsBoard::kReceiptsMax))));
}

}  // namespace
}  // namespace tillsight::web
