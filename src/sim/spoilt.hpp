/// \file
/// The planted bugs: between the real parts and the broker, where they change what passes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/mqtt/client.hpp"
#include "tillsight/sim/simulation.hpp"
#include "tillsight/sync/outbox.hpp"

namespace tillsight::sim {

/// Passes everything on in both directions. **Ownership** borrows the real client.
class SpoiltLine : public mqtt::Client, public mqtt::Handler {
 public:
  explicit SpoiltLine(mqtt::Client& real) : real_(real) {}

  Status connect(const std::optional<mqtt::Will>& will) override { return real_.connect(will); }
  void disconnect() override { real_.disconnect(); }
  Status run_once(mqtt::Handler& handler, std::chrono::milliseconds timeout, int fd) override {
    handler_ = &handler;
    return real_.run_once(*this, timeout, fd);
  }
  bool connected() const override { return real_.connected(); }
  Result<mqtt::PublishId> publish(std::string_view topic, std::string_view payload,
                                  mqtt::Retain retain) override {
    return real_.publish(topic, payload, retain);
  }
  Status subscribe(std::string_view filter) override { return real_.subscribe(filter); }

  void on_connected() override { handler_->on_connected(); }
  void on_disconnected(const Error& why) override { handler_->on_disconnected(why); }
  void on_message(const mqtt::Message& message) override { handler_->on_message(message); }
  void on_published(mqtt::PublishId id, const Status& outcome) override {
    handler_->on_published(id, outcome);
  }

 protected:
  mqtt::Client& real_;
  mqtt::Handler* handler_ = nullptr;  ///< of the present run_once()
};

/// A hub with kFirstOfABatchOnly or kAckBeforeCommit.
class SpoiltHubLine final : public SpoiltLine {
 public:
  SpoiltHubLine(mqtt::Client& real, const hub::HubStore& store, PlantedBug bug)
      : SpoiltLine(real), store_(store), bug_(bug) {}

  Result<mqtt::PublishId> publish(std::string_view topic, std::string_view payload,
                                  mqtt::Retain retain) override;
  void on_message(const mqtt::Message& message) override;

 private:
  const hub::HubStore& store_;
  const PlantedBug bug_;
  SequenceRanges received_;  ///< of the only till
};

/// A till with kDeliveredOnPuback.
class SpoiltTillLine final : public SpoiltLine {
 public:
  SpoiltTillLine(mqtt::Client& real, sync::Outbox& outbox, const PlantedBug bug)
      : SpoiltLine(real), outbox_(outbox), bug_(bug) {}

  Result<mqtt::PublishId> publish(std::string_view topic, std::string_view payload,
                                  mqtt::Retain retain) override;
  void on_message(const mqtt::Message& message) override;
  void on_published(mqtt::PublishId id, const Status& outcome) override;

 private:
  sync::Outbox& outbox_;
  const PlantedBug bug_;
  std::string hub_epoch_;
  std::map<mqtt::PublishId, Ack> sent_;
};

}  // namespace tillsight::sim
