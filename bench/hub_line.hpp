/// \file
/// Head office behind a real broker: the hub in a thread of its own, the tills in the caller's.
#pragma once

#include <filesystem>

namespace tillsight::bench {

/// Every till sends as much as its window takes, until 20,000 sales are acknowledged: how much fits
/// through. How long an acknowledgement takes then is how long the queue is, and no more than that.
void saturate(const std::filesystem::path& folder, int tills);

/// 200 tills sell once in ten seconds each, while one more delivers what a month offline has left:
/// how long a sale waits for its acknowledgement on an ordinary day.
void keep_steady(const std::filesystem::path& folder);

}  // namespace tillsight::bench
