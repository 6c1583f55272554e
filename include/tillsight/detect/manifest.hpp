/// \file
/// What the till must know about a network: its file and hash, how it is fed, what its answers
/// mean.
///
/// **Source** models/manifest.toml is the commented example; models/README.md explains it.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/detection.hpp"

namespace tillsight {

/// A file and what it must hold. OpenCV may crash on a damaged graph, so none is opened unchecked.
struct PinnedFile {
  std::filesystem::path file;
  Digest sha256{};
};

/// How a picture becomes the network's input: resized, then (pixel - mean) × scale.
struct InputFormat {
  enum class ChannelOrder { kRgb, kBgr };
  enum class Resize {
    kStretch,    ///< to the input's size, whatever the picture's proportions
    kLetterbox,  ///< proportions kept, the rest filled with the mean
  };

  int width_px = 0;
  int height_px = 0;
  double scale = 1;
  std::array<double, 3> mean_rgb{};
  ChannelOrder channel_order = ChannelOrder::kRgb;
  Resize resize = Resize::kStretch;
};

/// **Units** scores and overlaps (intersection over union) in [0, 1].
struct Thresholds {
  float min_score = 0;  ///< below: not reported at all
  float sure = 1;       ///< from here a label is believed; below, the clerk is asked
  std::map<std::string, float, std::less<>> sure_for;  ///< labels that need another `sure`
  float duplicate_iou = 1;    ///< boxes that overlap more are one thing, whatever their labels
  float alternative_iou = 1;  ///< another label on so much the same box is an alternative
  float alternative_score = 1;

  float sure_score(std::string_view label) const;
  /// \return whether `detection` may become a line without asking the clerk.
  bool is_sure(const Detection& detection) const;
};

struct ModelManifest {
  std::string name;
  std::string licence;
  std::string attribution;
  PinnedFile graph;
  std::optional<PinnedFile> config;  ///< the .pbtxt of a network that comes as a pair
  InputFormat input;
  std::vector<std::string> labels;  ///< by class id; empty: the network has no such class
  Thresholds thresholds;
  std::filesystem::path origin;  ///< the manifest's own file, for messages

  /// Reads the manifest and the labels that it names; the network itself is not touched.
  /// \return kNotFound, or kInvalidArgument with file, line and key or label.
  static Result<ModelManifest> load(const std::filesystem::path& file);
};

}  // namespace tillsight
