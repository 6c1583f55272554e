/// \file
/// Where frames come from: the seam between the till and the outside world it looks at.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tillsight/capture/frame.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight {

/// **Threads** thread-compatible: one caller at a time. `next` may block as long as a camera's
/// driver does; who cannot wait calls it in a thread of its own.
class FrameSource {
 public:
  virtual ~FrameSource() = default;

  /// \return the next frame; no frame at the end of a finite source. Errors: kUnavailable, call
  /// again after pause(); kInvalidArgument, this photo cannot be read, the next call goes on with
  /// the one after it; anything else is final.
  virtual Result<std::optional<Frame>> next() = 0;

  /// How long next() has nothing new to say: after kUnavailable, and for a source that does not
  /// block until its next frame.
  virtual std::chrono::milliseconds pause() const { return std::chrono::milliseconds{0}; }

  /// Whether frames come at their own pace and without end, as from a camera. Photos and video
  /// files are not live: they are handed over as fast as they are asked for, and none is skipped.
  virtual bool live() const = 0;
};

struct SourceOptions {
  int frames_per_photo = 1;  ///< a till that votes over N frames wants each photo N times
  int width_px = 0;          ///< asked of a camera, which may answer otherwise; 0: its own choice
  int height_px = 0;
};

/// Opens what `spec` names, once.
///
/// | spec | source |
/// |---|---|
/// | `/dev/video0` | V4L2 camera |
/// | `rtsp://…`, `http://…`, any other URL | network camera or stream |
/// | `gst:PIPELINE` | GStreamer pipeline that ends in `appsink` |
/// | `still:FILE` | the photo in FILE as it is at each frame, 10 a second: to try things with |
/// | a folder | its photos (.jpg, .jpeg, .png, .bmp) in the order of their names |
/// | a photo | that photo, turned as its EXIF orientation says |
/// | any other file | video |
///
/// \param clock must outlive the source.
/// \return kNotFound or kInvalidArgument for a source that cannot work as it is written;
/// kUnavailable for a camera or stream that may come back.
Result<std::unique_ptr<FrameSource>> open_source(const std::string& spec,
                                                 const SourceOptions& options, const Clock& clock);

/// \return whether `spec` names a camera or stream, without opening it.
bool is_live(const std::string& spec);

/// What happened to a live source: true once frames flow, false with the reason once they do not.
struct SourceStatus {
  bool open = false;
  std::string message;  ///< one line for the clerk's screen and the log
};

/// First wait after a failure, doubled each time up to the longest, each shortened by a random part
/// of at most half, so that a shop's tills do not all knock on a restarted camera server at once.
struct Backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{30'000};
};

/// A live source that never gives up: opens it, and reopens it whenever it dies.
///
///     ┌── waiting ◄── next() fails ──┐
///     │      ▲ open fails            │
///     └── pause() is over: open ──► open ── next() ──► frames
///
/// It never sleeps: while waiting, next() answers kUnavailable at once and pause() says how long.
/// Each change of state is logged and reported once. A finite stream that ends counts as dead.
///
/// **Example** tests/capture/reopening_source_test.cpp
class ReopeningSource final : public FrameSource {
 public:
  using Open = std::function<Result<std::unique_ptr<FrameSource>>()>;
  using Report = std::function<void(const SourceStatus&)>;

  /// \param name stands for the source in messages. \param clock, random must outlive this.
  /// \param report is called inside next(); may be empty.
  ReopeningSource(std::string name, Open open, const Clock& clock, Random& random, Report report,
                  Backoff backoff = {});

  Result<std::optional<Frame>> next() override;
  std::chrono::milliseconds pause() const override;
  bool live() const override { return true; }

 private:
  Error fail(const Error& why);
  std::chrono::milliseconds next_wait();

  // Constant after construction.
  const std::string name_;
  const Open open_;
  const Clock& clock_;
  Random& random_;
  const Report report_;
  const Backoff backoff_;

  std::unique_ptr<FrameSource> source_;  // null while waiting
  bool flowing_ = false;                 // the last thing reported
  bool said_gone_ = false;
  int failures_ = 0;  // in a row
  MonotonicTime retry_at_{};
  std::uint64_t sequence_ = 0;
};

}  // namespace tillsight
