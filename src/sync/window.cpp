#include "tillsight/sync/window.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/core/check.hpp"

namespace tillsight::sync {

using std::chrono::milliseconds;

void ResendWait::reset() {
  set(std::clamp(2 * usual_, kMin, kSlowLineMax));
}

void ResendWait::acknowledged_after(milliseconds round_trip) {
  // One that was repeated counts from its first sending, or a line slower than the wait would never
  // be noticed. What was really lost makes it too long, and is soon smoothed out.
  usual_ = usual_ == milliseconds(0) ? round_trip : (3 * usual_ + round_trip) / 4;
  reset();
}

void ResendWait::back_off() {
  set(std::min(wait_ * 2, kMax));
}

void ResendWait::set(milliseconds wait) {
  wait_ = wait;
  const double share = 0.75 + 0.5 * random_.next_unit();
  jittered_ =
      milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * share));
}

const OutboxEvent* Window::oldest() const {
  return flights_.empty() ? nullptr : &flights_.begin()->second.event;
}

const OutboxEvent* Window::add(OutboxEvent event) {
  const std::int64_t sequence = event.sequence.value();
  const auto [place, added] = flights_.emplace(sequence, Flight{std::move(event), {}, {}, 0});
  TILLSIGHT_CHECK(added, "an event is in the window twice");
  return &place->second.event;
}

void Window::sent(const std::vector<const OutboxEvent*>& events, MonotonicTime now) {
  ++publications_;
  for (const OutboxEvent* event : events) {
    Flight& flight = flights_.at(event->sequence.value());
    if (flight.publication == 0) flight.first_sent_at = now;
    flight.sent_at = now;
    flight.publication = publications_;
    ++flight.event.replay;
  }
}

int Window::acknowledge(const SequenceRanges& ranges, MonotonicTime now) {
  const int before = size();
  MonotonicTime oldest = now;
  std::erase_if(flights_, [&](const auto& entry) {
    if (!ranges.contains(Sequence(entry.first))) return false;
    newest_acknowledged_ = std::max(newest_acknowledged_, entry.second.publication);
    oldest = std::min(oldest, entry.second.first_sent_at);
    return true;
  });
  const int acknowledged = before - size();
  if (acknowledged > 0) {
    progress_at_ = now;
    wait_.acknowledged_after(std::chrono::ceil<milliseconds>(now - oldest));
  }
  return acknowledged;
}

MonotonicTime Window::due_at(const Flight& flight) const {
  const bool overtaken = flight.publication < newest_acknowledged_;
  const MonotonicTime since = overtaken ? flight.sent_at : std::max(flight.sent_at, progress_at_);
  return since + wait_.now();
}

std::vector<const OutboxEvent*> Window::due(MonotonicTime now) const {
  std::vector<const OutboxEvent*> events;
  for (const auto& [sequence, flight] : flights_)
    if (due_at(flight) <= now) events.push_back(&flight.event);
  return events;
}

MonotonicTime Window::next_due() const {
  MonotonicTime next = MonotonicTime::max();
  for (const auto& [sequence, flight] : flights_) next = std::min(next, due_at(flight));
  return next;
}

void Window::clear() {
  flights_.clear();
  wait_.reset();
}

}  // namespace tillsight::sync
