/// \file
/// The `sale` line as the till shows it: the sale's view, and what the dialog asks in it.
#pragma once

#include <string>

#include "tillsight/domain/money.hpp"
#include "tillsight/domain/sale_view.hpp"
#include "tillsight/station/prompt.hpp"

namespace tillsight::app {

/// One line, described in docs/clerk-actions.md.
std::string view_json(const SaleView& view, const Prompt& prompt, const Currency& currency);

}  // namespace tillsight::app
