#include "sim/spoilt.hpp"

#include <utility>

#include "tillsight/domain/event.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::sim {
namespace {

bool is_events(std::string_view topic) {
  return topic.ends_with("/events");
}

}  // namespace

std::string_view name(PlantedBug bug) {
  switch (bug) {
    case PlantedBug::kNone: return "none";
    case PlantedBug::kFirstOfABatchOnly: return "first_of_a_batch_only";
    case PlantedBug::kAckBeforeCommit: return "ack_before_commit";
    case PlantedBug::kDeliveredOnPuback: return "delivered_on_puback";
    case PlantedBug::kNewHubTakenForTheOld: return "new_hub_taken_for_the_old";
  }
  return "";
}

// ---- The hub

void SpoiltHubLine::on_message(const mqtt::Message& message) {
  if (!is_events(message.topic)) return SpoiltLine::on_message(message);
  const std::vector<Received> received = from_cloud_events(message.payload);
  Ack ack{store_.epoch(), {}, {}, {}, limits::kWindowMax};
  for (const Received& element : received) {
    if (!element.claimed) continue;
    ack.incarnation = element.claimed->incarnation;
    received_.insert(element.claimed->sequence);
  }
  ack.have = received_;
  if (bug_ == PlantedBug::kFirstOfABatchOnly) {
    const std::string& first = received.front().raw;
    return SpoiltLine::on_message({message.topic, first, message.retained});
  }
  if (const auto from = topics::parse(message.topic); bug_ == PlantedBug::kAckBeforeCommit && from)
    (void)real_.publish(topics::ack(from->store, from->till), to_json(ack), mqtt::Retain::kNo);
  SpoiltLine::on_message(message);
}

Result<mqtt::PublishId> SpoiltHubLine::publish(std::string_view topic, std::string_view payload,
                                               mqtt::Retain retain) {
  if (bug_ != PlantedBug::kFirstOfABatchOnly || !topic.ends_with("/ack"))
    return real_.publish(topic, payload, retain);
  Ack ack = parse_ack(payload).value();
  ack.have.insert(received_);
  return real_.publish(topic, to_json(ack), retain);
}

// ---- The till

void SpoiltTillLine::on_message(const mqtt::Message& message) {
  if (bug_ == PlantedBug::kNewHubTakenForTheOld) {
    if (Result<HubState> state = parse_hub_state(message.payload); state.ok()) {
      if (hub_epoch_.empty()) hub_epoch_ = state->hub_epoch;
      state->hub_epoch = hub_epoch_;
      return SpoiltLine::on_message({message.topic, to_json(*state), message.retained});
    }
    if (Result<Ack> ack = parse_ack(message.payload); ack.ok()) {
      if (hub_epoch_.empty()) hub_epoch_ = ack->hub_epoch;
      ack->hub_epoch = hub_epoch_;
      return SpoiltLine::on_message({message.topic, to_json(*ack), message.retained});
    }
  } else if (const Result<HubState> state = parse_hub_state(message.payload); state.ok()) {
    hub_epoch_ = state->hub_epoch;
  }
  SpoiltLine::on_message(message);
}

Result<mqtt::PublishId> SpoiltTillLine::publish(std::string_view topic, std::string_view payload,
                                                mqtt::Retain retain) {
  Result<mqtt::PublishId> id = real_.publish(topic, payload, retain);
  if (bug_ != PlantedBug::kDeliveredOnPuback || !id.ok() || !is_events(topic)) return id;
  Ack ack{hub_epoch_, {}, {}, {}, limits::kWindowMax};
  for (const Received& element : from_cloud_events(payload)) {
    ack.incarnation = element.claimed->incarnation;
    ack.have.insert(element.claimed->sequence);
  }
  sent_.insert_or_assign(*id, std::move(ack));
  return id;
}

void SpoiltTillLine::on_published(mqtt::PublishId id, const Status& outcome) {
  if (auto sent = sent_.extract(id); !sent.empty() && outcome.ok()) outbox_.on_ack(sent.mapped());
  SpoiltLine::on_published(id, outcome);
}

}  // namespace tillsight::sim
