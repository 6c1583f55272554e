/// \file
/// What lies on the counter at one moment, as far as the camera is certain that it is there.
///
/// **Units** boxes in pixels of the camera's picture; scores in [0, 1].
#pragma once

#include <cstdint>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/strong.hpp"
#include "tillsight/domain/detection.hpp"

namespace tillsight {

/// One thing from when it comes into view until it leaves. Never given twice by one tracker.
using ObjectId = Strong<std::uint64_t, struct ObjectIdTag>;

struct StableObject {
  ObjectId id;
  Candidate best;                       ///< score: the average over the last frames
  std::vector<Candidate> alternatives;  ///< at most 3, best first, other labels than `best`
  Box box;                              ///< where it was seen last
  MonotonicTime seen;                   ///< the last frame that showed it; it may be hidden now
  bool sure = false;                    ///< good enough to be sold without asking the clerk
};

/// An object that is missing here and was in an earlier snapshot has left the view.
struct Snapshot {
  std::int64_t frame = 0;
  MonotonicTime time;  ///< of the frame
  std::vector<StableObject> objects;
};

}  // namespace tillsight
