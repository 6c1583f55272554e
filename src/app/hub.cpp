#include "tillsight/app/hub.hpp"

#include "tillsight/core/log.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdle{500};
constexpr milliseconds kBusy{5};  // while events wait for their batch to fill
constexpr milliseconds kRetry{1'000};

class HubDaemon final : public mqtt::Handler {
 public:
  HubDaemon(hub::HubStore& store, const Clock& clock, const hub::IngestSettings& settings,
            mqtt::Client& client)
      : store_(store), clock_(clock), ingest_(store, clock, settings), client_(client) {}

  std::optional<mqtt::Will> will() override {
    return mqtt::Will{std::string(topics::kHubState), to_json(HubState{false, store_.epoch()})};
  }

  void on_connected() override {
    for (const std::string_view filter : {topics::kAllEvents, topics::kAllStatus}) {
      if (const Status status = client_.subscribe(filter); !status.ok()) report(status.error());
    }
    publish(topics::kHubState, to_json(HubState{true, store_.epoch()}), mqtt::Retain::kYes);
  }

  void on_disconnected(const Error&) override {}

  void on_message(const mqtt::Message& message) override {
    // What is shed is not acknowledged, so its till sends it again.
    if (const Status taken = ingest_.receive(message.topic, message.payload); !taken.ok()) {
      report(taken.error());
    }
  }

  void on_published(mqtt::PublishId, const Status& outcome) override {
    if (!outcome.ok()) report(outcome.error());
  }

  /// Writes a batch if one is due. \return kDataLoss: stop.
  Status turn() {
    const MonotonicTime now = clock_.monotonic_now();
    if (!ingest_.due(now) || now < retry_at_) return {};
    return flush();
  }

  Status flush() {
    if (ingest_.empty()) return {};
    const auto acks = ingest_.flush();
    if (!acks.ok()) {
      if (acks.error().code() == Code::kDataLoss) return acks.error();
      report(acks.error());
      retry_at_ = clock_.monotonic_now() + kRetry;
      return {};
    }
    trouble_.clear();
    for (const hub::AddressedAck& ack : *acks) {
      publish(topics::ack(ack.store, ack.till), to_json(ack.ack), mqtt::Retain::kNo);
    }
    return {};
  }

  void say_goodbye() {
    if (!client_.connected()) return;
    publish(topics::kHubState, to_json(HubState{false, store_.epoch()}), mqtt::Retain::kYes);
    client_.disconnect();
  }

  milliseconds patience() const { return ingest_.empty() ? kIdle : kBusy; }
  const hub::IngestCounters& counters() const { return ingest_.counters(); }

 private:
  void publish(std::string_view topic, const std::string& payload, mqtt::Retain retain) {
    // Acks are cumulative: one that is lost is made good by the next.
    if (const auto sent = client_.publish(topic, payload, retain); !sent.ok()) report(sent.error());
  }

  /// Logs a trouble once, not once a message.
  void report(const Error& error) {
    if (trouble_ != error.message()) log::error("hub: {}", error.message());
    trouble_ = error.message();
  }

  hub::HubStore& store_;
  const Clock& clock_;
  hub::Ingest ingest_;
  mqtt::Client& client_;
  MonotonicTime retry_at_{};
  std::string trouble_;
};

}  // namespace

Status run_hub(const HubSettings& settings, const StopSignals& stop) {
  const SystemClock clock;
  SystemRandom random;
  TILLSIGHT_ASSIGN(hub::HubStore store, hub::HubStore::open(settings.data, clock, random));
  TILLSIGHT_ASSIGN(const auto client, mqtt::MosquittoClient::create(settings.mqtt));
  HubDaemon daemon(store, clock, settings.ingest, *client);
  mqtt::Supervisor supervisor("hub", *client, daemon, clock, random);
  log::info("hub: writing to {}, broker {}:{}", settings.data.string(), settings.mqtt.host,
            settings.mqtt.port);
  while (!stop.stop_requested()) {
    supervisor.run_once(daemon.patience(), stop.fd());
    TILLSIGHT_TRY(daemon.turn());
  }
  TILLSIGHT_TRY(daemon.flush());
  daemon.say_goodbye();
  log::info("hub: stopped; {} events stored, {} duplicates, {} quarantined",
            daemon.counters().stored, daemon.counters().duplicates, daemon.counters().quarantined);
  return {};
}

}  // namespace tillsight::app
