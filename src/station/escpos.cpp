#include "tillsight/station/escpos.hpp"

#include <array>

namespace tillsight {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kInitialise = "\x1b@"sv;
constexpr std::string_view kCodePage858 = "\x1bt\x13"sv;
constexpr std::string_view kFeedAndCut =
    "\x1b"
    "d\x04"
    "\x1dV\x42\x00"sv;
constexpr int kBandDots = 128;  // what a printer with little memory takes at once

/// Unicode of 0x80 to 0xff.
constexpr std::array<char32_t, 128> kPage858 = {
    U'Ç', U'ü', U'é', U'â', U'ä', U'à', U'å', U'ç',      U'ê', U'ë', U'è', U'ï', U'î', U'ì', U'Ä',
    U'Å', U'É', U'æ', U'Æ', U'ô', U'ö', U'ò', U'û',      U'ù', U'ÿ', U'Ö', U'Ü', U'ø', U'£', U'Ø',
    U'×', U'ƒ', U'á', U'í', U'ó', U'ú', U'ñ', U'Ñ',      U'ª', U'º', U'¿', U'®', U'¬', U'½', U'¼',
    U'¡', U'«', U'»', U'░', U'▒', U'▓', U'│', U'┤',      U'Á', U'Â', U'À', U'©', U'╣', U'║', U'╗',
    U'╝', U'¢', U'¥', U'┐', U'└', U'┴', U'┬', U'├',      U'─', U'┼', U'ã', U'Ã', U'╚', U'╔', U'╩',
    U'╦', U'╠', U'═', U'╬', U'¤', U'ð', U'Ð', U'Ê',      U'Ë', U'È', U'€', U'Í', U'Î', U'Ï', U'┘',
    U'┌', U'█', U'▄', U'¦', U'Ì', U'▀', U'Ó', U'ß',      U'Ô', U'Ò', U'õ', U'Õ', U'µ', U'þ', U'Þ',
    U'Ú', U'Û', U'Ù', U'ý', U'Ý', U'¯', U'´', U'\u00ad', U'±', U'‗', U'¾', U'¶', U'§', U'÷', U'¸',
    U'°', U'¨', U'·', U'¹', U'³', U'²', U'■', U'\u00a0'};

/// \return the letter at `at`, which moves on; none: it is no UTF-8 of at most three bytes.
std::optional<char32_t> next_letter(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(at);
  if (first < 0x80U) return at += 1, static_cast<char32_t>(first);
  if ((first & 0xE0U) == 0xC0U && follows(at + 1)) {
    const unsigned letter = (first & 0x1FU) << 6 | (byte(at + 1) & 0x3FU);
    return at += 2, static_cast<char32_t>(letter);
  }
  if ((first & 0xF0U) == 0xE0U && follows(at + 1) && follows(at + 2)) {
    const unsigned letter =
        (first & 0x0FU) << 12 | (byte(at + 1) & 0x3FU) << 6 | (byte(at + 2) & 0x3FU);
    return at += 3, static_cast<char32_t>(letter);
  }
  return std::nullopt;
}

char low_byte(int value) {
  return static_cast<char>(static_cast<unsigned char>(value & 0xFF));
}

void put_band(std::string& out, const Raster& raster, int top, int rows) {
  const int row_bytes = raster.width_dots / 8;
  out += "\x1dv0\x00"sv;
  for (const int number : {row_bytes, rows}) {
    out += low_byte(number);
    out += low_byte(number >> 8);
  }
  const auto first = raster.bits.begin() + std::ptrdiff_t{top} * row_bytes;
  out.append(first, first + std::ptrdiff_t{rows} * row_bytes);
}

}  // namespace

std::optional<std::string> to_code_page_858(std::string_view text) {
  std::string letters;
  for (std::size_t at = 0; at < text.size();) {
    const auto letter = next_letter(text, at);
    if (!letter) return std::nullopt;
    if (*letter < 0x80) {
      const bool printable = *letter >= 0x20 || *letter == U'\n';
      letters += printable ? static_cast<char>(*letter) : ' ';
      continue;
    }
    if (*letter == U'…') {  // where a name was cut
      letters += '.';
      continue;
    }
    std::size_t i = 0;
    while (i < kPage858.size() && kPage858[i] != *letter) ++i;
    if (i == kPage858.size()) return std::nullopt;
    letters += low_byte(static_cast<int>(0x80 + i));
  }
  return letters;
}

Result<std::string> escpos(std::string_view text, const PagePaper& paper) {
  std::string out(kInitialise);
  if (const auto letters = to_code_page_858(text)) {
    out += kCodePage858;
    out += *letters;
  } else {
    TILLSIGHT_ASSIGN(const Raster raster, receipt_raster(text, paper));
    for (int top = 0; top < raster.height_dots; top += kBandDots) {
      put_band(out, raster, top, std::min(kBandDots, raster.height_dots - top));
    }
  }
  out += kFeedAndCut;
  return out;
}

bool paper_is_out(unsigned char answer) {
  constexpr unsigned char kAlways = 0x12;  // what every answer to DLE EOT has set
  constexpr unsigned char kAlwaysMask = 0x93;
  constexpr unsigned char kEnd = 0x60;
  return (answer & kAlwaysMask) == kAlways && (answer & kEnd) == kEnd;
}

}  // namespace tillsight
