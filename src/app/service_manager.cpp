#include "app/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>

namespace tillsight::app {
namespace {

constexpr int kFeedingsInAnInterval = 4;

MonotonicTime::duration pause_between_feedings() {
  std::uint64_t interval_us = 0;
  if (::sd_watchdog_enabled(/*unset_environment=*/0, &interval_us) <= 0) return {};
  return std::chrono::microseconds(interval_us / kFeedingsInAnInterval);
}

/// Nothing depends on its arriving.
void say(const std::string& state) {
  ::sd_notify(/*unset_environment=*/0, state.c_str());
}

}  // namespace

ServiceManager::ServiceManager(const Clock& clock)
    : clock_(clock), pause_(pause_between_feedings()) {}

ServiceManager::~ServiceManager() {
  say("STOPPING=1");
}

void ServiceManager::ready(const std::string& status) {
  say("READY=1\nSTATUS=" + status);
}

void ServiceManager::watch(std::vector<const Pulse*> pulses) {
  watched_.clear();
  for (const Pulse* pulse : pulses) watched_.push_back({pulse, pulse->beats()});
}

void ServiceManager::turn() {
  const MonotonicTime now = clock_.monotonic_now();
  if (pause_ == MonotonicTime::duration::zero() || now < next_) return;
  const bool stuck = std::ranges::any_of(
      watched_, [](const Watched& one) { return one.pulse->beats() == one.fed_at; });
  if (stuck) return;
  say("WATCHDOG=1");
  next_ = now + pause_;
  for (Watched& one : watched_) one.fed_at = one.pulse->beats();
}

}  // namespace tillsight::app
