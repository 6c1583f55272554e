/// \file
/// `tillsight::format`: std::format's place holder. Debian 12's g++ has no `<format>`; {fmt} is the
/// same contract, so the day it arrives only this file changes.
#pragma once

#include <fmt/format.h>

namespace tillsight {
using fmt::format;
using fmt::format_string;
}  // namespace tillsight
