#include "tillsight/hub/ingest.hpp"

#include <algorithm>

#include "tillsight/core/log.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::hub {
namespace {

// Enough to see what it was; the till that sent too much has the rest.
constexpr std::size_t kOversizedKept = 1024;

/// \return the identity that a refused element gives itself, if its till may speak for it.
std::optional<EventIdentity> own_identity(const topics::Address& from, const Received& element) {
  const auto& identity = element.claimed;
  const bool own = identity && identity->store == from.store && identity->till == from.till;
  return own ? identity : std::nullopt;
}

}  // namespace

Ingest::Ingest(HubStore& store, const Clock& clock, const IngestSettings& settings)
    : store_(store), clock_(clock), settings_(settings) {}

Status Ingest::receive(std::string_view topic, std::string_view payload) {
  ++counters_.received;
  if (pending_.empty()) pending_bytes_ = 0;  // what came before was nothing to keep
  if (pending_bytes_ + payload.size() > settings_.pending_bytes_max && !pending_.empty()) {
    ++counters_.shed;
    return error(Code::kResourceExhausted,
                 "{}: message dropped, {} bytes wait for the database; the till will send it again",
                 topic, pending_bytes_);
  }
  pending_bytes_ += payload.size();
  const auto from = topics::parse(topic);
  if (!from.ok()) {
    refuse(topic, payload.substr(0, kOversizedKept), from.error().message());
  } else if (payload.size() > limits::kPayloadBytes) {
    refuse(topic, payload.substr(0, kOversizedKept),
           format("payload has {} bytes; at most {} are allowed", payload.size(),
                  limits::kPayloadBytes));
  } else if (from->leaf == "status") {
    take_status(*from, topic, payload);
  } else {
    for (Received& element : from_cloud_events(payload)) {
      take_event(*from, topic, std::move(element));
    }
  }
  return {};
}

void Ingest::take_status(const topics::Address& from, std::string_view topic,
                         std::string_view payload) {
  // An empty retained message is how an administrator takes a retired till off the broker.
  if (payload.empty()) return;
  Result<TillStatus> status = parse_till_status(payload);
  if (!status.ok()) return refuse(topic, payload, status.error().message());
  add(Heartbeat{from.store, from.till, *std::move(status)});
}

void Ingest::take_event(const topics::Address& from, std::string_view topic, Received element) {
  if (!element.event.ok()) {
    return refuse(topic, element.raw, element.event.error().message(), own_identity(from, element));
  }
  Delivered delivered{*std::move(element.event), {}, {}};
  const EventIdentity& identity = delivered.event.identity;
  if (identity.store != from.store || identity.till != from.till) {
    ++counters_.misaddressed;
    return refuse(topic, element.raw,
                  format("event of till {}/{} on another till's topic; give both boxes their own "
                         "store and till id",
                         identity.store.value(), identity.till.value()));
  }
  if (holds_invoice(delivered.event.type)) {
    delivered.opened = open(delivered.event).value();
    delivered.previous = delivered.opened->chain.previous;
  } else {
    delivered.previous = open_chain(delivered.event).value().previous;
  }
  add(std::move(delivered));
}

void Ingest::refuse(std::string_view topic, std::string_view raw, std::string reason,
                    std::optional<EventIdentity> held) {
  log::warning("hub: {}: refused and put into quarantine: {}", topic, reason);
  add(Refused{std::string(topic), std::string(raw), std::move(reason), std::move(held)});
}

void Ingest::add(std::variant<Delivered, Refused, Heartbeat> what) {
  if (pending_.empty()) pending_since_ = clock_.monotonic_now();
  pending_.push_back(Arrival{clock_.utc_now(), std::move(what)});
}

bool Ingest::due(MonotonicTime now) const {
  return pending_.size() >= settings_.batch_arrivals ||
         (!pending_.empty() && now - pending_since_ >= settings_.batch_wait);
}

Result<std::vector<AddressedAck>> Ingest::flush() {
  TILLSIGHT_ASSIGN(const Written written, store_.write(pending_));
  pending_.clear();
  count(written);
  std::vector<AddressedAck> acks;
  for (const JournalId& journal : written.touched) acks.push_back(ack(journal));
  return acks;
}

void Ingest::count(const Written& written) {
  counters_.stored += written.stored;
  counters_.duplicates += written.duplicates;
  counters_.conflicts += written.conflicts;
  counters_.quarantined += written.refused;
  counters_.chain_breaks += written.chain_breaks;
  if (written.conflicts > 0) {
    log::error(
        "hub: {} events came under numbers that other events have; all are kept, see "
        "v_conflicts; was the disk of a till copied?",
        written.conflicts);
  }
  if (written.chain_breaks > 0) {
    log::error(
        "hub: {} events do not continue the ones before them; they are kept, see "
        "chain_breaks in v_journals; was a journal changed by hand?",
        written.chain_breaks);
  }
}

AddressedAck Ingest::ack(const JournalId& journal) const {
  JournalState state = store_.state(journal);
  const int window = std::clamp(settings_.in_flight_max / store_.tills(), 1, limits::kWindowMax);
  return {journal.store, journal.till,
          Ack{store_.epoch(), journal.incarnation, std::move(state.have), std::move(state.held),
              window}};
}

}  // namespace tillsight::hub
