/// \file
/// A source of frames whose driver may hang: it is asked in a thread of its own, so that whoever
/// waits for a frame can be stopped, and a call that never comes back is left behind.
///
///     next() ── asks ──► worker ── FrameSource::next() ──► answer ──► next()
///       └── a stop: the call goes on; the next next() waits for the same answer
///
/// **Threads** thread-compatible: one caller at a time. **Ownership** a call that hangs keeps the
/// source; what the source borrows should last until the process ends.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "tillsight/capture/frame_source.hpp"

namespace tillsight::app {

class PatientSource {
 public:
  using Answer = Result<std::optional<Frame>>;
  /// How long the end waits for a call, before it leaves it behind.
  static constexpr std::chrono::milliseconds kGrace{2'000};

  explicit PatientSource(std::unique_ptr<FrameSource> source,
                         std::chrono::milliseconds grace = kGrace);
  ~PatientSource();
  PatientSource(const PatientSource&) = delete;
  PatientSource& operator=(const PatientSource&) = delete;

  bool live() const { return live_; }
  /// \return as FrameSource::next() does; none after a stop.
  std::optional<Answer> next(std::stop_token stop);
  /// As the source said with its last answer.
  std::chrono::milliseconds pause() const { return pause_; }

 private:
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared, const std::stop_token& end);

  const bool live_;
  const std::chrono::milliseconds grace_;
  std::chrono::milliseconds pause_{0};
  const std::shared_ptr<Shared> shared_;
  std::stop_source end_;
  std::thread worker_;
};

}  // namespace tillsight::app
