#include "tillsight/hub/ingest.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/core/log.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::hub {
namespace {

// Enough to see what it was; the till that sent too much has the rest.
constexpr std::size_t kOversizedKept = 1024;
// Of each kind: 40 bytes a range are 80 KiB.
constexpr std::size_t kAckRangesMax = 1000;

/// \return the identity that a refused element gives itself, if its till may speak for it.
std::optional<EventIdentity> own_identity(const topics::Address& from, const Received& element) {
  const auto& identity = element.claimed;
  const bool own = identity && identity->store == from.store && identity->till == from.till;
  return own ? identity : std::nullopt;
}

/// A message holds only so many ranges, and a till unions what it hears: the beginning tells how
/// far it is, the end what it has just sent.
SequenceRanges most_useful(const SequenceRanges& all) {
  const auto ranges = all.ranges();
  if (ranges.size() <= kAckRangesMax) return all;
  SequenceRanges some;
  some.insert(ranges.front());
  for (const SequenceRange& range : ranges.last(kAckRangesMax - 1)) some.insert(range);
  return some;
}

bool is_misaddressed(const topics::Address& from, const Received& element) {
  if (!element.event.ok()) return false;
  const EventIdentity& identity = element.event->identity;
  return identity.store != from.store || identity.till != from.till;
}

/// What one element of a message is.
std::variant<Delivered, Refused, Heartbeat> judge(const topics::Address& from,
                                                  std::string_view topic, Received element) {
  if (!element.event.ok()) {
    auto held = own_identity(from, element);
    return Refused{std::string(topic), std::move(element.raw), element.event.error().message(),
                   std::move(held)};
  }
  if (is_misaddressed(from, element)) {
    const EventIdentity& identity = element.event->identity;
    return Refused{std::string(topic),
                   to_cloud_events({*element.event}),
                   format("event of till {}/{} on another till's topic; give both boxes their own "
                          "store and till id",
                          identity.store.value(), identity.till.value()),
                   {}};
  }
  return Delivered{*std::move(element.event), element.chain.previous, std::move(element.opened)};
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
      counters_.misaddressed += is_misaddressed(*from, element);
      add(judge(*from, topic, std::move(element)));
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

void Ingest::refuse(std::string_view topic, std::string_view raw, std::string reason) {
  add(Refused{std::string(topic), std::string(raw), std::move(reason), {}});
}

void Ingest::add(std::variant<Delivered, Refused, Heartbeat> what) {
  if (pending_.empty()) pending_since_ = clock_.monotonic_now();
  if (const auto* refused = std::get_if<Refused>(&what); refused && first_refused_.empty()) {
    first_refused_ = format("{}: {}", refused->topic, refused->reason);
  }
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
  if (written.refused > 0) say_refused(written.refused);
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

/// One line a batch, and none for what has just been said.
void Ingest::say_refused(std::int64_t refused) {
  const std::string first = std::exchange(first_refused_, {});
  if (first == last_refused_) return;
  last_refused_ = first;
  log::warning(
      "hub: {}; {} such messages of this batch are in quarantine; see 'tillsight hub quarantine "
      "list'",
      first, refused);
}

Result<Replayed> Ingest::replay(std::optional<std::int64_t> id, const Decision& decision) {
  constexpr int kSlice = 100;
  Replayed replayed;
  std::int64_t after = 0;
  while (true) {
    TILLSIGHT_ASSIGN(const auto rows, store_.quarantined(after, id, kSlice));
    if (rows.empty()) break;
    for (const Quarantined& row : rows) TILLSIGHT_TRY(replay(row, decision, replayed));
    after = rows.back().id;
  }
  if (!id || replayed.stored + replayed.still > 0) return replayed;
  return error(Code::kNotFound,
               "quarantine: there is no number {}; see 'tillsight hub quarantine list'", *id);
}

Status Ingest::replay(const Quarantined& row, const Decision& decision, Replayed& replayed) {
  const auto from = topics::parse(row.topic);
  std::vector<Received> elements;
  if (from.ok() && from->leaf == "events") elements = from_cloud_events(row.raw);
  Arrival arrival{clock_.utc_now(), Refused{row.topic, {}, row.reason, {}}};
  if (elements.size() == 1) arrival.what = judge(*from, row.topic, std::move(elements.front()));
  if (const auto* refused = std::get_if<Refused>(&arrival.what)) {
    ++replayed.still;
    if (replayed.why.empty()) replayed.why = format("number {}: {}", row.id, refused->reason);
    return {};
  }
  TILLSIGHT_ASSIGN(const Written written, store_.write(std::span(&arrival, 1)));
  count(written);
  TILLSIGHT_TRY(store_.settle_replayed(row.id, decision, clock_.utc_now()));
  ++replayed.stored;
  for (const JournalId& journal : written.touched) replayed.acks.push_back(ack(journal));
  return {};
}

AddressedAck Ingest::ack(const JournalId& journal) const {
  JournalState state = store_.state(journal);
  state.have = most_useful(state.have);
  state.held = most_useful(state.held);
  const int window = std::clamp(settings_.in_flight_max / store_.tills(), 1, limits::kWindowMax);
  return {journal.store, journal.till,
          Ack{store_.epoch(), journal.incarnation, std::move(state.have), std::move(state.held),
              window}};
}

}  // namespace tillsight::hub
