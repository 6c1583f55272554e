/// \file
/// Detections, frame by frame → objects with an identity, that do not flicker.
///
///                 n of the last m frames              k frames in a row without it
///     tentative ──────────────────────────► stable ────────────────────────────────► gone
///         │                                 │    ▲
///         │ m frames without it             └────┘ hidden behind a hand for fewer than k frames
///         ▼
///       gone (nobody ever saw it)
///
/// A detection belongs to the object whose box it overlaps or whose centre is near. Labels that
/// contradict need a good overlap: one thing that is misread for a frame stays one thing, and two
/// things are never stacked on one place. What an object *is* is voted: each frame's scores enter
/// an average that forgets, so that one wrong frame does not flip a label, and the label changes
/// only when another leads clearly. `sure` has its own hysteresis.
///
/// **Law** An object that is detected in every frame is stable in its n-th frame.
/// **Threads** thread-compatible.
/// **Example** tests/basket/object_tracker_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/detection.hpp"
#include "tillsight/domain/snapshot.hpp"

namespace tillsight {

struct TrackerSettings {
  int appear_frames = 3;  ///< n: stable after being seen in n …
  int appear_window = 5;  ///< m: … of the last m frames; 1 ≤ n ≤ m ≤ 32
  int leave_frames = 12;  ///< k: gone after k frames in a row without it

  double sure_score = 0.5;                            ///< voted score from which nobody is asked
  std::map<std::string, double> sure_score_by_label;  ///< where a label needs another one
  double sure_slack = 0.1;   ///< a sure object stays sure until it is this much below
  double vote_weight = 0.2;  ///< of the newest frame in the average
  double vote_margin = 0.1;  ///< by which another label must lead to take over

  std::set<std::string> ignored;   ///< labels that are no product: "person", "dining table", …
  double overlap_least = 0.2;      ///< IoU that makes two boxes of one label one object
  double overlap_misread = 0.5;    ///< the same for labels that contradict
  double distance_most = 0.5;      ///< centre distance in box sizes (√area) for one label
  double push_most = 3;            ///< the same for a thing that was pushed while out of sight
  std::size_t objects_most = 100;  ///< further detections are not taken up
};
/// \return kInvalidArgument naming the setting that is out of its range.
Status check(const TrackerSettings& settings);

class ObjectTracker {
 public:
  /// \pre check(settings) is ok.
  explicit ObjectTracker(TrackerSettings settings);

  /// Takes the next frame. \return what is stable after it, oldest object first.
  Snapshot update(std::span<const Detection> detections, MonotonicTime frame_time);

 private:
  struct Track {
    ObjectId id;  ///< 0 while tentative
    Box box;
    std::uint32_t seen = 0;  ///< one bit a frame, the newest lowest
    int age = 0;             ///< frames since it was first seen
    int missed = 0;          ///< frames in a row without it
    MonotonicTime seen_at;
    std::map<std::string, double> votes;  ///< forgetting sum of scores by label
    double weight = 0;                    ///< forgetting number of votes
    std::string label;
    bool sure = false;
  };
  struct Match {
    double affinity;
    std::size_t track;
    std::size_t detection;
  };

  std::vector<Match> matches(const std::vector<Detection>& detections) const;
  double affinity(const Track& track, const Detection& detection) const;
  void take(Track& track, const Detection& detection, MonotonicTime frame_time) const;
  void decide(Track& track) const;
  void follow(const std::vector<Detection>& detections, MonotonicTime frame_time);
  void promote();
  Track* pushed_from(const Track& arrival);
  void drop_gone();
  double score(const Track& track, const std::string& label) const;
  StableObject object(const Track& track) const;

  // Constant after construction.
  const TrackerSettings settings_;
  // The state; tentative and stable tracks, oldest first.
  std::vector<Track> tracks_;
  std::int64_t frame_ = 0;
  std::uint64_t next_id_ = 1;
};

}  // namespace tillsight
