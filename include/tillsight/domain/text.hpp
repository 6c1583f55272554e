/// \file
/// Names of people and things: any script, one spelling.
#pragma once

#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight {

/// Trims and collapses white space and composes the letters (Unicode NFC), so that the same name
/// typed on two keyboards is one name.
/// \param what names the field in the message ("first name").
/// \return kInvalidArgument for broken UTF-8, control characters or more than 80 code points.
Result<std::string> normalise_name(std::string_view name, std::string_view what);

/// How many columns `text` takes on a receipt or terminal (CJK letters take two, accents none).
int display_width(std::string_view text);

/// `text` cut to at most `columns`, never inside a code point, the cut shown as "…".
std::string cut_to_width(std::string_view text, int columns);

}  // namespace tillsight
