/// \file
/// One cookie of a request.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace tillsight::web {

/// \param all the header `Cookie`. \return "" if there is none of this name.
inline std::string cookie_of(std::string_view all, const std::string& name) {
  const std::string wanted = name + "=";
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(';', at), all.size());
    const std::string_view one = all.substr(at, end - at);
    if (one.starts_with(wanted)) return std::string(one.substr(wanted.size()));
    at = all.find_first_not_of(' ', end + 1);
    if (at == std::string_view::npos) break;
  }
  return "";
}

}  // namespace tillsight::web
