/// \file
/// The event that says how wrong the till's clock was: what it showed, what it shows now, and when
/// that was by the clock that never jumps. Head office reckons from it when the sales before it
/// really happened; what was sealed is never rewritten.
///
/// **Errors** kInvalidArgument with the field that is wrong.
#pragma once

#include <string_view>

#include "tillsight/core/clock_watch.hpp"
#include "tillsight/domain/event.hpp"

namespace tillsight {

inline constexpr std::string_view kClockCorrectionType = "tillsight.clock_correction.v1";

struct ClockCorrection {
  UtcTime before;    ///< what the clock would show without it
  ClockReading now;  ///< what it shows, and whether that is to be trusted
  friend bool operator==(const ClockCorrection&, const ClockCorrection&) = default;
};

/// \pre !chain.invoice_no
Event seal(const ClockCorrection& correction, const Chain& chain);
/// \pre event.type == kClockCorrectionType
Result<ClockCorrection> open_clock_correction(const Event& event);

/// When the event happened, as its till's clock said it: of a sale, a void or a clock correction.
/// \return kNotFound for an event of a later version, which says it elsewhere.
Result<ClockReading> clock_of(const Event& event);

}  // namespace tillsight
