#include "tillsight/basket/object_tracker.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace tillsight {
namespace {

constexpr std::size_t kAlternatives = 3;
constexpr float kNoise = 0.05F;      // what scores less is not even a tentative object
constexpr double kForgotten = 0.01;  // a label with less of the vote is no reading any more
constexpr double kAgreement = 0.3;   // what one label is worth beside a full overlap of 1

double size(const Box& box) {
  return std::sqrt(static_cast<double>(box.width) * static_cast<double>(box.height));
}

/// Centre distance in units of the two boxes' mean size.
double distance(const Box& a, const Box& b) {
  const double dx = (a.x + a.width / 2) - (b.x + b.width / 2);
  const double dy = (a.y + a.height / 2) - (b.y + b.height / 2);
  return std::hypot(dx, dy) / std::max(1e-6, (size(a) + size(b)) / 2);
}

Status in_range(std::string_view name, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return error(Code::kInvalidArgument, "basket: {} = {} is out of range; it goes from {} to {}",
               name, value, least, most);
}

}  // namespace

Status check(const TrackerSettings& settings) {
  TILLSIGHT_TRY(in_range("appear_window", settings.appear_window, 1, 32));
  TILLSIGHT_TRY(in_range("appear_frames", settings.appear_frames, 1, settings.appear_window));
  TILLSIGHT_TRY(in_range("leave_frames", settings.leave_frames, 1, 1000));
  TILLSIGHT_TRY(in_range("sure_score", settings.sure_score, 0, 1));
  for (const auto& [label, score] : settings.sure_score_by_label) {
    TILLSIGHT_TRY(in_range("sure_score of '" + label + "'", score, 0, 1));
  }
  TILLSIGHT_TRY(in_range("sure_slack", settings.sure_slack, 0, 1));
  TILLSIGHT_TRY(in_range("vote_weight", settings.vote_weight, 0.01, 1));
  TILLSIGHT_TRY(in_range("vote_margin", settings.vote_margin, 0, 1));
  TILLSIGHT_TRY(in_range("overlap_least", settings.overlap_least, 0.01, 1));
  TILLSIGHT_TRY(in_range("overlap_misread", settings.overlap_misread, 0.01, 1));
  TILLSIGHT_TRY(in_range("distance_most", settings.distance_most, 0, 10));
  TILLSIGHT_TRY(in_range("push_most", settings.push_most, 0, 100));
  return in_range("objects_most", static_cast<double>(settings.objects_most), 1, 1000);
}

ObjectTracker::ObjectTracker(TrackerSettings settings) : settings_(std::move(settings)) {
  const Status status = check(settings_);
  TILLSIGHT_CHECK(status.ok(), status.error().message());
}

Snapshot ObjectTracker::update(std::span<const Detection> detections, MonotonicTime frame_time) {
  std::vector<Detection> relevant;
  for (const Detection& detection : detections) {
    const bool product = !settings_.ignored.contains(detection.best.label);
    if (product && detection.best.score >= kNoise) relevant.push_back(detection);
  }
  ++frame_;
  follow(relevant, frame_time);
  promote();
  drop_gone();

  Snapshot snapshot{frame_, frame_time, {}};
  for (const Track& track : tracks_) {
    if (track.id.value() != 0) snapshot.objects.push_back(object(track));
  }
  std::ranges::sort(snapshot.objects, {}, &StableObject::id);
  return snapshot;
}

/// \return 0 if they cannot be one thing, else the more the likelier.
double ObjectTracker::affinity(const Track& track, const Detection& detection) const {
  const auto voted = [&](const Candidate& c) { return track.votes.contains(c.label); };
  const bool agree = voted(detection.best) || std::ranges::any_of(detection.alternatives, voted);
  const double overlap = iou(track.box, detection.box);
  if (!agree) return overlap >= settings_.overlap_misread ? overlap : 0;

  const double away = distance(track.box, detection.box);
  if (overlap < settings_.overlap_least && away > settings_.distance_most) return 0;
  return kAgreement + overlap + 0.1 / (1 + away);
}

std::vector<ObjectTracker::Match> ObjectTracker::matches(
    const std::vector<Detection>& detections) const {
  std::vector<Match> found;
  for (std::size_t t = 0; t < tracks_.size(); ++t) {
    for (std::size_t d = 0; d < detections.size(); ++d) {
      const double value = affinity(tracks_[t], detections[d]);
      if (value > 0) found.push_back({value, t, d});
    }
  }
  // Equal affinities go to the older track: the sort is stable and tracks_ is oldest first.
  std::ranges::stable_sort(found, std::ranges::greater{}, &Match::affinity);
  return found;
}

/// Gives every detection to the track it belongs to, best pair first, and starts new tracks.
void ObjectTracker::follow(const std::vector<Detection>& detections, MonotonicTime frame_time) {
  std::vector<bool> track_taken(tracks_.size());
  std::vector<bool> detection_taken(detections.size());
  for (const Match& match : matches(detections)) {
    if (track_taken[match.track] || detection_taken[match.detection]) continue;
    track_taken[match.track] = detection_taken[match.detection] = true;
    take(tracks_[match.track], detections[match.detection], frame_time);
  }
  for (std::size_t t = 0; t < track_taken.size(); ++t) {
    ++tracks_[t].age;
    if (track_taken[t]) continue;
    tracks_[t].seen <<= 1;
    ++tracks_[t].missed;
  }
  for (std::size_t d = 0; d < detections.size(); ++d) {
    if (detection_taken[d] || tracks_.size() >= settings_.objects_most) continue;
    take(tracks_.emplace_back(), detections[d], frame_time);
    tracks_.back().age = 1;
  }
}

void ObjectTracker::take(Track& track, const Detection& detection, MonotonicTime frame_time) const {
  track.box = detection.box;
  track.seen = (track.seen << 1) | 1u;
  track.missed = 0;
  track.seen_at = frame_time;

  const double keep = 1 - settings_.vote_weight;
  for (auto& [label, sum] : track.votes) sum *= keep;
  const auto vote = [&](const Candidate& candidate) {
    track.votes[candidate.label] += settings_.vote_weight * static_cast<double>(candidate.score);
  };
  vote(detection.best);
  for (const Candidate& alternative : detection.alternatives) vote(alternative);
  track.weight = track.weight * keep + settings_.vote_weight;
  std::erase_if(track.votes, [&](const auto& v) { return v.second < kForgotten * track.weight; });
  decide(track);
}

void ObjectTracker::decide(Track& track) const {
  const std::string before = track.label;
  std::string leader = before;
  for (const auto& [label, sum] : track.votes) {
    if (score(track, label) > score(track, leader)) leader = label;
  }
  const bool clear = score(track, leader) > score(track, before) + settings_.vote_margin;
  if (before.empty() || clear) track.label = leader;

  const auto own = settings_.sure_score_by_label.find(track.label);
  const double needed =
      own != settings_.sure_score_by_label.end() ? own->second : settings_.sure_score;
  const double slack = track.sure && track.label == before ? settings_.sure_slack : 0;
  track.sure = score(track, track.label) >= needed - slack;
}

void ObjectTracker::promote() {
  const std::uint32_t window = ~std::uint32_t{0} >> (32 - settings_.appear_window);
  for (Track& track : tracks_) {
    if (track.id.value() != 0 || std::popcount(track.seen & window) < settings_.appear_frames) {
      continue;
    }
    if (Track* const before = pushed_from(track)) {
      track.id = std::exchange(before->id, ObjectId(0));
      before->seen = 0;
    } else {
      track.id = ObjectId(next_id_++);
    }
  }
}

/// \return the nearest stable object of the same label that has been missing since `arrival` was
/// first seen, or null.
ObjectTracker::Track* ObjectTracker::pushed_from(const Track& arrival) {
  Track* nearest = nullptr;
  double least = settings_.push_most;
  for (Track& track : tracks_) {
    if (track.id.value() == 0 || track.missed < arrival.age || track.label != arrival.label) {
      continue;
    }
    const double away = distance(track.box, arrival.box);
    if (away > least) continue;
    least = away;
    nearest = &track;
  }
  return nearest;
}

void ObjectTracker::drop_gone() {
  const std::uint32_t window = ~std::uint32_t{0} >> (32 - settings_.appear_window);
  std::erase_if(tracks_, [&](const Track& track) {
    if (track.id.value() != 0) return track.missed >= settings_.leave_frames;
    return (track.seen & window) == 0;
  });
}

double ObjectTracker::score(const Track& track, const std::string& label) const {
  const auto vote = track.votes.find(label);
  return vote == track.votes.end() ? 0 : std::min(1.0, vote->second / track.weight);
}

StableObject ObjectTracker::object(const Track& track) const {
  StableObject object;
  object.id = track.id;
  object.box = track.box;
  object.seen = track.seen_at;
  object.sure = track.sure;
  object.best = {track.label, static_cast<float>(score(track, track.label))};
  for (const auto& [label, sum] : track.votes) {
    if (label == track.label) continue;
    object.alternatives.push_back({label, static_cast<float>(score(track, label))});
  }
  std::ranges::stable_sort(object.alternatives, std::ranges::greater{}, &Candidate::score);
  if (object.alternatives.size() > kAlternatives) object.alternatives.resize(kAlternatives);
  return object;
}

}  // namespace tillsight
