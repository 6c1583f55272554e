#include "sale/business_day.hpp"

namespace tillsight {

BusinessDay business_day(const std::optional<BusinessDay>& open, const Moment& at) {
  BusinessDay day{at.local.date, {at.boot_id, at.monotonic, at.utc, at.clock_trusted}};
  if (!open) return day;
  day.opened = open->opened;
  if (day.opened) {
    day.date = open->date;
    return day;
  }
  const bool slept =
      at.boot_id != open->last_sale.boot_id || at.monotonic - open->last_sale.monotonic >= kNight;
  // A box without a battery wakes up in the past; no day comes before the one it has sold on.
  const bool in_the_past = !at.clock_trusted && at.local.date < open->date;
  if (!slept || in_the_past) day.date = open->date;
  return day;
}

}  // namespace tillsight
