/// \file
/// A receipt as the bytes of an ESC/POS printer: as letters where the printer has them, else as
/// dots.
///
/// The letters are those of code page 858 (Western Europe with the euro sign), which every such
/// printer has. A receipt with any other letter is printed as a picture, shaped as its script is
/// written: slower, and never a row of question marks.
///
/// **Threads** thread-safe. **Errors** as receipt_raster().
/// **Source** Epson's ESC/POS command reference: ESC @, ESC t, GS v 0, GS V, DLE EOT.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/station/receipt_page.hpp"

namespace tillsight {

Result<std::string> escpos(std::string_view text, const PagePaper& paper = {});

/// \return the same letters in code page 858; none: it lacks one.
std::optional<std::string> to_code_page_858(std::string_view text);

/// Asks how the paper is; the printer answers with one byte at once, whatever it is doing.
inline constexpr std::string_view kAskPaper = "\x10\x04\x04";
/// \return whether the paper is at its end, by that byte.
bool paper_is_out(unsigned char answer);

}  // namespace tillsight
