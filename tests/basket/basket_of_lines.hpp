/// \file
/// A basket over a counter top: things are put down and lifted, a camera looks every 100 ms, a
/// clerk keys and scans. Settled after 1 s, claims within 5 s, clear after 2 s. screen() shows the
/// lines as "apple 2", a question as "apple? returned", pieces that left as "apple 2 (1 left)".
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/basket/counter_top.hpp"
#include "tillsight/basket/basket.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::testing {

class BasketOfLines : public ::testing::Test {
 protected:
  static BasketSettings settings() {
    return {std::chrono::milliseconds(1000), std::chrono::milliseconds(5000),
            std::chrono::milliseconds(2000)};
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

  const Catalogue catalogue_ = fruit_shop();
  CounterTop top_;
  std::optional<Basket> basket_{std::in_place, catalogue_, settings()};
};

}  // namespace tillsight::testing
