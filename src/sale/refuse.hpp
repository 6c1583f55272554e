/// \file
/// An action that makes no sense now: why, what to do first, and an id for who translates it.
#pragma once

#include <string_view>
#include <utility>

#include "tillsight/core/error.hpp"

namespace tillsight {

template <typename... Args>
Error refuse(std::string_view id, format_string<Args...> why, Args&&... args) {
  return error(Code::kFailedPrecondition, why, std::forward<Args>(args)...).with_id(id);
}

}  // namespace tillsight
