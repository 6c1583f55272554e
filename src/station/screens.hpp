/// \file
/// The screens of a sale: what they ask, and the action that an answer becomes.
#pragma once

#include "station/screen.hpp"
#include "tillsight/station/dialog.hpp"

namespace tillsight::dialog {

// About a line.
Screen choose_screen(const SaleView::Line& line, const Currency& currency);
Screen code_screen(const SaleView::Line& line);
Screen quantity_screen(const SaleView::Line& line);
Screen remove_screen(const SaleView::Line& line);

// About the sale.
Screen tender_screen(const SaleView& view, const DialogSettings& settings);
Screen menu_screen(const SaleView& view, const DialogSettings& settings);
Screen customer_screen();
Screen held_screen(const SaleView& view, const Currency& currency);
Screen void_screen();

/// \return the line of that id, or null.
const SaleView::Line* find_line(const SaleView& view, LineId id);

/// \return 1 to 999; none: it is neither.
std::optional<int> read_quantity(const std::string& typed);
Turn quantity_out_of_range();

}  // namespace tillsight::dialog
