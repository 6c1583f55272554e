/// \file
/// What the clerk sees of the sale, whatever shows it: a terminal, a page, a customer display.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

enum class Stage {
  kOpen,    ///< lines come and go
  kPaying,  ///< the sale is being written; nothing else is done meanwhile
  kPaid,    ///< written; what is still on the counter belongs to it
};
std::string_view name(Stage stage);  ///< "open", "paying", "paid"

struct SaleView {
  struct Choice {
    Sku sku;
    std::string name;
    Money unit_price;
  };
  struct Line {
    LineId id;
    Sku sku;           ///< empty while it asks
    std::string name;  ///< while it asks: of the likeliest choice
    int quantity = 1;
    Money unit_price;
    Money gross;        ///< 0 while it asks: it is not sold
    std::string state;  ///< "sure", "confirmed" (the clerk's word) or "ask"
    int left = 0;       ///< pieces that left the view
    Question question = Question::kNone;
    std::string hint;  ///< while it asks: what to do, for the clerk
    std::vector<Choice> choices;
  };
  struct Held {
    std::string customer;  ///< first name; empty: none
    int lines = 0;
    Money gross;
  };

  std::int64_t revision = 0;
  Stage stage = Stage::kOpen;
  std::string cashier;
  std::string customer;  ///< first name; empty: none
  bool customer_known = false;
  std::vector<Line> lines;
  std::vector<std::string> aisles;
  Money net;
  Money tax;
  Money gross;  ///< of the lines that do not ask
  int asks = 0;
  int elsewhere = 0;       ///< objects in view that belong to another sale
  std::vector<Held> held;  ///< slot 1 first
  std::optional<PaidSale> paid;
  std::string disk;      ///< what is wrong with the till's disk; empty: nothing
  std::string message;   ///< answer to the last action; may be empty
  bool refused = false;  ///< the message says why the last action was not done
};

/// One line: `{"event":"sale",…}`, described in docs/clerk-actions.md. Amounts are decimal texts.
std::string to_json(const SaleView& view, const Currency& currency);

}  // namespace tillsight
