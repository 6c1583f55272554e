// Goal: every sentence of the basket's contract, in the situations of a working day.
// Method: a counter top where things are put down and lifted, a camera that looks every 100 ms, and
// a clerk. Settled after 1 s, claims within 5 s, clear after 2 s. screen() shows the lines as
// "apple 2", a question as "apple? returned", pieces that left as "apple 2 (1 left)".
#include "tillsight/basket/basket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/basket/counter_top.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using testing::CounterTop;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BasketOfLines : public ::testing::Test {
 protected:
  static BasketSettings settings() {
    return {milliseconds(1000), milliseconds(5000), milliseconds(2000)};
  }

  bool look(int frames = 1) {
    bool changed = false;
    for (int i = 0; i < frames; ++i) changed = basket_->see(top_.look()) || changed;
    return changed;
  }
  /// Long enough for what lies there to settle.
  void look_long() { look(12); }

  std::vector<std::string> screen() const {
    std::vector<std::string> lines;
    for (const BasketLine& line : basket_->lines()) {
      std::string text = line.asks()
                             ? format("{}? {}", line.choices.front().value(), name(line.question))
                             : format("{} {}", line.sku.value(), line.quantity());
      if (!line.seen.empty()) text += " seen as " + line.seen;
      if (const int left = line.count(PieceState::kLeft)) text += format(" ({} left)", left);
      lines.push_back(std::move(text));
    }
    return lines;
  }
  LineId line(std::size_t number = 0) const { return basket_->lines().at(number).id; }
  const Product& product(const std::string& sku) const { return *catalogue_.by_sku(Sku(sku)); }
  Status key(const std::string& sku, int quantity = 1) {
    return basket_->add(product(sku), quantity, Entry::kKeypad, top_.now());
  }
  Status scan(const std::string& sku) {
    return basket_->add(product(sku), 1, Entry::kScanner, top_.now());
  }
  void restart() {
    const BasketState saved = basket_->state();
    basket_.emplace(catalogue_, settings());
    basket_->restore(saved);
    top_.restart_camera();
  }

  const Catalogue catalogue_ = testing::fruit_shop();
  CounterTop top_;
  std::optional<Basket> basket_{std::in_place, catalogue_, settings()};
};

// 1. What lies there.

TEST_F(BasketOfLines, CountsTheStableObjectsOfALabel) {
  top_.put("apple");
  top_.put("banana");
  top_.put("apple");
  EXPECT_TRUE(look());
  EXPECT_THAT(screen(), ElementsAre("apple 2", "banana 1"));
  EXPECT_FALSE(look(5)) << "nothing new";
  EXPECT_THAT(screen(), ElementsAre("apple 2", "banana 1"));
}

TEST_F(BasketOfLines, DoesNotShowWhatTheShopDoesNotSell) {
  top_.put("zebra");
  EXPECT_FALSE(look());
  EXPECT_THAT(screen(), IsEmpty());
}

TEST_F(BasketOfLines, FollowsTheCameraUntilAPieceHasSettled) {
  const ObjectId fruit = top_.put("apple");
  look();
  top_.reads(fruit, "orange");
  look();
  EXPECT_THAT(screen(), ElementsAre("orange 1"));
}

// 2. Leaving before payment.

TEST_F(BasketOfLines, PieceThatWasThereBrieflyGoesWithItsObject) {
  const ObjectId hand = top_.put("banana");
  look(5);
  top_.lift(hand);
  EXPECT_TRUE(look());
  EXPECT_THAT(screen(), IsEmpty());
}

TEST_F(BasketOfLines, SettledPieceThatLeavesStaysAndIsMarked) {
  const ObjectId apple = top_.put("apple");
  top_.put("apple");
  look_long();
  top_.lift(apple);
  EXPECT_TRUE(look());
  EXPECT_THAT(screen(), ElementsAre("apple 2 (1 left)"));
  look(200);
  EXPECT_THAT(screen(), ElementsAre("apple 2 (1 left)"));
}

TEST_F(BasketOfLines, BriefPieceThatTheClerkTouchedStaysWhenItLeaves) {
  const ObjectId apple = top_.put("apple");
  look();
  ASSERT_TRUE(basket_->choose(line(), product("apple")).ok());
  top_.lift(apple);
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1 (1 left)"));
}

TEST_F(BasketOfLines, OneLikeAPieceThatLeftAsksWhetherItIsBackOrOneMore) {
  const ObjectId apple = top_.put("apple");
  look_long();
  top_.lift(apple);
  look();
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1 (1 left)", "apple? returned"));
}

TEST_F(BasketOfLines, ReturnedPieceIsOneMoreWhenChosenAndNothingWhenRemoved) {
  const ObjectId apple = top_.put("apple");
  look_long();
  top_.lift(apple);
  look();
  top_.put("apple");
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->choose(line(1), product("apple")).ok());
  ASSERT_TRUE(basket_->remove(line(1)).ok());
  look(3);
  EXPECT_THAT(screen(), ElementsAre("apple 2 (1 left)"));
}

// 3. The clerk's word.

TEST_F(BasketOfLines, CorrectedProductOutranksTheCameraWhileTheObjectIsThere) {
  const ObjectId fruit = top_.put("orange");
  look();
  ASSERT_TRUE(basket_->choose(line(), product("lemon")).ok());
  look_long();
  top_.reads(fruit, "apple");
  look_long();
  EXPECT_THAT(screen(), ElementsAre("lemon 1 seen as orange"));
}

TEST_F(BasketOfLines, CorrectionEndsWithItsObject) {
  const ObjectId fruit = top_.put("orange");
  look();
  ASSERT_TRUE(basket_->choose(line(), product("lemon")).ok());
  top_.lift(fruit);
  look();
  top_.put("orange");
  look();
  EXPECT_THAT(screen(), ElementsAre("lemon 1 seen as orange (1 left)", "orange? returned"));
}

TEST_F(BasketOfLines, CorrectedLineJoinsOnlyItsLikes) {
  top_.put("apple");
  top_.put("orange");
  look();
  ASSERT_TRUE(basket_->choose(line(1), product("apple")).ok());
  EXPECT_THAT(screen(), ElementsAre("apple 1", "apple 1 seen as orange"));
  ASSERT_TRUE(basket_->choose(line(1), product("orange")).ok());
  EXPECT_THAT(screen(), ElementsAre("apple 1", "orange 1")) << "corrected back";
}

TEST_F(BasketOfLines, SetQuantityOutranksTheCamera) {
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->set_quantity(line(), 3).ok());
  look_long();
  EXPECT_THAT(screen(), ElementsAre("apple 3"));
  top_.put("apple");
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 3")) << "the camera found two that were counted";
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 3", "apple? more"));
}

TEST_F(BasketOfLines, LoweredQuantityHoldsWhileTheObjectsAreThere) {
  top_.put("apple");
  top_.put("apple");
  look_long();
  ASSERT_TRUE(basket_->set_quantity(line(), 1).ok());
  look_long();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
  ASSERT_TRUE(basket_->set_quantity(line(), 2).ok());
  look_long();
  EXPECT_THAT(screen(), ElementsAre("apple 2"));
}

TEST_F(BasketOfLines, SetQuantityEndsWhenItsObjectsHaveLeft) {
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->set_quantity(line(), 3).ok());
  top_.clear();
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 3 (1 left)"));
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 3 (1 left)", "apple? returned"));
}

TEST_F(BasketOfLines, RemovedLineStaysAwayUntilItsObjectLeaves) {
  const ObjectId apple = top_.put("apple");
  look();
  ASSERT_TRUE(basket_->remove(line()).ok());
  look_long();
  EXPECT_THAT(screen(), IsEmpty());
  top_.lift(apple);
  look();
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, RemovedObjectStaysAwayIntoTheNextSale) {
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->remove(line()).ok());
  basket_->next();
  look();
  EXPECT_THAT(screen(), IsEmpty());
}

TEST_F(BasketOfLines, LineThatIsNotThereIsNamed) {
  EXPECT_EQ(basket_->remove(LineId(7)).error().code(), Code::kNotFound);
  EXPECT_THAT(basket_->set_quantity(LineId(7), 2).error().message(), HasSubstr("line 7"));
  EXPECT_THAT(basket_->choose(LineId(7), product("apple")).error().message(), HasSubstr("line 7"));
}

// 4. Key and scanner.

TEST_F(BasketOfLines, KeyedProductClaimsAVisibleObject) {
  top_.put("apple");
  top_.put("apple");
  look();
  ASSERT_TRUE(key("apple").ok());
  EXPECT_THAT(screen(), ElementsAre("apple 2"));
  ASSERT_TRUE(key("apple").ok());
  EXPECT_THAT(screen(), ElementsAre("apple 2"));
  ASSERT_TRUE(key("apple").ok());
  EXPECT_THAT(screen(), ElementsAre("apple 3")) << "every object is claimed once";
}

TEST_F(BasketOfLines, KeyedProductAnswersALineThatAsksForIt) {
  top_.put("orange", false, {{"apple", 0.3F}});
  look();
  EXPECT_THAT(screen(), ElementsAre("orange? unsure"));
  ASSERT_TRUE(key("apple").ok());
  EXPECT_THAT(screen(), ElementsAre("apple 1 seen as orange"));
  EXPECT_EQ(basket_->lines()[0].entry(), Entry::kKeypad);
}

TEST_F(BasketOfLines, ScannedProductAnswersWhichOfALabel) {
  top_.put("bottle");
  look();
  EXPECT_THAT(screen(), ElementsAre("water? which"));
  ASSERT_TRUE(scan("steel").ok());
  EXPECT_THAT(screen(), ElementsAre("steel 1"));
  look_long();
  EXPECT_THAT(screen(), ElementsAre("steel 1"));
}

TEST_F(BasketOfLines, ProductThatIsScannedAndThenPutDownCountsOnce) {
  ASSERT_TRUE(scan("apple").ok());
  look(20);
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, ThingThatTheShopDoesNotSellClaimsNothing) {
  ASSERT_TRUE(scan("apple").ok());
  top_.put("zebra", false, {{"apple", 0.2F}});
  look();
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, PieceThatLeavesForTheScannerAndComesBackCountsOnce) {
  const ObjectId apple = top_.put("apple");
  look_long();
  top_.lift(apple);
  look(3);
  ASSERT_TRUE(scan("apple").ok());
  look(10);
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, PieceThatIsScannedInViewAndThenMovedCountsOnce) {
  const ObjectId apple = top_.put("apple");
  look_long();
  ASSERT_TRUE(scan("apple").ok());
  top_.lift(apple);
  look(3);
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, ClaimOfAKeyedProductEnds) {
  ASSERT_TRUE(key("apple").ok());
  look(51);
  top_.put("apple");
  look();
  EXPECT_THAT(screen(), ElementsAre("apple 2"));
}

TEST_F(BasketOfLines, KeyedProductTakesARemovedObjectBack) {
  top_.put("apple");
  look();
  ASSERT_TRUE(basket_->remove(line()).ok());
  ASSERT_TRUE(key("apple").ok());
  look_long();
  EXPECT_THAT(screen(), ElementsAre("apple 1"));
}

TEST_F(BasketOfLines, ProductWithoutALabelIsCountedByKey) {
  ASSERT_TRUE(key("rice", 2).ok());
  ASSERT_TRUE(scan("rice").ok());
  look(100);
  EXPECT_THAT(screen(), ElementsAre("rice 3"));
  EXPECT_EQ(basket_->lines()[0].entry(), Entry::kKeypad);
  EXPECT_EQ(basket_->lines()[0].score(), 0.0F);
}

TEST_F(BasketOfLines, QuantityHasALimit) {
  ASSERT_TRUE(key("rice", 999).ok());
  EXPECT_EQ(key("rice").error().code(), Code::kResourceExhausted);
  EXPECT_THAT(screen(), ElementsAre("rice 999"));
}

// 5. Questions.

TEST_F(BasketOfLines, LowScoreAsksAndOffersTheAlternatives) {
  top_.put("orange", false, {{"apple", 0.3F}, {"zebra", 0.2F}});
  look();
  ASSERT_THAT(screen(), ElementsAre("orange? unsure"));
  EXPECT_THAT(basket_->lines()[0].choices, ElementsAre(Sku("orange"), Sku("apple")));
}

TEST_F(BasketOfLines, QuestionEndsWhenTheCameraBecomesSure) {
  const ObjectId fruit = top_.put("orange", false);
  look();
  const LineId asked = line();
  top_.reads(fruit, "orange");
  look();
  EXPECT_THAT(screen(), ElementsAre("orange 1"));
  EXPECT_EQ(line(), asked);
}

TEST_F(BasketOfLines, SureLineStaysWhenTheScoreDips) {
  const ObjectId fruit = top_.put("orange");
  look();
  top_.reads(fruit, "orange", false);
  look();
  EXPECT_THAT(screen(), ElementsAre("orange 1"));
}

TEST_F(BasketOfLines, LabelOfSeveralProductsAsksForEveryObject) {
  top_.put("bottle");
  top_.put("bottle");
  look();
  EXPECT_THAT(screen(), ElementsAre("water? which", "water? which"));
  ASSERT_TRUE(basket_->choose(line(), product("steel")).ok());
  ASSERT_TRUE(basket_->choose(line(1), product("steel")).ok());
  EXPECT_THAT(screen(), ElementsAre("steel 2"));
  EXPECT_EQ(basket_->lines()[0].entry(), Entry::kCamera);
}

TEST_F(BasketOfLines, SettledPieceThatIsReadDifferentlyAsks) {
  top_.put("apple");
  const ObjectId fruit = top_.put("apple");
  look_long();
  top_.reads(fruit, "orange");
  look();
  ASSERT_THAT(screen(), ElementsAre("apple 1", "orange? changed"));
  EXPECT_THAT(basket_->lines()[1].choices, ElementsAre(Sku("orange"), Sku("apple")));
}

TEST_F(BasketOfLines, QuestionThatWasThereForLongStaysWhenItsObjectLeaves) {
  const ObjectId bottle = top_.put("bottle");
  look_long();
  top_.lift(bottle);
  look();
  EXPECT_THAT(screen(), ElementsAre("water? which (1 left)"));
}

TEST_F(BasketOfLines, QuantityOfALineThatAsksCannotBeSet) {
  top_.put("bottle");
  look();
  EXPECT_EQ(basket_->set_quantity(line(), 2).error().code(), Code::kFailedPrecondition);
}

// 6. After payment.

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
