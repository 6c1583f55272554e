#include "tillsight/detect/manifest.hpp"

#include <algorithm>

#include "detect/labels.hpp"
#include "tillsight/core/config.hpp"

namespace tillsight {
namespace {

constexpr int kSidePxMax = 4096;

void read_pinned(ConfigReader& reader, std::string_view file_key, std::string_view hash_key,
                 PinnedFile& pinned) {
  std::string hex;
  reader.require(file_key, pinned.file);
  reader.require(hash_key, hex);
  const auto digest = digest_from_hex(hex);
  if (digest.ok()) {
    pinned.sha256 = *digest;
  } else {
    reader.reject(hash_key, digest.error().message());
  }
}

void read_model(ConfigReader& reader, ModelManifest& manifest) {
  reader.require("model.name", manifest.name);
  reader.require("model.licence", manifest.licence);
  reader.require("model.attribution", manifest.attribution);
  read_pinned(reader, "model.file", "model.sha256", manifest.graph);
  std::filesystem::path config;
  reader.optional("model.config", config);
  if (!config.empty()) {
    read_pinned(reader, "model.config", "model.config_sha256", manifest.config.emplace());
  }
}

// Where the network came from is models/fetch.sh's business; here only a typo in it matters.
void read_source(ConfigReader& reader) {
  for (const std::string_view key :
       {"source.package", "source.version", "source.tarball_sha256", "source.model_json"}) {
    std::string unused;
    reader.optional(key, unused);
  }
}

template <typename Choice>
void read_choice(ConfigReader& reader, std::string_view key,
                 const std::map<std::string, Choice>& choices, Choice& out) {
  std::string text;
  reader.require(key, text);
  if (const auto chosen = choices.find(text); chosen != choices.end()) {
    out = chosen->second;
  } else {
    reader.reject(key, format("'{}' is not one of {}, {}", text, choices.begin()->first,
                              choices.rbegin()->first));
  }
}

void read_input(ConfigReader& reader, InputFormat& input) {
  using Order = InputFormat::ChannelOrder;
  using Resize = InputFormat::Resize;
  reader.require("input.width", input.width_px, 1, kSidePxMax);
  reader.require("input.height", input.height_px, 1, kSidePxMax);
  reader.require("input.scale", input.scale, 1e-6, 1e6);
  reader.require("input.mean.red", input.mean_rgb[0], -1e6, 1e6);
  reader.require("input.mean.green", input.mean_rgb[1], -1e6, 1e6);
  reader.require("input.mean.blue", input.mean_rgb[2], -1e6, 1e6);
  read_choice<Order>(reader, "input.channel_order", {{"rgb", Order::kRgb}, {"bgr", Order::kBgr}},
                     input.channel_order);
  read_choice<Resize>(reader, "input.resize",
                      {{"stretch", Resize::kStretch}, {"letterbox", Resize::kLetterbox}},
                      input.resize);
}

void read_fraction(ConfigReader& reader, const std::string& key, float& out) {
  double value = 0;
  reader.require(key, value, 0.0, 1.0);
  out = static_cast<float>(value);
}

void read_thresholds(ConfigReader& reader, const std::vector<std::string>& labels,
                     Thresholds& thresholds) {
  read_fraction(reader, "thresholds.min_score", thresholds.min_score);
  read_fraction(reader, "thresholds.sure", thresholds.sure);
  read_fraction(reader, "thresholds.duplicate_iou", thresholds.duplicate_iou);
  read_fraction(reader, "thresholds.alternative_iou", thresholds.alternative_iou);
  read_fraction(reader, "thresholds.alternative_score", thresholds.alternative_score);
  for (const std::string& label : reader.keys("thresholds.sure_for")) {
    const std::string key = "thresholds.sure_for." + label;
    read_fraction(reader, key, thresholds.sure_for[label]);
    if (std::ranges::find(labels, label) == labels.end()) {
      reader.reject(key, "is no label of this network");
    }
  }
}

}  // namespace

float Thresholds::sure_score(std::string_view label) const {
  const auto own = sure_for.find(label);
  return own == sure_for.end() ? sure : own->second;
}

bool Thresholds::is_sure(const Detection& detection) const {
  return detection.best.score >= sure_score(detection.best.label);
}

Result<ModelManifest> ModelManifest::load(const std::filesystem::path& file) {
  if (std::error_code unknown; !std::filesystem::exists(file, unknown)) {
    return error(Code::kNotFound,
                 "{}: there is no such manifest of a network; Tillsight's is models/manifest.toml",
                 file.string());
  }
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load(file));
  ModelManifest manifest;
  manifest.origin = file;
  read_model(reader, manifest);
  read_source(reader);
  read_input(reader, manifest.input);

  std::filesystem::path labels_file;
  int label_count = 0;
  reader.require("labels.file", labels_file);
  reader.require("labels.count", label_count, 1, kClassIdMax);
  if (!labels_file.empty()) {
    TILLSIGHT_ASSIGN(manifest.labels, load_labels(labels_file, label_count));
  }
  read_thresholds(reader, manifest.labels, manifest.thresholds);
  TILLSIGHT_TRY(reader.finish());
  return manifest;
}

}  // namespace tillsight
