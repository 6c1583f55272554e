/// \file
/// The main job on one machine, for a person to watch: real photos become invoices at two tills,
/// travel through a real broker, and come out as reports at head office; what head office has
/// learnt from a made-up year stands at the till beside a regular's name.
///
/// It starts Mosquitto, a hub and two tills as processes of their own and speaks to the tills as a
/// keypad would, over their sockets. In the middle it takes the network away and sells on. It ends
/// everything that it started, also on Ctrl-C, and leaves what they wrote. Where it serves, both
/// tills go on afterwards, with their pages open, until a signal.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::app {

struct DemoSettings {
  std::filesystem::path program;  ///< tillsight itself
  std::filesystem::path folder;   ///< where everything is written; must not exist yet
  std::filesystem::path photos;   ///< Debian's opencv-doc photos
  std::filesystem::path model;    ///< manifest
  std::filesystem::path catalogue;
  std::vector<std::filesystem::path> own_photos;  ///< each becomes one more sale
  bool serve = false;                             ///< the tills have pages, and go on
};

/// \return kFailedPrecondition or kNotFound naming what is missing and how to get it, kCancelled
/// after a signal that came before everything was shown.
Status run_demo(const DemoSettings& settings, const StopSignals& stop);

}  // namespace tillsight::app
