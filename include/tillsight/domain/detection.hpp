/// \file
/// What a detector says about one picture.
///
/// **Units** boxes in pixels of the picture that was given; scores in [0, 1].
#pragma once

#include <string>
#include <vector>

namespace tillsight {

struct Box {
  float x = 0;  ///< left edge
  float y = 0;  ///< upper edge
  float width = 0;
  float height = 0;
};

/// \return intersection over union, 0 for boxes without area.
float iou(const Box& a, const Box& b);

/// One reading of an object.
struct Candidate {
  std::string label;
  float score = 0;
};

struct Detection {
  Candidate best;
  Box box;
  std::vector<Candidate> alternatives;  ///< at most 3, best first, other labels than `best`
};

}  // namespace tillsight
