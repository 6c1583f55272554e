#include "tillsight/domain/text.hpp"

#include <utf8proc.h>

#include <bit>
#include <cstdlib>
#include <memory>

#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return std::bit_cast<const utf8proc_uint8_t*>(text.data());
}

/// Calls `each(code_point, bytes)` until it returns false.
/// \return false if `text` is not valid UTF-8.
template <typename Each>
bool for_each_code_point(std::string_view text, Each each) {
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (size <= 0) return false;
    const auto count = static_cast<std::size_t>(size);
    if (!each(code_point, text.substr(0, count))) return true;
    text.remove_prefix(count);
  }
  return true;
}

bool is_space(utf8proc_int32_t code_point) {
  return code_point == '\t' || utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
}

bool is_control(utf8proc_int32_t code_point) {
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CN;
}

std::string composed(std::string_view text) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &raw,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owned(raw, std::free);
  if (size < 0) return std::string(text);
  return std::string(std::bit_cast<const char*>(raw), static_cast<std::size_t>(size));
}

}  // namespace

Result<std::string> normalise_name(std::string_view name, std::string_view what) {
  std::string collapsed;
  bool gap = false;
  bool control = false;
  const bool valid = for_each_code_point(name, [&](auto code_point, std::string_view bytes) {
    if (is_space(code_point)) return gap = true;
    control = control || is_control(code_point);
    if (gap && !collapsed.empty()) collapsed += ' ';
    gap = false;
    collapsed += bytes;
    return true;
  });
  if (!valid) return error(Code::kInvalidArgument, "{} is not valid UTF-8 text", what);
  if (control) return error(Code::kInvalidArgument, "{} holds a control character", what);

  std::string result = composed(collapsed);
  std::size_t code_points = 0;
  for_each_code_point(result, [&](auto, auto) { return ++code_points > 0; });
  if (code_points > limits::kNameCodePoints) {
    return error(Code::kInvalidArgument, "{} is longer than {} letters", what,
                 limits::kNameCodePoints);
  }
  return result;
}

int display_width(std::string_view text) {
  int columns = 0;
  for_each_code_point(text, [&](auto code_point, auto) {
    columns += utf8proc_charwidth(code_point);
    return true;
  });
  return columns;
}

std::string cut_to_width(std::string_view text, int columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::string cut;
  int used = 1;  // for the ellipsis
  for_each_code_point(text, [&](auto code_point, std::string_view bytes) {
    used += utf8proc_charwidth(code_point);
    if (used > columns) return false;
    cut += bytes;
    return true;
  });
  return cut + "…";
}

}  // namespace tillsight
