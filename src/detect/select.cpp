#include "detect/select.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "tillsight/core/check.hpp"

namespace tillsight {
namespace {

constexpr std::size_t kAlternativesMax = 3;

struct Reading {
  std::size_t class_id = 0;
  float score = 0;
  Box box;
};

std::optional<Box> box_in_frame(std::span<const float, 4> edges, const Placement& placement) {
  const auto width = static_cast<float>(placement.frame_width_px);
  const auto height = static_cast<float>(placement.frame_height_px);
  const float left = std::clamp(edges[0] * placement.scale_x + placement.offset_x, 0.0f, width);
  const float top = std::clamp(edges[1] * placement.scale_y + placement.offset_y, 0.0f, height);
  const float right = std::clamp(edges[2] * placement.scale_x + placement.offset_x, 0.0f, width);
  const float bottom = std::clamp(edges[3] * placement.scale_y + placement.offset_y, 0.0f, height);
  if (!(right > left) || !(bottom > top)) return std::nullopt;
  return Box{.x = left, .y = top, .width = right - left, .height = bottom - top};
}

std::optional<Reading> read_row(std::span<const float, kRowLength> row, const Placement& placement,
                                std::span<const std::string> labels) {
  if (!std::ranges::all_of(row, [](float number) { return std::isfinite(number); })) return {};
  const float class_id = row[1];
  if (class_id < 0 || class_id >= static_cast<float>(labels.size())) return {};
  const auto index = static_cast<std::size_t>(class_id);
  if (labels[index].empty() || row[2] <= 0 || row[2] > 1) return {};
  const auto box = box_in_frame(row.subspan<3, 4>(), placement);
  if (!box) return {};
  return Reading{.class_id = index, .score = row[2], .box = *box};
}

// Best first; equal scores in an order that does not depend on the network's.
bool better(const Reading& a, const Reading& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.class_id != b.class_id) return a.class_id < b.class_id;
  return std::tie(a.box.x, a.box.y) < std::tie(b.box.x, b.box.y);
}

std::vector<Candidate> alternatives_of(const Reading& best, std::span<const Reading> readings,
                                       std::span<const std::string> labels,
                                       const Thresholds& thresholds) {
  std::vector<Candidate> alternatives;
  for (const Reading& other : readings) {
    if (alternatives.size() == kAlternativesMax) break;
    if (other.score < thresholds.alternative_score) break;  // sorted: no better one follows
    if (other.class_id == best.class_id || iou(other.box, best.box) < thresholds.alternative_iou) {
      continue;
    }
    const std::string& label = labels[other.class_id];
    if (std::ranges::find(alternatives, label, &Candidate::label) == alternatives.end()) {
      alternatives.push_back({label, other.score});
    }
  }
  return alternatives;
}

}  // namespace

Placement place(const InputFormat& input, int frame_width_px, int frame_height_px) {
  const auto frame_width = static_cast<float>(frame_width_px);
  const auto frame_height = static_cast<float>(frame_height_px);
  const auto input_width = static_cast<float>(input.width_px);
  const auto input_height = static_cast<float>(input.height_px);
  Placement placement{.frame_width_px = frame_width_px,
                      .frame_height_px = frame_height_px,
                      .scale_x = frame_width,
                      .scale_y = frame_height,
                      .resized_width_px = input.width_px,
                      .resized_height_px = input.height_px};
  if (input.resize == InputFormat::Resize::kStretch) return placement;

  const float shrink = std::min(input_width / frame_width, input_height / frame_height);
  placement.resized_width_px =
      std::clamp(static_cast<int>(std::lround(frame_width * shrink)), 1, input.width_px);
  placement.resized_height_px =
      std::clamp(static_cast<int>(std::lround(frame_height * shrink)), 1, input.height_px);
  const float frame_per_input_x = frame_width / static_cast<float>(placement.resized_width_px);
  const float frame_per_input_y = frame_height / static_cast<float>(placement.resized_height_px);
  const int left_px = (input.width_px - placement.resized_width_px) / 2;
  const int top_px = (input.height_px - placement.resized_height_px) / 2;
  placement.scale_x = input_width * frame_per_input_x;
  placement.scale_y = input_height * frame_per_input_y;
  placement.offset_x = -static_cast<float>(left_px) * frame_per_input_x;
  placement.offset_y = -static_cast<float>(top_px) * frame_per_input_y;
  return placement;
}

std::vector<Detection> select_detections(std::span<const float> rows, const Placement& placement,
                                         std::span<const std::string> labels,
                                         const Thresholds& thresholds) {
  TILLSIGHT_CHECK(rows.size() % kRowLength == 0, "raw rows are whole");
  std::vector<Reading> readings;
  for (; !rows.empty(); rows = rows.subspan(kRowLength)) {
    if (const auto reading = read_row(rows.first<kRowLength>(), placement, labels)) {
      readings.push_back(*reading);
    }
  }
  std::ranges::sort(readings, better);

  std::vector<Detection> kept;
  for (const Reading& reading : readings) {
    if (reading.score < thresholds.min_score) break;
    const bool duplicate = std::ranges::any_of(kept, [&](const Detection& known) {
      return iou(known.box, reading.box) > thresholds.duplicate_iou;
    });
    if (duplicate) continue;
    kept.push_back({.best = {labels[reading.class_id], reading.score},
                    .box = reading.box,
                    .alternatives = alternatives_of(reading, readings, labels, thresholds)});
  }
  return kept;
}

}  // namespace tillsight
