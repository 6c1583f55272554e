/// \file
/// The demo's past: a year of a shop that never was, imported at head office before its first real
/// sale; the model that was trained on it; and the shop's best customer, with what they may want.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::app {

struct Past {
  std::string phone;  ///< of the customer who came most often
  std::vector<hub::Recommended> may_want;
};

/// Tells the visitor what it does. \pre no hub runs on the folder.
Result<Past> make_past(const std::filesystem::path& hub_settings,
                       const std::filesystem::path& catalogue, const StopSignals& stop);

}  // namespace tillsight::app
