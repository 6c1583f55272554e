// Goal: the basket's laws hold whatever the camera sees and whatever the clerk presses.
// Method: long random days on a small counter; after every single step all laws are checked. A
// failure names its seed and step.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/basket/counter_top.hpp"
#include "tillsight/basket/basket.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using testing::CounterTop;

const std::vector<std::string> kSold = {"apple", "orange", "banana", "bottle"};
const std::vector<std::string> kSkus = {"apple", "orange", "banana", "water", "steel", "lemon"};

class RandomDay {
 public:
  explicit RandomDay(unsigned seed) : random_(seed) {}

  void step() {
    switch (below(12)) {
      case 0: put(); break;
      case 1: lift(); break;
      case 2: read_differently(); break;
      case 3: clerk(); break;
      default: see();
    }
    check_every_piece_counts_once();
    check_lines_are_well_formed();
  }

 private:
  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }
  template <typename T>
  const T& any(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  void put() {
    if (top_.objects().size() >= 12) return;
    top_.put(below(6) == 0 ? "zebra" : any(kSold), below(3) > 0, {{any(kSold), 0.2F}});
  }
  void lift() {
    if (!top_.objects().empty()) top_.lift(any(top_.objects()).id);
  }
  void read_differently() {
    if (top_.objects().empty()) return;
    const StableObject& object = any(top_.objects());
    if (object.best.label != "zebra") top_.reads(object.id, any(kSold), below(2) > 0);
  }

  void clerk() {
    if (basket_.closed()) {
      if (below(2) == 0) basket_.open();
      return;
    }
    const LineId line(1 + below(8));
    const Product& product = *catalogue_.by_sku(Sku(any(kSkus)));
    Status status;
    switch (below(9)) {
      case 0:
        status = basket_.add(product, 1 + static_cast<int>(below(3)), Entry::kKeypad, top_.now());
        break;
      case 1: status = basket_.add(product, 1, Entry::kScanner, top_.now()); break;
      case 2: status = basket_.remove(line); break;
      case 3: status = basket_.set_quantity(line, 1 + static_cast<int>(below(4))); break;
      case 4: status = basket_.choose(line, product); break;
      case 5: status = basket_.choose(line, product); break;
      case 6: basket_.close(); break;
      case 7: held_.push_back(basket_.take_out()); break;
      default: finish_or_resume();
    }
  }
  void finish_or_resume() {
    if (!basket_.lines().empty()) return;
    if (held_.empty() || below(2) == 0) return basket_.next();
    basket_.put_back(std::move(held_.back()));
    held_.pop_back();
  }

  /// What the camera alone may never do.
  void see() {
    const std::vector<BasketLine> before = basket_.lines();
    const std::size_t kept_before = kept();
    basket_.see(top_.look());
    EXPECT_GE(kept(), kept_before) << "the camera took out a settled piece";
    for (const BasketLine& line : before) {
      if (!line.quantity_set) continue;
      EXPECT_EQ(quantity(line.id), line.quantity()) << "the clerk's number";
    }
    if (basket_.closed()) return;
    EXPECT_EQ(seen_ids().size() + aside(), sellable_in_view()) << "an object is lost or doubled";
  }

  std::size_t kept() const {
    std::size_t count = 0;
    for (const BasketLine& line : basket_.lines()) {
      for (const Piece& piece : line.pieces) count += piece.kept ? 1 : 0;
    }
    return count;
  }
  int quantity(LineId id) const {
    for (const BasketLine& line : basket_.lines()) {
      if (line.id == id) return line.quantity();
    }
    return 0;
  }
  std::multiset<ObjectId> seen_ids() const {
    std::multiset<ObjectId> ids;
    for (const BasketLine& line : basket_.lines()) {
      for (const Piece& piece : line.pieces) {
        if (piece.state == PieceState::kSeen) ids.insert(piece.object);
      }
    }
    return ids;
  }
  std::size_t aside() const {
    const BasketState state = basket_.state();
    return state.removed.size() + state.elsewhere.size();
  }
  std::size_t sellable_in_view() const {
    std::size_t count = 0;
    for (const StableObject& object : top_.objects()) count += object.best.label != "zebra" ? 1 : 0;
    return count;
  }

  void check_every_piece_counts_once() {
    const std::multiset<ObjectId> ids = seen_ids();
    EXPECT_EQ(std::set<ObjectId>(ids.begin(), ids.end()).size(), ids.size());
    EXPECT_FALSE(ids.contains(ObjectId()));
  }
  void check_lines_are_well_formed() {
    std::set<std::pair<Sku, std::string>> products;
    std::int64_t last = 0;
    for (const BasketLine& line : basket_.lines()) {
      EXPECT_GT(line.id.value(), last);
      last = line.id.value();
      EXPECT_GE(line.quantity(), 1);
      EXPECT_LE(line.quantity(), limits::kQuantityMax);
      EXPECT_GE(line.score(), 0.0F);
      if (line.asks()) {
        EXPECT_EQ(line.quantity(), 1);
        EXPECT_FALSE(line.choices.empty());
      } else {
        EXPECT_TRUE(products.insert({line.sku, line.seen}).second) << "two lines of one product";
      }
    }
    EXPECT_LT(last, basket_.state().content.next_line);
  }

  std::mt19937 random_;
  const Catalogue catalogue_ = testing::fruit_shop();
  CounterTop top_;
  Basket basket_{catalogue_, {milliseconds(500), milliseconds(1500), milliseconds(700)}};
  std::vector<BasketContent> held_;
};

TEST(BasketLaw, HoldsOnRandomDays) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    RandomDay day(seed);
    for (int step = 0; step < 1000; ++step) {
      day.step();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace tillsight
