/// \file
/// The books of a till's day: its opening, cash that is no sale, and the sums that close it.
///
/// A Z covers the events after the Z before it, up to and with itself: a range of sequences without
/// a hole, so that head office can add up the same range and must find the same sums. An X is the
/// same sums, looked at and not written down.
///
/// **Law** Every event of the range is counted once, in the sums of its kind. `takings` is what
/// sales brought minus what refunds gave back, by rate and by tender; check() tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/domain/event.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

inline constexpr std::string_view kCashTender = "cash";

inline constexpr std::string_view kDayOpenType = "tillsight.day_open.v1";
inline constexpr std::string_view kCashType = "tillsight.cash.v1";
inline constexpr std::string_view kZType = "tillsight.z.v1";

/// What every entry of the books says besides its numbers.
struct BookEntry {
  std::string cashier;                        ///< empty: nobody was signed in
  std::chrono::year_month_day business_date;  ///< the day that is open
  Moment at;
  std::string currency;  ///< ISO 4217
};

struct DayOpening {
  BookEntry entry;
  Money opening_float;  ///< cash in the drawer, not negative
};

struct CashMovement {
  BookEntry entry;
  bool in = false;
  Money amount;  ///< more than zero
  std::string reason;
};

struct Amounts {
  std::int64_t net = 0;  ///< minor units, like the others
  std::int64_t tax = 0;
  std::int64_t gross = 0;
  Amounts& operator+=(const Amounts& other);
  friend bool operator==(const Amounts&, const Amounts&) = default;
};

/// Minor units throughout.
struct DaySums {
  std::int64_t first = 0;  ///< sequences that are covered; first > last: nothing has happened
  std::int64_t last = 0;
  std::int64_t sales = 0;
  std::int64_t refunds = 0;
  std::int64_t voids = 0;
  std::int64_t corrections = 0;     ///< lines of sales that the clerk corrected or took out
  std::int64_t discounts = 0;       ///< lines of sales with a discount
  std::int64_t discount_total = 0;  ///< and how much that was
  std::int64_t void_total = 0;      ///< gross of what was given up
  Amounts sold;
  Amounts refunded;
  std::int64_t rounding = 0;                 ///< of cash, sales minus refunds
  std::map<int, Amounts> takings_by_tax_bp;  ///< sold minus refunded
  std::map<std::string, std::int64_t> takings_by_tender;
  std::string first_invoice;  ///< empty: no sale
  std::string last_invoice;
  std::int64_t opening_float = 0;
  std::int64_t cash_in = 0;
  std::int64_t cash_out = 0;

  /// What must lie in the drawer.
  std::int64_t expected_cash() const;
  friend bool operator==(const DaySums&, const DaySums&) = default;
};

/// What a clerk asks of the books; the journal adds the sums.
struct DayClosing {
  BookEntry entry;
  std::map<std::string, Money> counted;  ///< by tender; none: not counted
};

struct ZReport {
  std::int64_t number = 0;  ///< 1, 2, 3, … in one journal
  DayClosing closing;
  DaySums sums;
};

/// Asks for the sums of the day so far.
struct ReportWish {};

Event seal(const DayOpening& opening, const Chain& chain);
Event seal(const CashMovement& movement, const Chain& chain);
Event seal(const ZReport& z, const Chain& chain);

/// \pre the event is of that type. \return kInvalidArgument with the field or the law that is
/// wrong.
Result<DayOpening> open_day_opening(const Event& event);
Result<CashMovement> open_cash_movement(const Event& event);
Result<ZReport> open_z(const Event& event);

/// \return kInvalidArgument naming the law that the sums break.
Status check(const DaySums& sums);

/// Counts one more event, the Z itself included: whoever audits adds up by himself.
/// \param opened of an event that holds an invoice.
/// \return kInvalidArgument if the event cannot be read.
Status add_event(DaySums& sums, const Event& event, const std::optional<Opened>& opened);

/// \return what a Z says that is not so; empty: it agrees to the unit.
std::string difference(const DaySums& said, const DaySums& counted);

}  // namespace tillsight
