/// \file
/// The screens of a sale: what they ask, and the action that an answer becomes.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "station/reasons.hpp"
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
/// \param line the marked one.
Screen menu_screen(const SaleView& view, std::optional<LineId> line,
                   const DialogSettings& settings);
Screen customer_screen();
Screen held_screen(const SaleView& view, const Currency& currency);
Screen void_screen();

// About what a supervisor vouches for, and the day.
/// \param line the marked one.
Screen discount_screen(const SaleView& view, std::optional<LineId> line);
Screen refund_screen(const DialogSettings& settings);
Screen reprint_screen(const DialogSettings& settings);
Screen day_screen(const SaleView& view, const DialogSettings& settings);
/// Asks for the PIN that `action` lacks. \pre approval_of(action) is not null.
Screen supervisor_screen(const ClerkAction& action);

Screen reason_screen(std::string_view step, std::string_view title, std::span<const Reason> reasons,
                     const std::function<Turn(std::string_view)>& then);

/// \return the line of that id, or null.
const SaleView::Line* find_line(const SaleView& view, LineId id);

/// \return 1 to 999; none: it is neither.
std::optional<int> read_quantity(const std::string& typed);
Turn quantity_out_of_range();

}  // namespace tillsight::dialog
