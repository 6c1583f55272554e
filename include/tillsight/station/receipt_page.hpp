/// \file
/// A receipt's text as a picture of the paper: PDF and PNG, and the dots of a printer that lacks
/// the script.
///
/// Every script is shaped as it is written (Devanagari, Arabic, Thai), so columns of characters no
/// longer stand under each other: what the text sets apart with blanks is set apart on the page.
/// What is left of a gap stands left, what is right of it right, what is centred stays centred.
///
/// **Threads** thread-safe. **Errors** kInvalidArgument for what is no UTF-8, kResourceExhausted
/// beyond kLinesMost.
/// **Source** Pango and Cairo; the fonts are the system's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight {

struct PagePaper {
  int columns = 40;   ///< of the text
  int width_mm = 80;  ///< of the roll: 80 or 58
  int margin_mm = 4;  ///< that no printer reaches, on either side
};

inline constexpr int kPrinterDotsPerMm = 8;  ///< 203 dpi, as receipt printers have
inline constexpr int kLinesMost = 3'000;

/// One bit a dot, rows from the top, eight dots a byte, the leftmost highest; set is black.
struct Raster {
  int width_dots = 0;  ///< a multiple of 8
  int height_dots = 0;
  std::vector<std::uint8_t> bits;
};

/// One page, as long as the receipt.
Result<std::string> receipt_pdf(std::string_view text, const PagePaper& paper = {});
/// In the printer's resolution.
Result<std::string> receipt_png(std::string_view text, const PagePaper& paper = {});
Result<Raster> receipt_raster(std::string_view text, const PagePaper& paper = {});

}  // namespace tillsight
