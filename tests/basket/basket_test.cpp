// Goal: every sentence of the basket's contract about an open sale, in the situations of a working
// day. After payment, hold and restart are in basket_after_payment_test.cpp.
// Method: BasketOfLines, which says what the screen shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/basket/basket_of_lines.hpp"

namespace tillsight {
namespace {

using testing::BasketOfLines;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace tillsight
