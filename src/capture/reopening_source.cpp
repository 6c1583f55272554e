#include <algorithm>

#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight {

using std::chrono::milliseconds;

ReopeningSource::ReopeningSource(std::string name, Open open, const Clock& clock, Random& random,
                                 Report report, Backoff backoff)
    : name_(std::move(name)),
      open_(std::move(open)),
      clock_(clock),
      random_(random),
      report_(std::move(report)),
      backoff_(backoff),
      retry_at_(clock.monotonic_now()) {}

Result<std::optional<Frame>> ReopeningSource::next() {
  if (source_ == nullptr) {
    if (pause() > milliseconds{0}) {
      return error(Code::kUnavailable, "{}: waiting to be opened again", name_);
    }
    auto opened = open_();
    if (!opened.ok()) return fail(opened.error());
    source_ = std::move(opened).value();
  }
  auto frame = source_->next();
  if (!frame.ok()) return fail(frame.error());
  if (!frame->has_value()) return fail(error(Code::kUnavailable, "the stream ended"));

  failures_ = 0;
  if (!flowing_) {
    flowing_ = true;
    said_gone_ = false;
    log::info("capture: {}: frames arrive", name_);
    if (report_) report_({.open = true, .message = format("{}: frames arrive", name_)});
  }
  (*frame)->sequence = sequence_++;
  return frame;
}

milliseconds ReopeningSource::pause() const {
  if (source_ != nullptr) return source_->pause();
  const auto left = std::chrono::ceil<milliseconds>(retry_at_ - clock_.monotonic_now());
  return std::max(left, milliseconds{0});
}

// Closes the source and plans the next attempt. Only the first failure in a row is news.
Error ReopeningSource::fail(const Error& why) {
  source_.reset();
  flowing_ = false;
  const milliseconds wait = next_wait();
  retry_at_ = clock_.monotonic_now() + wait;
  const std::string line =
      format("{}: no picture: {}; trying again until it is back", name_, why.message());
  if (!said_gone_) {
    said_gone_ = true;
    log::warning("capture: {}", line);
    if (report_) report_({.open = false, .message = line});
  }
  log::debug("capture: {}: next attempt in {} ms", name_, wait.count());
  return Error(Code::kUnavailable, line);
}

milliseconds ReopeningSource::next_wait() {
  const int doublings = std::min(failures_++, 16);
  const milliseconds full = std::min(backoff_.first * (1 << doublings), backoff_.longest);
  return milliseconds{static_cast<milliseconds::rep>(static_cast<double>(full.count()) *
                                                     (1.0 - random_.next_unit() / 2))};
}

}  // namespace tillsight
