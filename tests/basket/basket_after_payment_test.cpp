// Goal: whose things lie on the counter after payment, while a sale is held, and after a restart.
// Method: BasketOfLines, which says what the screen shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/basket/basket_of_lines.hpp"

namespace tillsight {
namespace {

using testing::BasketOfLines;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// After payment.

TEST_F(BasketOfLines, ObjectsInViewAfterPaymentBelongToThePaidSale) {
  top_.put("apple");
  look_long();
  basket_->close();
  look(100);
  EXPECT_THAT(screen(), IsEmpty());
  EXPECT_TRUE(basket_->closed());
  EXPECT_EQ(basket_->elsewhere(), 1);
}

TEST_F(BasketOfLines, NextCountsWhatIsStillOnTheCounter) {
  top_.put("apple");
  look_long();
  basket_->close();
  look();
  basket_->next();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, OpensByItselfWhenTheCounterHasBeenClear) {
  const ObjectId apple = top_.put("apple");
  look_long();
  basket_->close();
  look();
  top_.lift(apple);
  look(10);
  EXPECT_TRUE(basket_->closed()) << "not clear for long enough";
  EXPECT_TRUE(look(15));
  EXPECT_FALSE(basket_->closed());
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, SoldThingThatIsMovedAfterPaymentIsNotSoldAgain) {
  const ObjectId apple = top_.put("apple");
  top_.put("banana");
  look_long();
  basket_->close();
  top_.lift(apple);
  look(5);
  top_.put("apple");
  look(5);
  EXPECT_EQ(basket_->elsewhere(), 2);
}

TEST_F(BasketOfLines, NextCustomersThingsWaitUntilTheSaleOpens) {
  const ObjectId apple = top_.put("apple");
  look_long();
  basket_->close();
  top_.put("banana");
  look(50);
  EXPECT_THAT(screen(), IsEmpty());
  top_.lift(apple);
  look(30);
  EXPECT_THAT(screen(), ElementsAre("banana 1"));
}

TEST_F(BasketOfLines, OpeningByKeyLeavesThePaidThingsAlone) {
  top_.put("apple");
  look_long();
  basket_->close();
  look();
  basket_->open();
  ASSERT_TRUE(key("apple").ok());
  look(10);
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
  EXPECT_EQ(basket_->elsewhere(), 1);
}

// Hold and resume.

TEST_F(BasketOfLines, HeldThingsStayOutOfTheNextSaleAndComeBackWithTheirs) {
  top_.put("apple");
  const ObjectId orange = top_.put("orange");
  look_long();
  BasketContent held = basket_->take_out();
  look();
  EXPECT_THAT(screen(), IsEmpty());
  top_.put("banana");
  top_.lift(orange);
  look();
  EXPECT_THAT(screen(), ElementsAre("banana 1"));
  basket_->take_out();
  basket_->put_back(std::move(held));
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1", "orange 1 (1 left)"));
}

// Restart.

TEST_F(BasketOfLines, ThingsInViewAreNotCountedAgainAfterARestart) {
  top_.put("apple");
  top_.put("apple");
  top_.put("orange");
  top_.put("bottle");
  look_long();
  ASSERT_TRUE(basket_->choose(line(1), product("lemon")).ok());
  const auto before = screen();
  restart();
  look(5);  // the camera needs a moment
  top_.put("orange");
  top_.put("bottle");
  top_.put("apple");
  top_.put("apple");
  look();
  EXPECT_EQ(screen(), before);
  top_.put("apple");
  look();
  EXPECT_THAT(screen()[0], "apple 3");
}

TEST_F(BasketOfLines, ThingsTakenAwayDuringARestartAreMarkedLeft) {
  top_.put("apple");
  look_long();
  restart();
  look(60);
  EXPECT_THAT(screen(), ElementsAre("apple 1 (1 left)"));
}

TEST_F(BasketOfLines, RemovedThingsStayAwayOverARestart) {
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->remove(line()).ok());
  restart();
  top_.put("apple");
  look_long();
  EXPECT_THAT(screen(), IsEmpty());
}

TEST_F(BasketOfLines, PaidThingsStayPaidOverARestart) {
  top_.put("apple");
  look_long();
  basket_->close();
  restart();
  look(10);
  top_.put("apple");
  look(100);
  EXPECT_TRUE(basket_->closed());
  EXPECT_THAT(screen(), IsEmpty());
}

TEST_F(BasketOfLines, StateOfARestoredBasketIsTheStateThatWasSaved) {
  top_.put("apple");
  top_.put("zebra");
  look_long();
  ASSERT_TRUE(key("rice", 3).ok());
  ASSERT_TRUE(basket_->set_quantity(line(0), 4).ok());
  const BasketState saved = basket_->state();
  restart();
  BasketState again = basket_->state();
  ASSERT_EQ(again.content.lines.size(), saved.content.lines.size());
  EXPECT_EQ(again.content.next_line, saved.content.next_line);
  for (std::size_t i = 0; i < saved.content.lines.size(); ++i) {
    EXPECT_EQ(again.content.lines[i].quantity(), saved.content.lines[i].quantity());
    EXPECT_EQ(again.content.lines[i].sku, saved.content.lines[i].sku);
  }
}

}  // namespace
}  // namespace tillsight
