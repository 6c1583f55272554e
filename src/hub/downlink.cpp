#include "tillsight/hub/downlink.hpp"

#include <utility>

#include "tillsight/core/log.hpp"

namespace tillsight::hub {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kIdle{500};
constexpr milliseconds kTendEvery{5'000};
constexpr std::string_view kAskLeaf = "/ask";

}  // namespace

Downlink::Downlink(HubStore& store, const Clock& clock, const IngestSettings& settings,
                   mqtt::Client& client)
    : store_(store),
      clock_(clock),
      ingest_(store, clock, settings),
      responder_(store, clock),
      client_(client) {}

// ---- The connection

std::optional<mqtt::Will> Downlink::will() {
  return mqtt::Will{std::string(topics::kHubState), to_json(HubState{false, store_.epoch()})};
}

void Downlink::on_connected() {
  for (const std::string_view filter : {topics::kAllEvents, topics::kAllStatus, topics::kAllAsks}) {
    if (const Status status = client_.subscribe(filter); !status) complain(status.error());
  }
  announce();
}

void Downlink::on_disconnected(const Error&) {
  // Whoever connects again is told by the answer to its heartbeat.
  unsent_.clear();
}

void Downlink::on_message(const mqtt::Message& message) {
  if (message.topic.ends_with(kAskLeaf)) return answer(message);
  // What is shed is not acknowledged, so its till sends it again.
  if (const Status taken = ingest_.receive(message.topic, message.payload); !taken) {
    complain(taken.error());
  }
}

/// At once, and only now: a till that is not answered soon asks nobody any more.
void Downlink::answer(const mqtt::Message& message) {
  const auto reply = responder_.reply(message.topic, message.payload);
  if (!reply && reply.error().code() == Code::kResourceExhausted) return;  // and it is logged
  if (!reply) return complain(reply.error());
  publish(reply->topic, reply->payload, mqtt::Retain::kNo);
}

void Downlink::on_published(mqtt::PublishId, const Status& outcome) {
  if (!outcome) complain(outcome.error());
  send_what_waits();
}

// ---- The batch

Status Downlink::turn() {
  const MonotonicTime now = clock_.monotonic_now();
  if (now >= tend_at_) {
    tend_at_ = now + kTendEvery;
    if (const Status shortened = store_.shorten_logs(); !shortened) complain(shortened.error());
  }
  if (ingest_.empty() || now < retry_at_) return {};
  // What is here when the line falls silent is a batch. Who waited for more would only keep
  // everybody waiting; a busy line fills its batches by itself.
  const std::int64_t received = ingest_.counters().received;
  const bool silent = std::exchange(received_, received) == received;
  return silent || ingest_.due(now) ? flush() : Status();
}

milliseconds Downlink::patience() const {
  if (ingest_.empty()) return kIdle;
  const MonotonicTime now = clock_.monotonic_now();
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(retry_at_ - now));
}

Status Downlink::flush() {
  if (ingest_.empty()) return {};
  auto acks = ingest_.flush();
  if (!acks) {
    fail(acks.error());
    return acks.error().code() == Code::kDataLoss ? Status(acks.error()) : Status();
  }
  heal();
  send(std::move(acks).value());
  return {};
}

void Downlink::fail(const Error& why) {
  retry_at_ = clock_.monotonic_now() + kRetry;
  if (trouble_ == why.message()) return;
  trouble_ = why.message();
  if (why.code() != Code::kDataLoss) {
    log::error("hub: {}; nothing is acknowledged, the tills keep everything", trouble_);
  }
  announce();
}

void Downlink::heal() {
  retry_at_ = {};
  if (trouble_.empty()) return;
  log::info("hub: the database takes writes again");
  trouble_.clear();
  last_complaint_.clear();
  announce();
}

// ---- What is said

void Downlink::announce() {
  state_due_ = true;
  send_what_waits();
}

/// \return whether the connection had room for it.
bool Downlink::publish(std::string_view topic, const std::string& payload, mqtt::Retain retain) {
  const auto sent = client_.publish(topic, payload, retain);
  // The broker acknowledges one of ours, and then there is room again.
  if (!sent && sent.error().code() == Code::kResourceExhausted) return false;
  if (!sent) complain(sent.error());
  return true;
}

bool Downlink::publish_state(bool online) {
  const HubState state{online, store_.epoch(), trouble_};
  return publish(topics::kHubState, to_json(state), mqtt::Retain::kYes);
}

void Downlink::send(std::vector<AddressedAck> acks) {
  for (AddressedAck& one : acks) {
    auto key = std::pair(topics::ack(one.store, one.till), one.ack.incarnation);
    unsent_.insert_or_assign(std::move(key), std::move(one.ack));
  }
  send_what_waits();
}

void Downlink::send_what_waits() {
  if (!client_.connected()) return unsent_.clear();
  if (state_due_ && !publish_state(true)) return;
  state_due_ = false;
  while (!unsent_.empty()) {
    auto next = unsent_.upper_bound(last_sent_);
    if (next == unsent_.end()) next = unsent_.begin();
    if (!publish(next->first.first, to_json(next->second), mqtt::Retain::kNo)) return;
    last_sent_ = next->first;
    unsent_.erase(next);
  }
}

void Downlink::say_goodbye() {
  if (client_.connected()) publish_state(false);
}

/// Logs a trouble once, not once a message.
void Downlink::complain(const Error& error) {
  if (last_complaint_ != error.message()) log::error("hub: {}", error.message());
  last_complaint_ = error.message();
}

}  // namespace tillsight::hub
