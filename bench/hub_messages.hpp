/// \file
/// What tills send to head office, made before the clock starts, and the clock.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <vector>

#include "tillsight/domain/event.hpp"

namespace tillsight::bench {

using Clock = std::chrono::steady_clock;

struct Message {
  std::string topic;
  std::string payload;
  std::vector<Event> events;
};

/// What tills `first` to `first + tills − 1` send, in turns, as arrays of `per_message` sales of
/// five lines each.
std::vector<Message> messages_of(int first, int tills, int invoices, int per_message);

double seconds_since(Clock::time_point start);
double cpu_s(clockid_t clock);
double percentile(std::vector<double> samples, std::size_t percent);

}  // namespace tillsight::bench
