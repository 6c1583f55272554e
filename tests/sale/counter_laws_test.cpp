// Goal: whatever is seen and pressed, what is sold adds up, and a restart at any moment neither
// loses nor doubles a word of the clerk.
// Method: random days at one counter; every pending invoice is checked against the laws and the
// view, and every saved state is restored into a second counter that must show the same lines.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "tests/basket/counter_top.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using testing::CounterTop;

class RandomTill {
 public:
  explicit RandomTill(unsigned seed) : random_(seed) {}

  void step() {
    switch (below(10)) {
      case 0:
        if (top_.objects().size() < 8) top_.put(any(kLabels), below(4) > 0, {{any(kLabels), 0.2F}});
        break;
      case 1:
        if (!top_.objects().empty()) top_.lift(any(top_.objects()).id);
        break;
      case 2:
      case 3: press(); break;
      default: counter_.see(top_.look());
    }
    check_view();
    if (below(20) == 0) check_restart();
  }
  int sold() const { return sold_; }

 private:
  static inline const std::vector<std::string> kLabels = {"apple", "orange", "bottle", "zebra"};
  static inline const std::vector<std::string> kSkus = {"apple", "orange", "water", "steel",
                                                        "rice"};

  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }
  template <typename T>
  const T& any(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  ClerkAction any_action() {
    const LineId line(1 + below(6));
    switch (below(12)) {
      case 0: return action::Add{any(kSkus), 1 + static_cast<int>(below(3)), Entry::kKeypad};
      case 1: return action::Add{any(kSkus), 1, Entry::kScanner};
      case 2: return action::Remove{line};
      case 3: return action::SetQuantity{line, 1 + static_cast<int>(below(5))};
      case 4:
      case 5: return action::Choose{line, Sku(any(kSkus))};
      case 6: return action::SetCustomer{"Asha", "", "9876543210"};
      case 7: return action::Hold{};
      case 8: return action::Resume{1};
      case 9: return action::Next{};
      case 10: return below(4) == 0 ? ClerkAction(action::Void{"x"}) : action::ClearCustomer{};
      default: return action::Pay{"cash", below(2) == 0 ? "" : "100000"};
    }
  }

  void press() {
    const SaleView before = counter_.view();
    const Status status = counter_.act(any_action());
    if (!status.ok()) {
      EXPECT_EQ(to_json(without_message(counter_.view()), inr_),
                to_json(without_message(before), inr_))
          << "a refused action changed something";
      return;
    }
    const Invoice* const invoice = counter_.pending_invoice();
    if (invoice == nullptr) return;
    EXPECT_TRUE(check(*invoice).ok()) << check(*invoice).error().message();
    EXPECT_EQ(invoice->gross, before.gross) << "what was shown is what is sold";
    EXPECT_TRUE(before.asks == 0 || invoice->kind == SaleKind::kVoid);
    if (below(4) == 0) return counter_.failed(Error(Code::kUnavailable, "disk is full"));
    write_down(*invoice);
  }
  void write_down(const Invoice& invoice) {
    Chain chain{
        {StoreId("S"), TillId("T"), Incarnation(std::string(32, 'a')), Sequence(1)}, {}, {}};
    if (invoice.kind == SaleKind::kSale) chain.invoice_no = InvoiceNumber{TillId("T"), 1, ++sold_};
    const std::string after = counter_.state_after_commit();
    learnt_.insert(learnt_.end(), counter_.learnt().begin(), counter_.learnt().end());
    counter_.committed(seal(invoice, chain, salt_));
    EXPECT_TRUE(counter_.view().lines.empty());
    Counter other(catalogue_, settings_, clock_, zone_);
    ASSERT_TRUE(other.restore(after).ok());
    EXPECT_TRUE(other.view().lines.empty()) << "a restart would sell it again";
    EXPECT_EQ(other.view().stage, counter_.view().stage);
  }

  static SaleView without_message(SaleView view) {
    view.message.clear();
    view.code.clear();
    view.refused = false;
    view.revision = 0;
    return view;
  }

  void check_view() const {
    const SaleView view = counter_.view();
    Money gross;
    for (const SaleView::Line& line : view.lines) {
      EXPECT_GE(line.quantity, 1);
      EXPECT_GE(line.gross, Money());
      EXPECT_EQ(line.state == "ask", line.sku.value().empty());
      gross += line.gross;
    }
    EXPECT_EQ(view.gross, gross);
    EXPECT_EQ(view.net + view.tax, gross);
  }

  void check_restart() {
    const std::string saved = counter_.state_json();
    Counter other(catalogue_, settings_, clock_, zone_);
    ASSERT_TRUE(other.restore(saved).ok());
    other.see_choices(learnt_);
    SaleView here = without_message(counter_.view());
    SaleView there = without_message(other.view());
    here.elsewhere = there.elsewhere = 0;  // what lies there is seen anew
    EXPECT_EQ(to_json(here, inr_), to_json(there, inr_));
  }

  std::mt19937 random_;
  const Currency inr_ = *Currency::parse("INR");
  const Catalogue catalogue_ = testing::fruit_shop();
  const CounterSettings settings_{inr_};
  FakeClock clock_;
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  SeededRandom salt_{1};
  CounterTop top_;
  Counter counter_{catalogue_, settings_, clock_, zone_};
  std::vector<LearntChoice> learnt_;
  int sold_ = 0;
};

TEST(CounterLaw, HoldsOnRandomDays) {
  int sold = 0;
  for (unsigned seed = 1; seed <= 25; ++seed) {
    RandomTill till(seed);
    for (int step = 0; step < 600; ++step) {
      till.step();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", step " << step;
    }
    sold += till.sold();
  }
  EXPECT_GT(sold, 50) << "days on which nothing is sold prove nothing";
}

}  // namespace
}  // namespace tillsight
