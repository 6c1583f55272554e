/// \file
/// What the clerk sees of the sale, whatever shows it: a terminal, a page, a customer display.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/day.hpp"
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
    Money discount;     ///< taken off it; the gross is what remains
    std::string state;  ///< "sure", "confirmed" (the clerk's word) or "ask"
    int left = 0;       ///< pieces that left the view
    Question question = Question::kNone;
    std::string hint;             ///< while it asks: what to do, for the clerk
    std::vector<Choice> choices;  ///< of a line that the camera saw: what else it may be
  };
  /// Goods that come back; the lines are what is given back for them.
  struct Refund {
    std::string of;         ///< invoice number; empty: unknown
    bool unlinked = false;  ///< the lines are keyed in, a supervisor has vouched
  };
  struct Day {
    std::string date;     ///< "2026-11-23"
    bool opened = false;  ///< by a clerk, with a float; else by its first sale
  };
  struct Report {
    std::int64_t z = 0;  ///< number of the Z; 0: an X
    DaySums sums;
    std::map<std::string, Money> counted;
  };
  struct Held {
    std::string customer;  ///< first name; empty: none
    int lines = 0;
    Money gross;
  };

  std::int64_t revision = 0;
  Stage stage = Stage::kOpen;
  std::string cashier;
  Role role = Role::kClerk;
  bool sign_in = false;  ///< somebody must sign in before anything is sold
  bool training = false;
  std::optional<Refund> refund;
  std::optional<Day> day;
  std::optional<Report> report;  ///< until the next action
  std::string customer;          ///< first name; empty: none
  bool customer_known = false;
  std::vector<Line> lines;
  std::vector<std::string> aisles;
  Money net;
  Money tax;
  Money gross;     ///< of the lines that do not ask
  Money discount;  ///< all that was taken off
  int asks = 0;
  int elsewhere = 0;       ///< objects in view that belong to another sale
  std::vector<Held> held;  ///< slot 1 first
  std::optional<PaidSale> paid;
  std::vector<Choice> wanted;  ///< what the known customer may want
  std::string disk;            ///< what is wrong with the till's disk; empty: nothing
  std::string message;         ///< answer to the last action; may be empty
  bool refused = false;        ///< the message says why the last action was not done
  std::string code;            ///< of a refusal: stable, for who translates it
};

/// One line: `{"event":"sale",…}`, described in docs/clerk-actions.md. Amounts are decimal texts.
std::string to_json(const SaleView& view, const Currency& currency);

}  // namespace tillsight
