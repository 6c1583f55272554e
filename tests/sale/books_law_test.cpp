// Goal: whatever is seen and pressed on however many days, the books hold: totals add up, numbers
// have no gap, no more comes back than was sold, every Z is its events to the unit, and a restart
// at any moment changes nothing of it.
// Method: random days of every action at one counter over a real journal; beside it the test keeps
// its own drawer, and at the end an auditor walks the journal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/basket/counter_top.hpp"
#include "tests/support/books.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/audit.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {
namespace {

using testing::CounterTop;
using ::testing::IsEmpty;

class BooksOfATill {
 public:
  explicit BooksOfATill(std::uint64_t seed)
      : random_(seed),
        journal_(Journal::open({dir_ / "till.db", StoreId("S01"), TillId("T01")}, random_, clock_)
                     .value()),
        reader_(JournalReader::open(dir_ / "till.db").value()) {
    restart();
  }

  void step() {
    switch (below(10)) {
      case 0:
        if (top_.objects().size() < 8) top_.put(any(kLabels), below(4) > 0);
        break;
      case 1:
        if (!top_.objects().empty()) top_.lift(any(top_.objects()).id);
        break;
      case 2: counter_->see(top_.look()); break;
      case 3:
        if (below(40) == 0) restart();
        break;
      default: press(any_action());
    }
    clock_.advance(std::chrono::minutes(below(30)));
  }

  void check_books() {
    Audit audit;
    ASSERT_TRUE(audit_journal(dir_ / "till.db", audit, [](double) {}).ok());
    EXPECT_THAT(audit.problems, IsEmpty());
    EXPECT_TRUE(reader_.verify_chain().ok());
    for (std::int64_t count = 1; count <= sold_; ++count) {
      const auto sold = reader_.sale({TillId("T01"), 1, count});
      ASSERT_TRUE(sold.ok()) << sold.error().message();
      for (std::size_t i = 0; i < sold->refunded.size(); ++i) {
        EXPECT_LE(sold->refunded[i], sold->invoice.lines[i].quantity);
      }
    }
  }
  std::map<std::string, int> done() const { return done_; }
  int zs() const { return zs_; }

 private:
  static inline const std::vector<std::string> kLabels = {"apple", "orange", "bottle", "zebra"};
  static inline const std::vector<std::string> kSkus = {"apple", "orange", "water", "steel",
                                                        "rice"};
  static inline const std::vector<std::string> kTenders = {"cash", "card", "upi", "beads"};

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.next_u64() % n); }
  template <typename T>
  const T& any(const std::vector<T>& values) {
    return values[below(values.size())];
  }
  Approval maybe_approved() {
    return below(3) == 0 ? Approval{} : Approval{"", "Farah", Role::kSupervisor};
  }
  std::string money() { return std::to_string(below(30)); }

  ClerkAction any_action() {
    const LineId line(static_cast<std::int64_t>(1 + below(6)));
    const int quantity = 1 + static_cast<int>(below(5));
    switch (below(26)) {
      case 0:
      case 1: return action::Add{any(kSkus), quantity, Entry::kKeypad};
      case 2: return action::Remove{line, "x"};
      case 3: return action::SetQuantity{line, quantity};
      case 4:
      case 5: return action::Choose{line, Sku(any(kSkus))};
      case 6: return action::SetCustomer{"Asha", "", "9876543210"};
      case 7: return action::Hold{};
      case 8:
      case 9: return action::Resume{1};
      case 10: return action::Next{};
      case 11: return action::Void{"x"};
      case 12: return action::Discount{line, "10", "", "x", maybe_approved()};
      case 13: return action::Discount{{}, "", money(), "x", maybe_approved()};
      case 14:
      case 15: return any_refund();
      case 16: return action::OpenDay{money()};
      case 17: return action::Cash{below(2) == 0, money(), "x"};
      case 18: return action::XReport{};
      case 19: return action::CloseDay{{{"cash", money()}}};
      case 20:
        return below(6) == 0 ? ClerkAction(action::Training{below(2) == 0, maybe_approved()})
                             : ClerkAction(action::Training{false, maybe_approved()});
      case 21:
        return below(8) == 0 ? ClerkAction(action::SignOut{})
                             : ClerkAction(action::SignIn{"", maybe_approved()});
      default: return action::Pay{any(kTenders), below(2) == 0 ? "" : "100000"};
    }
  }
  ClerkAction any_refund() {
    action::Refund refund{"", maybe_approved(), nullptr};
    if (sold_ == 0 || below(4) == 0) return refund;
    const InvoiceNumber number{
        TillId("T01"), 1, static_cast<std::int64_t>(1 + below(static_cast<std::size_t>(sold_)))};
    refund.invoice_no = to_string(number);
    refund.sold = std::make_shared<const SoldInvoice>(reader_.sale(number).value());
    return refund;
  }

  void press(const ClerkAction& action) {
    const SaleView before = counter_->view();
    const std::string state = counter_->state_json();
    if (!counter_->act(action).ok()) {
      EXPECT_EQ(counter_->state_json(), state) << name(action) << " was refused";
      EXPECT_FALSE(counter_->view().code.empty());
      return;
    }
    ++done_[std::string(name(action))];
    const Posting* const posting = counter_->pending();
    if (posting == nullptr) {
      EXPECT_TRUE(journal_.save_counter_state(counter_->state_json()).ok());
      return;
    }
    if (const Invoice* const invoice = std::get_if<Invoice>(posting)) {
      EXPECT_TRUE(check(*invoice).ok()) << check(*invoice).error().message();
      EXPECT_EQ(invoice->gross, before.gross) << "what was shown is what is sold";
      EXPECT_FALSE(before.training);
    }
    if (below(8) == 0) return counter_->failed(Error(Code::kUnavailable, "the disk is away"));
    std::visit([&](const auto& p) { write_down(p); }, Posting(*posting));
  }

  Result<Event> append(const Invoice& invoice) {
    return journal_.append(invoice, counter_->state_after_commit(), counter_->learnt());
  }
  template <typename Entry>
  Result<Event> append(const Entry& entry) {
    return journal_.append(entry, counter_->state_after_commit());
  }

  void write_down(const ReportWish&) { counter_->reported(journal_.day_sums().value()); }
  template <typename Entry>
  void write_down(const Entry& entry) {
    const auto event = append(entry);
    ASSERT_TRUE(event.ok()) << event.error().message();
    book(entry, *event);
    counter_->committed(*event);
    EXPECT_EQ(without_number(journal_.counter_state().value()),
              without_number(counter_->state_json()));
  }

  /// The number of an invoice is known once it is written, and shown until the next sale.
  static CounterState without_number(std::string_view json) {
    CounterState state = parse_counter_state(json).value();
    if (state.paid) state.paid->invoice_no.clear();
    return state;
  }

  /// The test's own drawer.
  void book(const Invoice& invoice, const Event&) {
    if (invoice.kind == SaleKind::kSale) ++sold_;
    for (const Tender& tender : invoice.tenders) {
      const std::int64_t sign = invoice.kind == SaleKind::kRefund ? -1 : 1;
      if (tender.type == "cash") drawer_ += sign * tender.amount.minor_units();
    }
  }
  void book(const DayOpening& opening, const Event&) {
    drawer_ += opening.opening_float.minor_units();
  }
  void book(const CashMovement& movement, const Event&) {
    drawer_ += (movement.in ? 1 : -1) * movement.amount.minor_units();
  }
  void book(const DayClosing&, const Event& event) {
    const ZReport z = open_z(event).value();
    EXPECT_EQ(z.number, ++zs_);
    EXPECT_EQ(z.sums.first, last_z_ + 1);
    EXPECT_EQ(z.sums.expected_cash(), drawer_);
    last_z_ = z.sums.last;
    drawer_ = 0;
  }

  void restart() {
    const std::string shown = counter_ ? to_json(lines_of(counter_->view()), inr_) : "";
    const bool refunding = counter_ && counter_->view().refund;
    const std::string state = counter_ ? counter_->state_json() : "";
    counter_ = std::make_unique<Counter>(catalogue_, CounterSettings{inr_}, clock_, zone_);
    const std::string saved = journal_.counter_state().value();
    if (!saved.empty()) {
      EXPECT_TRUE(counter_->restore(saved).ok());
    }
    counter_->see_roster({true, {{"Meera", Role::kClerk}, {"Farah", Role::kSupervisor}}});
    counter_->see_choices(reader_.choices().value());
    // What the camera has seen since the last save is seen again.
    if (!shown.empty() && !refunding && saved == state) {
      EXPECT_EQ(to_json(lines_of(counter_->view()), inr_), shown);
    }
  }
  /// What a restart keeps of the screen.
  static SaleView lines_of(const SaleView& view) {
    SaleView kept;
    kept.lines = view.lines;
    kept.gross = view.gross;
    kept.training = view.training;
    return kept;
  }

  TempDir dir_;
  SeededRandom random_;
  FakeClock clock_;
  Journal journal_;
  JournalReader reader_;
  const Catalogue catalogue_ = testing::fruit_shop();
  const Currency inr_ = *Currency::parse("INR");
  const TimeZone zone_ = *TimeZone::find("Asia/Kolkata");
  CounterTop top_;
  std::unique_ptr<Counter> counter_;
  std::map<std::string, int> done_;
  std::int64_t sold_ = 0;
  std::int64_t drawer_ = 0;
  std::int64_t last_z_ = 0;
  int zs_ = 0;
};

TEST(BooksLaw, HoldsOnRandomDaysOfEveryAction) {
  std::map<std::string, int> done;
  int zs = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    BooksOfATill till(seed);
    for (int i = 0; i < 1'500 && !::testing::Test::HasFailure(); ++i) till.step();
    till.check_books();
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
    for (const auto& [word, times] : till.done()) done[word] += times;
    zs += till.zs();
  }
  for (const std::string_view word :
       {"add", "remove", "quantity", "choose", "customer", "pay", "next", "void", "hold", "resume",
        "sign_in", "sign_out", "discount", "refund", "open_day", "cash", "x_report", "close_day",
        "training"}) {
    EXPECT_GT(done[std::string(word)], 0) << word << " was never possible";
  }
  EXPECT_GT(zs, 3);
}

}  // namespace
}  // namespace tillsight
