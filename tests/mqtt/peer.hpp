/// \file
/// A client of the real broker and its recorder, driven together until a condition holds.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/mqtt/recorder.hpp"
#include "tests/support/broker.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"

namespace tillsight::mqtt {

/// A client and its recorder, driven together.
struct Peer {
  explicit Peer(Settings settings, std::vector<std::string> filters = {})
      : client(std::move(MosquittoClient::create(std::move(settings))).value()),
        recorder([this, wanted = std::move(filters)] {
          for (const std::string& filter : wanted) EXPECT_TRUE(client->subscribe(filter).ok());
        }) {}

  /// \return the first error of the connection, or ok once `done()`.
  Status run_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline)
        return error(Code::kCancelled, "the test waited for ten seconds in vain");
      TILLSIGHT_TRY(client->run_once(recorder, std::chrono::milliseconds{20}, -1));
    }
    return {};
  }
  Status connect() {
    TILLSIGHT_TRY(client->connect(recorder.next_will));
    TILLSIGHT_TRY(run_until([this] { return client->connected(); }));
    // The broker works in order: once it has this, it has our subscriptions too.
    TILLSIGHT_TRY(client->publish("mark", "", Retain::kNo));
    TILLSIGHT_TRY(run_until([this] { return !recorder.outcomes.empty(); }));
    recorder.outcomes.clear();
    return {};
  }
  /// \return the error with which the connection ends.
  Error failure() {
    const Status status = run_until([] { return false; });
    return status.error();
  }

  std::unique_ptr<MosquittoClient> client;
  Recorder recorder;
};

inline Settings settings_for(const test::Broker& broker) {
  Settings settings;
  settings.port = broker.port();
  return settings;
}

}  // namespace tillsight::mqtt
