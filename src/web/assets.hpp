/// \file
/// The pages' files, in the program since it was built (web/, cmake/EmbedPage.cmake).
#pragma once

#include <span>
#include <string_view>

namespace tillsight::web {

struct Asset {
  std::string_view path;  ///< "/kiosk.js"
  std::string_view content_type;
  std::string_view etag;  ///< with its quotes
  std::string_view gzip;  ///< the compressed bytes
};

std::span<const Asset> kiosk_assets();
std::span<const Asset> dashboard_assets();

}  // namespace tillsight::web
