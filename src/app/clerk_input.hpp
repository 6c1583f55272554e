/// \file
/// What may come in for the counter: an action that says everything, or a key whose meaning depends
/// on what the screen shows.
#pragma once

#include <string_view>
#include <variant>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/station/key.hpp"

namespace tillsight::app {

using ClerkInput = std::variant<ClerkAction, Key>;

/// `{"do":"key","key":"7"}`, or what parse_clerk_action() reads.
/// \return kInvalidArgument naming the field that is missing, unknown or of the wrong type.
Result<ClerkInput> parse_clerk_input(std::string_view json_line);

}  // namespace tillsight::app
