/// \file
/// TILLSIGHT_CHECK(condition, message): what must be true unless this program has a bug.
/// It stays on in release: a till that is wrong must stop, its journal brings it back.
#pragma once

#include <string_view>

namespace tillsight {

/// Logs the broken expectation and aborts.
[[noreturn]] void check_failed(std::string_view what, std::string_view message);

}  // namespace tillsight

#define TILLSIGHT_CHECK(condition, message)                           \
  do {                                                                \
    if (!(condition)) ::tillsight::check_failed(#condition, message); \
  } while (false)
