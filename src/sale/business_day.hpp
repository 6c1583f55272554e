/// \file
/// Which day a sale belongs to. A day that a clerk has opened lasts until its Z. One that its first
/// sale has opened stays open over midnight and over every step of the wall clock, until nobody has
/// sold for a night.
#pragma once

#include <chrono>
#include <optional>

#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

/// By the clock that never jumps; a box that was switched off meanwhile has slept as well.
inline constexpr std::chrono::hours kNight{4};

/// \param open the day so far; none: nothing was sold yet. \return the day after a sale at `at`.
BusinessDay business_day(const std::optional<BusinessDay>& open, const Moment& at);

}  // namespace tillsight
