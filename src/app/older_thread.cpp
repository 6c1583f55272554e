#include <map>

#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

/// How often somebody may have put an older journal here.
constexpr milliseconds kLookPeriod{5'000};
constexpr milliseconds kTurn{500};

/// The connection of an older journal. The till's status, and its will, are the present one's.
class EventsOnly final : public mqtt::Client, public mqtt::Handler {
 public:
  EventsOnly(mqtt::Client& client, std::string status_topic)
      : client_(client), status_topic_(std::move(status_topic)) {}
  void hand_over_to(mqtt::Handler& handler) { handler_ = &handler; }

  Status connect(const std::optional<mqtt::Will>&) override { return client_.connect({}); }
  void disconnect() override { client_.disconnect(); }
  Status run_once(mqtt::Handler& handler, milliseconds timeout, int wake_fd) override {
    return client_.run_once(handler, timeout, wake_fd);
  }
  bool connected() const override { return client_.connected(); }
  Result<mqtt::PublishId> publish(std::string_view topic, std::string_view payload,
                                  mqtt::Retain retain) override {
    if (topic == status_topic_) return mqtt::PublishId(0);
    return client_.publish(topic, payload, retain);
  }
  Status subscribe(std::string_view filter) override { return client_.subscribe(filter); }

  void on_connected() override { handler_->on_connected(); }
  void on_disconnected(const Error& why) override { handler_->on_disconnected(why); }
  void on_message(const mqtt::Message& message) override { handler_->on_message(message); }
  void on_published(mqtt::PublishId id, const Status& outcome) override {
    handler_->on_published(id, outcome);
  }

 private:
  mqtt::Client& client_;
  const std::string status_topic_;
  mqtt::Handler* handler_ = nullptr;
};

class OlderOutbox final : public sync::Outbox {
 public:
  OlderOutbox(OlderJournal& journal, JournalReader& reader) : journal_(journal), reader_(reader) {}

  Result<std::vector<sync::OutboxEvent>> pending(Sequence after, int count_max) override {
    TILLSIGHT_ASSIGN(const std::vector<Event> events, reader_.pending(after, count_max));
    std::vector<sync::OutboxEvent> pending;
    for (const Event& event : events) {
      pending.push_back({event.identity.sequence, to_cloud_events({event})});
    }
    return pending;
  }
  void on_hub_epoch(std::string_view hub_epoch) override {
    report(journal_.begin_hub_epoch(hub_epoch));
  }
  void on_ack(const Ack& ack) override { report(journal_.acknowledge(ack)); }
  TillStatus status() override {
    TillStatus status;
    const auto counts = reader_.counts();
    if (counts.ok()) status.last_committed = counts->last.value();
    return status;
  }
  bool empty() {
    const auto counts = reader_.counts();
    return counts.ok() && counts->unsynced == 0;
  }

 private:
  /// What was not written down now, the hub says again.
  static void report(const Status& status) {
    if (!status.ok()) log::error("older journal: {}", status.error().message());
  }

  OlderJournal& journal_;
  JournalReader& reader_;
};

class OlderLoop {
 public:
  OlderLoop(const TillSettings& settings, const std::optional<SecretKey>& key, const Clock& clock,
            Random& random)
      : settings_(settings), key_(key), clock_(clock), random_(random) {}

  void look_around(const std::stop_token& stop) {
    auto present = JournalReader::open(settings_.journal);
    if (!present.ok()) return complain(present.error());
    read_mirror(present->identity());
    read_damaged();
    const auto hub_epoch = present->hub_epoch();
    if (!hub_epoch.ok()) return complain(hub_epoch.error());
    for (const std::filesystem::path& file : journal::older_files(settings_.journal)) {
      if (stop.stop_requested() || !waiting(file, *hub_epoch)) continue;
      const Status delivered = deliver(file, stop);
      if (!delivered.ok()) complain(delivered.error());
    }
  }

  Doorbell bell;

 private:
  void read_damaged() {
    const auto salvaged = journal::salvage(
        settings_.journal, {settings_.store.id, settings_.id, Incarnation(), Sequence()}, clock_);
    if (!salvaged.ok()) return complain(salvaged.error());
    for (const journal::Salvaged& one : *salvaged) {
      log::warning("older journal: {}: {} events read and offered to head office, {} found damaged",
                   one.folder.string(), one.events, one.damaged);
    }
  }

  /// What a box before this one has left, or a damaged journal of this box.
  void read_mirror(const EventIdentity& present) {
    auto events = journal::import_brought(settings_.journal, present, clock_);
    if (events.ok() && *events == 0 && !mirror_read_ && !settings_.mirror.empty()) {
      events = journal::import_mirror(settings_.mirror, settings_.journal, present, clock_);
      mirror_read_ = events.ok();
    }
    if (!events.ok()) return complain(events.error());
    if (*events == 0) return;
    log::warning("older journal: {} events found in a mirror", *events);
    delivered_.clear();
  }

  /// Each is offered once a start, and again to a head office that was restored or replaced: it may
  /// lack what the one before it had.
  bool waiting(const std::filesystem::path& file, const std::string& hub_epoch) const {
    const auto delivered = delivered_.find(file);
    return delivered == delivered_.end() || delivered->second != hub_epoch;
  }

  Status deliver(const std::filesystem::path& file, const std::stop_token& stop) {
    TILLSIGHT_ASSIGN(OlderJournal journal, OlderJournal::open(file));
    TILLSIGHT_ASSIGN(JournalReader reader, JournalReader::open(file, key_));
    mqtt::Settings mqtt = settings_.mqtt;
    mqtt.client_id += "-older";
    TILLSIGHT_ASSIGN(const auto client, mqtt::MosquittoClient::create(mqtt));
    const EventIdentity& identity = journal.identity();
    EventsOnly events_only(*client, topics::status(identity.store, identity.till));
    OlderOutbox outbox(journal, reader);
    sync::Uplink uplink({identity.store, identity.till, identity.incarnation}, events_only, outbox,
                        clock_, random_);
    events_only.hand_over_to(uplink);
    mqtt::Supervisor supervisor("older journal", events_only, events_only, clock_, random_);
    const std::stop_callback wake(stop, [&] { bell.ring(); });
    while (!stop.stop_requested() && !(uplink.hub_is_there() && outbox.empty())) {
      bell.arm();
      uplink.tick();
      supervisor.run_once(std::min(kTurn, uplink.until_next_tick()), bell.fd());
    }
    if (client->connected()) client->disconnect();
    if (!stop.stop_requested()) {
      log::info("older journal: head office has all of {}", file.string());
      TILLSIGHT_ASSIGN(delivered_[file], reader.hub_epoch());
      if (!settings_.mirror.empty()) journal::forget_mirrored(settings_.mirror, identity);
    }
    return {};
  }

  void complain(const Error& error) {
    if (error.message() != last_complaint_) log::error("older journal: {}", error.message());
    last_complaint_ = error.message();
  }

  const TillSettings& settings_;
  const std::optional<SecretKey> key_;
  const Clock& clock_;
  Random& random_;
  bool mirror_read_ = false;
  std::map<std::filesystem::path, std::string> delivered_;  // to the head office of which epoch
  std::string last_complaint_;
};

}  // namespace

void run_older(const TillSettings& settings, const std::optional<SecretKey>& key,
               const Clock& clock, Random& random, std::stop_token stop) {
  OlderLoop loop(settings, key, clock, random);
  while (!stop.stop_requested()) {
    loop.look_around(stop);
    loop.bell.wait(stop, kLookPeriod, [] { return false; });
  }
}

}  // namespace tillsight::app
