/// \file
/// What a till must remember over a restart, as one JSON text: the open sale with every word of the
/// clerk, the sales on hold, who is at the till, what was paid last.
///
/// It is the till's own memory, not a wire format: its `version` is checked, and a newer version is
/// refused rather than guessed. It holds personal data.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock_watch.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/cashier.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

/// What is taken off, as it was said: it follows the line's quantity.
struct DiscountTerms {
  std::int32_t percent_bp = 0;  ///< 0: an amount
  Money amount{};
  std::string reason;
  std::string approver;
  friend bool operator==(const DiscountTerms&, const DiscountTerms&) = default;
};

/// What a clerk said of a sale besides its lines.
struct SaleNotes {
  std::map<LineId, DiscountTerms> discounts;  ///< of single lines
  std::optional<DiscountTerms> discount;      ///< of all the others
  std::vector<Removal> removed;
  friend bool operator==(const SaleNotes&, const SaleNotes&) = default;
};

struct HeldSale {
  BasketContent content;
  std::optional<Customer> customer;
  SaleNotes notes{};
  friend bool operator==(const HeldSale&, const HeldSale&) = default;
};

/// The sale before the open one, while the clerk may still count out its change.
struct PaidSale {
  std::string invoice_no;  ///< empty: paid just before a restart
  std::string tender;
  Money gross;
  Money change;
  bool refund = false;  ///< it was given back
  friend bool operator==(const PaidSale&, const PaidSale&) = default;
};

/// The day that is open at the till; what it sells is that day's, whatever the wall clock does.
struct BusinessDay {
  std::chrono::year_month_day date;
  ClockReading last_sale;  ///< or void: how long nobody has sold
  bool opened = false;     ///< by a clerk: it ends with its Z and not before
  friend bool operator==(const BusinessDay&, const BusinessDay&) = default;
};

struct CounterState {
  BasketState basket;
  std::optional<Customer> customer;
  std::string cashier;
  std::vector<HeldSale> held;  ///< oldest first
  std::optional<PaidSale> paid;
  std::optional<BusinessDay> day;  ///< none: nothing was sold since the last Z
  SaleNotes notes{};
  Role role = Role::kClerk;
  bool training = false;
  bool refunding = false;  ///< goods were coming back: the clerk begins again
  friend bool operator==(const CounterState&, const CounterState&) = default;
};

/// Leaves out what means nothing after a restart: identities of objects and monotonic times.
std::string to_json(const CounterState& state);
/// \return kInvalidArgument naming the first field that is missing, wrong or out of its range.
Result<CounterState> parse_counter_state(std::string_view json);

}  // namespace tillsight
