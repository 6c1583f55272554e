/// \file
/// Keeps one Client connected for as long as it is driven, whatever the broker does.
///
/// \dot
///   digraph { waiting -> connecting [label="time has come"];
///             connecting -> connected [label="accepted"];
///             connecting -> waiting [label="failed, or no answer in 15 s"];
///             connected -> waiting [label="lost"]; }
/// \enddot
/// A wait is 1 s, doubled by every further failure up to 60 s, of which a random half is taken off,
/// so that a thousand tills do not come back in the same instant. What only a person can mend is
/// tried again at the slowest pace, for ever. A connection that held for 30 s is healthy: the next
/// wait is short again.
///
/// **Threads** thread-bound, to the thread of its client.
/// **Ownership** borrows everything; all must outlive it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/mqtt/client.hpp"

namespace tillsight::mqtt {

class Supervisor {
 public:
  static constexpr std::chrono::milliseconds kWaitMin{1'000};
  static constexpr std::chrono::milliseconds kWaitMax{60'000};
  static constexpr std::chrono::milliseconds kConnectTimeout{15'000};
  static constexpr std::chrono::milliseconds kHealthy{30'000};

  /// \param name starts its lines in the log ("sync", "hub").
  Supervisor(std::string name, Client& client, Handler& handler, const Clock& clock,
             Random& random);

  /// One turn of the caller's loop; waits as Client::run_once() does.
  void run_once(std::chrono::milliseconds timeout, int wake_fd);

  bool connected() const { return state_ == State::kConnected; }
  /// \return why there is no connection; empty while there is one, and before the first attempt.
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  enum class State { kWaiting, kConnecting, kConnected };

  void attempt();
  void failed(const Error& why);
  void came_up();
  std::chrono::milliseconds until(MonotonicTime when) const;
  std::chrono::milliseconds jittered(std::chrono::milliseconds wait);

  const std::string name_;
  Client& client_;
  Handler& handler_;
  const Clock& clock_;
  Random& random_;

  State state_ = State::kWaiting;
  MonotonicTime deadline_;  ///< waiting: of the next attempt; connecting: of this one
  MonotonicTime connected_at_;
  std::chrono::milliseconds wait_ = kWaitMin;
  std::optional<Error> trouble_;  ///< as last logged
};

}  // namespace tillsight::mqtt
