/// \file
/// A Handler that remembers what it heard.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/mqtt/client.hpp"

namespace tillsight::mqtt {

class Recorder final : public Handler {
 public:
  struct Heard {
    std::string topic;
    std::string payload;
    bool retained = false;
    friend bool operator==(const Heard&, const Heard&) = default;
  };

  /// \param on_connect runs in on_connected(), where a client subscribes.
  explicit Recorder(std::function<void()> on_connect = [] {})
      : on_connect_(std::move(on_connect)) {}

  std::optional<Will> will() override { return next_will; }
  void on_connected() override {
    ++connects;
    on_connect_();
  }
  void on_disconnected(const Error& why) override { disconnects.push_back(why.message()); }
  void on_message(const Message& message) override {
    messages.push_back(
        {std::string(message.topic), std::string(message.payload), message.retained});
  }
  void on_published(PublishId, const Status& outcome) override { outcomes.push_back(outcome); }

  std::optional<Will> next_will;
  int connects = 0;
  std::vector<std::string> disconnects;
  std::vector<Heard> messages;
  std::vector<Status> outcomes;

 private:
  std::function<void()> on_connect_;
};

}  // namespace tillsight::mqtt
