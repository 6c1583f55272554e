/// \file
/// A client of the real broker under its supervisor, whose clock runs only while it waits: a minute
/// of its patience costs milliseconds, however slow this machine is.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "tests/mqtt/recorder.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::mqtt {

/// Knows whether an attempt to connect is under way.
class WatchedClient final : public Client {
 public:
  explicit WatchedClient(Settings settings)
      : inner_(MosquittoClient::create(std::move(settings)).value()) {}

  bool attempting() const { return attempting_; }
  int attempts() const { return attempts_; }

  Status connect(const std::optional<Will>& will) override {
    ++attempts_;
    const Status begun = inner_->connect(will);
    attempting_ = begun.ok();
    return begun;
  }
  void disconnect() override {
    attempting_ = false;
    inner_->disconnect();
  }
  Status run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) override {
    Status status = inner_->run_once(handler, timeout, wake_fd);
    if (!status || inner_->connected()) attempting_ = false;
    return status;
  }
  bool connected() const override { return inner_->connected(); }
  Result<PublishId> publish(std::string_view topic, std::string_view payload,
                            Retain retain) override {
    return inner_->publish(topic, payload, retain);
  }
  Status subscribe(std::string_view filter) override { return inner_->subscribe(filter); }

 private:
  std::unique_ptr<MosquittoClient> inner_;
  bool attempting_ = false;
  int attempts_ = 0;
};

class Supervised {
 public:
  explicit Supervised(Settings settings) : client(std::move(settings)) {}

  /// Drives it until `done()`.
  /// \return the supervisor's time that it took; negative: not within ten minutes of that time, or
  /// ten seconds of ours in one attempt.
  std::chrono::milliseconds until(const std::function<bool()>& done) {
    const auto from = clock.monotonic_now();
    int patience = kTurnsAnAttempt;
    while (!done()) {
      if (client.attempting() || supervisor.connected()) {
        if (--patience < 0) return std::chrono::milliseconds{-1};
        supervisor.run_once(kTurn, -1);
      } else {
        patience = kTurnsAnAttempt;
        if (clock.monotonic_now() - from > std::chrono::minutes{10}) {
          return std::chrono::milliseconds{-2};
        }
        clock.advance(kStep);
        supervisor.run_once(std::chrono::milliseconds{0}, -1);
      }
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic_now() - from);
  }
  std::chrono::milliseconds until_connected() {
    return until([this] { return supervisor.connected(); });
  }
  /// Lets it fail so often that its waits are as long as they get.
  bool gives_up_hope() {
    const int wanted = client.attempts() + 10;
    return until([&] { return client.attempts() >= wanted && !client.attempting(); }).count() >= 0;
  }
  std::string trouble() const {
    return supervisor.trouble() ? supervisor.trouble()->message() : "none";
  }

  WatchedClient client;
  Recorder recorder;
  FakeClock clock;
  SeededRandom random{5};
  Supervisor supervisor{"test", client, recorder, clock, random};

 private:
  static constexpr std::chrono::milliseconds kTurn{20};
  static constexpr std::chrono::milliseconds kStep{250};
  static constexpr int kTurnsAnAttempt = 500;
};

}  // namespace tillsight::mqtt
