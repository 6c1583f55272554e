#include "exchange/letters.hpp"

#include <iconv.h>

#include <algorithm>

namespace tillsight::exchange {
namespace {

// Of the encodings that contain ASCII none takes more than four bytes of UTF-8 for one of its own.
constexpr std::size_t kGrowth = 4;

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

bool convert(void* converter, std::string_view text, std::string& out) {
  out.resize(text.size() * kGrowth);
  // iconv's first argument is not const for historical reasons only; it does not write there.
  char* from = const_cast<char*>(text.data());
  char* to = out.data();
  std::size_t from_left = text.size();
  std::size_t to_left = out.size();
  ::iconv(converter, nullptr, nullptr, nullptr, nullptr);
  if (::iconv(converter, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1)) {
    return false;
  }
  out.resize(out.size() - to_left);
  return true;
}

}  // namespace

void Letters::Close::operator()(void* converter) const {
  ::iconv_close(converter);
}

Result<Letters> Letters::open(const std::string& encoding) {
  iconv_t converter = ::iconv_open("UTF-8", encoding.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {  // NOLINT: what iconv answers
    return error(Code::kInvalidArgument,
                 "'{}' is no encoding; there are utf-8, iso-8859-1, windows-1252 and all that "
                 "'iconv --list' names",
                 encoding);
  }
  Letters letters(encoding, converter);
  constexpr std::string_view kAscii = "\"\n\t,;|-.:{}09AZaz";
  std::string same;
  if (!convert(converter, kAscii, same) || same != kAscii) {
    return error(Code::kInvalidArgument,
                 "'{}' writes commas and line ends otherwise; convert the file to utf-8 with iconv",
                 encoding);
  }
  return letters;
}

Result<std::string_view> Letters::to_utf8(std::string_view text, std::string& space) const {
  if (is_ascii(text)) return text;
  if (!convert(converter_.get(), text, space)) {
    return error(Code::kInvalidArgument, "is not {}; which encoding has the file?", encoding_);
  }
  return std::string_view(space);
}

}  // namespace tillsight::exchange
