#include "tillsight/core/check.hpp"

#include <cstdlib>

#include "tillsight/core/log.hpp"

namespace tillsight {

void check_failed(std::string_view what, std::string_view message) {
  log::error("bug: {} ({})", message, what);
  std::abort();
}

}  // namespace tillsight
