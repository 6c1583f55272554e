/// \file
/// How good detections are, as COCO counts it.
///
/// **Source** COCO detection evaluation: per class, detections in order of score are matched to the
/// unmatched true box they overlap most; precision is interpolated at 101 recalls; the mean is over
/// classes that occur. Crowd boxes are neither found nor missed. All sizes of objects.
#pragma once

#include <string>
#include <vector>

#include "tillsight/domain/detection.hpp"

namespace tillsight::bench {

struct Truth {
  std::string label;
  Box box;
  bool crowd = false;
};

struct Picture {
  std::vector<Truth> truths;
  std::vector<Detection> detections;
};

/// \return mean average precision at one overlap, in [0, 1]; 0 if no class occurs.
double mean_average_precision(const std::vector<Picture>& pictures, float overlap);

/// \return the mean of it over overlaps .5, .55, … .95: COCO's headline number.
double coco_average_precision(const std::vector<Picture>& pictures);

}  // namespace tillsight::bench
