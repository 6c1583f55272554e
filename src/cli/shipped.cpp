#include "cli/shipped.hpp"

#include <filesystem>

namespace tillsight::cli {

std::string shipped(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code none;
  const fs::path packaged = fs::path("/usr/share/tillsight") / file;
  return !fs::exists(file, none) && fs::exists(packaged, none) ? packaged.string() : file;
}

}  // namespace tillsight::cli
