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
  KeyedTill() : catalogue(fruit_shop()), counter(catalogue, {inr}, clock, zone), dialog({inr}) {}

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

  void press(Key key) {
    const auto action = dialog.press(key, counter.view());
    if (!action) return;
    actions.push_back(*action);
    const bool done = counter.act(*action).ok();
    dialog.answered(counter.view());
    if (done && counter.pending() != nullptr) write();
  }

  void write() {
    const Invoice invoice = *counter.pending_invoice();
    Chain chain{{StoreId("S01"), TillId("T01"), Incarnation(std::string(32, 'a')),
                 Sequence(static_cast<std::int64_t>(invoices.size()) + 1)},
                {},
                {}};
    if (invoice.kind == SaleKind::kSale) {
      chain.invoice_no = {TillId("T01"), 1, static_cast<std::int64_t>(invoices.size()) + 1};
    }
    counter.committed(seal(invoice, chain, random));
    invoices.push_back(invoice);
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
};

}  // namespace tillsight::testing
