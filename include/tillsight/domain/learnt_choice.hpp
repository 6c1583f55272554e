/// \file
/// What clerks chose when the camera said something: it orders what is offered tomorrow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tillsight/domain/ids.hpp"

namespace tillsight {

struct LearntChoice {
  std::string label;  ///< what the camera called it
  Sku sku;            ///< what the clerk said it is
  std::int64_t count = 1;
  friend bool operator==(const LearntChoice&, const LearntChoice&) = default;
};

}  // namespace tillsight
