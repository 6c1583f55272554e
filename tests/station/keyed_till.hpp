/// \file
/// A counter that is worked by keys alone, as the counter thread does it: every key goes through
/// the dialog, every action of it to the counter, every sale is durable at once.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/basket/counter_top.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/sale/counter.hpp"
#include "tillsight/station/dialog.hpp"

namespace tillsight::testing {

class KeyedTill {
 public:
  static constexpr std::string_view kSupervisorPin = "471147";
  static constexpr std::string_view kClerkPin = "1111";

  KeyedTill()
      : catalogue(fruit_shop()),
        counter(catalogue, {inr}, clock, zone),
        dialog({inr, {"cash", "card", "upi"}, TillId("T01"), 1}) {}

  /// Keys as a clerk would say them: "4 0 1 1 enter", digits may stand together: "4011 enter".
  void keys(std::string_view words) {
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      const std::string_view word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (const auto key = parse_key(word)) {
        press(*key);
      } else {
        for (const char c : word) press(parse_key(std::string_view(&c, 1)).value());
      }
    }
  }

  void press(Key key) { perform(dialog.press(key, counter.view())); }
  void scan(const std::string& code) { perform(dialog.scan(code, counter.view())); }

  void perform(const std::optional<ClerkAction>& action) {
    if (!action) return;
    actions.push_back(*action);
    const bool done = counter.act(proven(*action)).ok();
    dialog.answered(counter.view());
    if (done && counter.pending() != nullptr) write();
  }

  void write() {
    std::visit([this](const auto& posting) { write(posting); }, Posting(*counter.pending()));
    dialog.follow(counter.view());
  }

  /// From now on somebody must sign in.
  void ask_who_it_is() {
    counter.see_roster({true, {{"Meera", Role::kClerk}, {"Uma", Role::kSupervisor}}});
    dialog.follow(counter.view());
  }

  /// The camera looks: what is on the counter top is in the sale.
  void look() {
    counter.see(top.look());
    dialog.follow(counter.view());
  }

  Prompt prompt() const { return dialog.prompt(counter.view()); }
  std::string step() const { return prompt().step; }
  std::string note() const { return prompt().note; }
  SaleView view() const { return counter.view(); }

  const Currency inr = *Currency::parse("INR");
  const Catalogue catalogue;
  const FakeClock clock;
  const TimeZone zone = *TimeZone::find("Asia/Kolkata");
  SeededRandom random{1};
  CounterTop top;
  Counter counter;
  Dialog dialog;
  std::vector<ClerkAction> actions;  ///< that keys have led to
  std::vector<Invoice> invoices;     ///< durable

 private:
  /// As the station does it: a PIN becomes the supervisor whose it is.
  static ClerkAction proven(ClerkAction action) {
    Approval* const approval = approval_of(action);
    if (approval == nullptr || approval->pin.empty()) return action;
    if (approval->pin == kSupervisorPin) {
      *approval = {"", "Uma", Role::kSupervisor};
    } else if (approval->pin == kClerkPin) {
      *approval = {"", "Meera", Role::kClerk};
    } else {
      return action::Reject{"pin.wrong", "wrong PIN"};
    }
    return action;
  }

  Chain next_link() {
    return {
        {StoreId("S01"), TillId("T01"), Incarnation(std::string(32, 'a')), Sequence(++sequence_)},
        {},
        {}};
  }
  void write(const Invoice& invoice) {
    Chain chain = next_link();
    if (invoice.kind == SaleKind::kSale) chain.invoice_no = {TillId("T01"), 1, ++invoice_count_};
    const Event event = seal(invoice, chain, random);
    ASSERT_TRUE(open(event).ok()) << open(event).error().message() << event.sealed;
    invoices.push_back(invoice);
    counter.committed(event);
  }
  template <typename Entry>
  void write(const Entry& entry) {
    counter.committed(seal(entry, next_link()));
  }
  void write(const DayClosing& closing) {
    ZReport z{++z_count_, closing, {}};
    z.sums.first = sequence_ + 1;
    z.sums.last = sequence_ + 1;
    counter.committed(seal(z, next_link()));
  }
  void write(const ReportWish&) { counter.reported({}); }

  std::int64_t sequence_ = 0;
  std::int64_t invoice_count_ = 0;
  std::int64_t z_count_ = 0;
};

}  // namespace tillsight::testing
