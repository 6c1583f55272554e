#include "average_precision.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace tillsight::bench {
namespace {

struct Judged {
  float score = 0;
  bool right = false;
};

/// A crowd box swallows whatever lies in it: what counts is how much of the detection does.
float share_inside(const Box& detection, const Box& crowd) {
  const float width = std::min(detection.x + detection.width, crowd.x + crowd.width) -
                      std::max(detection.x, crowd.x);
  const float height = std::min(detection.y + detection.height, crowd.y + crowd.height) -
                       std::max(detection.y, crowd.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (detection.width * detection.height);
}

std::optional<std::size_t> best_match(const Box& box, const std::string& label,
                                      const std::vector<Truth>& truths,
                                      const std::vector<bool>& taken, float overlap) {
  std::optional<std::size_t> best;
  float most = overlap;
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (truths[i].label != label || truths[i].crowd || taken[i]) continue;
    const float shared = iou(box, truths[i].box);
    if (shared >= most) {
      most = shared;
      best = i;
    }
  }
  return best;
}

// Detections come best first, as Detector promises.
void judge(const Picture& picture, const std::string& label, float overlap,
           std::vector<Judged>& judged) {
  std::vector<bool> taken(picture.truths.size(), false);
  for (const Detection& detection : picture.detections) {
    if (detection.best.label != label) continue;
    if (const auto match = best_match(detection.box, label, picture.truths, taken, overlap)) {
      taken[*match] = true;
      judged.push_back({detection.best.score, true});
      continue;
    }
    const bool in_crowd = std::ranges::any_of(picture.truths, [&](const Truth& truth) {
      return truth.crowd && truth.label == label &&
             share_inside(detection.box, truth.box) >= overlap;
    });
    if (!in_crowd) judged.push_back({detection.best.score, false});
  }
}

double interpolated_precision(std::vector<Judged> judged, std::size_t truths) {
  std::ranges::stable_sort(judged, std::ranges::greater{}, &Judged::score);
  std::vector<double> recall;
  std::vector<double> precision;
  double right = 0;
  for (const Judged& one : judged) {
    right += one.right ? 1 : 0;
    recall.push_back(right / static_cast<double>(truths));
    precision.push_back(right / static_cast<double>(recall.size()));
  }
  for (std::size_t i = precision.size(); i-- > 1;) {
    precision[i - 1] = std::max(precision[i - 1], precision[i]);
  }
  double sum = 0;
  for (int step = 0; step <= 100; ++step) {
    const auto at = std::ranges::lower_bound(recall, step / 100.0) - recall.begin();
    if (static_cast<std::size_t>(at) < precision.size()) {
      sum += precision[static_cast<std::size_t>(at)];
    }
  }
  return sum / 101;
}

}  // namespace

double mean_average_precision(const std::vector<Picture>& pictures, float overlap) {
  std::multiset<std::string> true_labels;
  for (const Picture& picture : pictures) {
    for (const Truth& truth : picture.truths) {
      if (!truth.crowd) true_labels.insert(truth.label);
    }
  }
  double sum = 0;
  int classes = 0;
  for (auto label = true_labels.begin(); label != true_labels.end();
       label = true_labels.upper_bound(*label)) {
    std::vector<Judged> judged;
    for (const Picture& picture : pictures) judge(picture, *label, overlap, judged);
    sum += interpolated_precision(std::move(judged), true_labels.count(*label));
    ++classes;
  }
  return classes == 0 ? 0 : sum / classes;
}

double coco_average_precision(const std::vector<Picture>& pictures) {
  constexpr int kSteps = 10;
  double sum = 0;
  for (int step = 0; step < kSteps; ++step) {
    sum += mean_average_precision(pictures, 0.5f + 0.05f * static_cast<float>(step));
  }
  return sum / kSteps;
}

}  // namespace tillsight::bench
