#include "tillsight/mqtt/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/core/log.hpp"

namespace tillsight::mqtt {

using std::chrono::milliseconds;

Supervisor::Supervisor(std::string name, Client& client, Handler& handler, const Clock& clock,
                       Random& random)
    : name_(std::move(name)),
      client_(client),
      handler_(handler),
      clock_(clock),
      random_(random),
      deadline_(clock.monotonic_now()) {}

void Supervisor::run_once(milliseconds timeout, int wake_fd) {
  if (state_ == State::kWaiting && clock_.monotonic_now() >= deadline_) attempt();
  const bool bounded = state_ != State::kConnected;
  const Status status =
      client_.run_once(handler_, bounded ? std::min(timeout, until(deadline_)) : timeout, wake_fd);
  if (state_ == State::kWaiting) return;
  if (!status) {
    failed(status.error());
  } else if (state_ == State::kConnecting && client_.connected()) {
    came_up();
  } else if (state_ == State::kConnecting && clock_.monotonic_now() >= deadline_) {
    client_.disconnect();
    failed(error(Code::kUnavailable, "the broker does not answer; check host, port and network"));
  }
}

void Supervisor::attempt() {
  const Status begun = client_.connect(handler_.will());
  if (!begun) return failed(begun.error());
  state_ = State::kConnecting;
  deadline_ = clock_.monotonic_now() + kConnectTimeout;
}

void Supervisor::came_up() {
  state_ = State::kConnected;
  connected_at_ = clock_.monotonic_now();
  trouble_.reset();
  log::info("{}: connected to the broker", name_);
}

void Supervisor::failed(const Error& why) {
  const MonotonicTime now = clock_.monotonic_now();
  const bool was_healthy = state_ == State::kConnected && now - connected_at_ >= kHealthy;
  if (was_healthy) wait_ = kWaitMin;
  if (why.code() == Code::kFailedPrecondition) wait_ = kWaitMax;
  state_ = State::kWaiting;
  deadline_ = now + jittered(wait_);
  wait_ = std::min(wait_ * 2, kWaitMax);
  if (trouble_ && trouble_->message() == why.message()) return;
  trouble_ = why;
  log::warning("{}: no connection: {}; it is tried again until it works", name_, why.message());
}

milliseconds Supervisor::until(MonotonicTime when) const {
  const auto left = std::chrono::ceil<milliseconds>(when - clock_.monotonic_now());
  return std::max(left, milliseconds{0});
}

milliseconds Supervisor::jittered(milliseconds wait) {
  const double share = 0.5 + 0.5 * random_.next_unit();
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * share));
}

}  // namespace tillsight::mqtt
