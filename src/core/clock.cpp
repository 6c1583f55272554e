#include "tillsight/core/clock.hpp"

#include <sys/timex.h>

#include <fstream>

#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight {

using std::chrono::floor;
using std::chrono::milliseconds;

UtcTime SystemClock::utc_now() const {
  return floor<milliseconds>(std::chrono::system_clock::now());
}

MonotonicTime SystemClock::monotonic_now() const {
  return std::chrono::steady_clock::now();
}

bool SystemClock::trusted() const {
  timex state{};
  return adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

std::string SystemClock::boot_id() const {
  static const std::string kId = [] {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) ? id : "unknown";
  }();
  return kId;
}

FakeClock::FakeClock()
    : utc_ms_(
          UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + std::chrono::hours(9))
              .time_since_epoch()
              .count()) {}

UtcTime FakeClock::utc_now() const {
  return UtcTime(milliseconds(utc_ms_));
}

MonotonicTime FakeClock::monotonic_now() const {
  return MonotonicTime(milliseconds(monotonic_ms_));
}

std::string FakeClock::boot_id() const {
  return format("00000000-0000-0000-0000-00000000b{:03}", boot_.load());
}

void FakeClock::reboot() {
  ++boot_;
  monotonic_ms_ = 0;
}

void FakeClock::advance(milliseconds by) {
  monotonic_ms_ += by.count();
  utc_ms_ += by.count();
}

void FakeClock::jump_utc(milliseconds by) {
  utc_ms_ += by.count();
}

std::string to_iso8601(UtcTime time) {
  const auto day = floor<std::chrono::days>(time);
  const auto second = floor<std::chrono::seconds>(time - day);
  return format("{}T{}.{:03}Z", to_string(std::chrono::year_month_day(day)),
                time_of_day_text(second), (time - day - second).count());
}

}  // namespace tillsight
