/// \file
/// What may come in for the counter: an action that says everything, or a key or a scanned code
/// whose meaning depends on what the screen shows.
#pragma once

#include <string_view>
#include <variant>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/station/key.hpp"
#include "tillsight/station/key_stream.hpp"

namespace tillsight::app {

/// A keypad was pulled out, and whoever typed on it cannot go on.
struct KeypadGone {};

using ClerkInput = std::variant<ClerkAction, Key, Scan, KeypadGone>;

/// `{"do":"key","key":"7"}`, or what parse_clerk_action() reads.
/// \return kInvalidArgument naming the field that is missing, unknown or of the wrong type.
Result<ClerkInput> parse_clerk_input(std::string_view json_line);

}  // namespace tillsight::app
