#include "tillsight/sync/uplink.hpp"

#include <algorithm>
#include <utility>

#include "sync/batch.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::sync {

using std::chrono::milliseconds;

namespace {

/// A change in the camera or the disk is seen at the latest after this.
constexpr milliseconds kTickMax{1'000};

/// Of a window, what the backlog leaves to live sales.
int reserved_for_live(int window) {
  return window == 1 ? 0 : std::max(1, window / 5);
}

bool same_health(const TillStatus& a, const TillStatus& b) {
  return a.camera == b.camera && a.disk == b.disk && a.clock == b.clock;
}

}  // namespace

Uplink::Uplink(const TillIdentity& identity, mqtt::Client& client, Outbox& outbox,
               const Clock& clock, Random& random)
    : identity_(identity),
      events_topic_(topics::events(identity.store, identity.till)),
      ack_topic_(topics::ack(identity.store, identity.till)),
      status_topic_(topics::status(identity.store, identity.till)),
      client_(client),
      outbox_(outbox),
      clock_(clock),
      random_(random),
      window_(random),
      pace_(limits::kReplaysPerSecond, limits::kWindowMax, clock.monotonic_now()) {}

// ---- The connection

std::optional<mqtt::Will> Uplink::will() {
  session_ = format("{:016x}", random_.next_u64());
  TillStatus status = outbox_.status();
  status.state = "offline";
  status.session = session_;
  status.figures.reset();
  return mqtt::Will{status_topic_, to_json(status)};
}

void Uplink::on_connected() {
  connected_ = true;
  subscribe(ack_topic_);
  subscribe(topics::kHubState);
  send_status(outbox_.status());
  hub_went();
}

void Uplink::subscribe(std::string_view topic) {
  if (const Status status = client_.subscribe(topic); !status) complain(status.error());
}

void Uplink::on_disconnected(const Error&) {
  connected_ = false;
  hub_went();
}

void Uplink::on_published(mqtt::PublishId, const Status& outcome) {
  // For the event of no consequence: what the hub does not acknowledge is sent again.
  refusal_.reset();
  if (outcome) return;
  refusal_ = outcome.error();
  complain(outcome.error());
}

void Uplink::on_message(const mqtt::Message& message) {
  if (message.topic == ack_topic_) {
    const Result<Ack> ack = parse_ack(message.payload);
    return ack ? on_ack(*ack) : complain(ack.error());
  }
  if (message.topic == topics::kHubState) {
    const Result<HubState> state = parse_hub_state(message.payload);
    return state ? on_hub_state(*state) : complain(state.error());
  }
}

// ---- The hub

void Uplink::on_hub_state(const HubState& state) {
  if (!state.online) return hub_went();
  if (state.hub_epoch != hub_epoch_) begin_epoch(state.hub_epoch);
  hub_came(Hub::kOnline);
}

void Uplink::on_ack(const Ack& ack) {
  if (ack.incarnation != identity_.incarnation) return;
  if (ack.hub_epoch != hub_epoch_) {
    // The last word of a hub that has been replaced, or the first of one whose state was lost on
    // its way: the broker keeps the truth, and sends it again to who subscribes again.
    if (hub_ == Hub::kOnline) return subscribe(topics::kHubState);
    begin_epoch(ack.hub_epoch);
  }
  const std::int64_t committed = std::max(outbox_.status().last_committed, newest_.value());
  Ack known = ack;
  known.have = up_to(committed, ack.have);
  known.held = up_to(committed, ack.held);
  acknowledged_.insert(known.have);
  acknowledged_.insert(known.held);
  window_.acknowledge(acknowledged_, clock_.monotonic_now());
  outbox_.on_ack(known);
  if (hub_ == Hub::kSilent) hub_came(Hub::kAnswering);
  granted_ = std::clamp(ack.window, 1, limits::kWindowMax);
  fill_window();
}

void Uplink::begin_epoch(const std::string& hub_epoch) {
  if (!hub_epoch_.empty())
    log::info("sync: another hub, epoch {}; it is offered what it lacks", hub_epoch);
  hub_epoch_ = hub_epoch;
  acknowledged_ = {};
  start_over();
  outbox_.on_hub_epoch(hub_epoch);
}

void Uplink::hub_came(Hub hub) {
  const bool was_silent = hub_ == Hub::kSilent;
  hub_ = hub;
  if (!was_silent) return;
  granted_ = kWindowStart;
  start_over();
}

void Uplink::hub_went() {
  hub_ = Hub::kSilent;
  start_over();
  probe_at_ = clock_.monotonic_now() + window_.wait().now();
}

void Uplink::start_over() {
  window_.clear();
  late_ = Sequence(0);
  cursor_ = Sequence(0);
  backlog_at_ = clock_.monotonic_now();
}

// ---- The events

void Uplink::live(OutboxEvent event) {
  if (acknowledged_.contains(event.sequence) || window_.contains(event.sequence)) return;
  if (!connected_ || hub_ == Hub::kSilent) {
    backlog_at_ = clock_.monotonic_now();
  } else if (window_.size() >= granted_ || late_.value() != 0) {
    if (late_.value() == 0) late_ = event.sequence;
  } else {
    std::vector<OutboxEvent> one;
    one.push_back(std::move(event));
    send(std::move(one), /*replay=*/0);
  }
}

void Uplink::tick() {
  if (!connected_) return;
  const MonotonicTime now = clock_.monotonic_now();
  if (hub_ == Hub::kSilent) {
    if (now >= probe_at_) send_probe();
  } else {
    if (const auto due = window_.due(now); !due.empty()) {
      publish(due);
      pace_.spend(static_cast<int>(due.size()), now);
      window_.wait().back_off();
    }
    fill_window();
  }
  // Sales before health: what they leave of the line is enough for it.
  TillStatus status = outbox_.status();
  if (now >= heartbeat_at_ || !same_health(status, last_status_)) send_status(std::move(status));
}

milliseconds Uplink::until_next_tick() const {
  if (!connected_) return kTickMax;
  MonotonicTime next = heartbeat_at_;
  if (hub_ == Hub::kSilent) {
    next = std::min(next, probe_at_);
  } else {
    next = std::min(next, window_.next_due());
    if (const int room = backlog_room(); room > 0)
      next = std::min(next, std::max(backlog_at_, pace_.ready_at(room)));
  }
  const MonotonicTime now = clock_.monotonic_now();
  if (next <= now) return milliseconds{0};
  return std::min(std::chrono::ceil<milliseconds>(next - now), kTickMax);
}

int Uplink::backlog_room() const {
  const int share = granted_ - reserved_for_live(granted_);
  const int room = share - window_.size();
  // Half a window at a time: batches, and not one query for every acknowledgement. Two halves:
  // while the hub writes the one, the other is on its way.
  const int half = (share + 1) / 2;
  return room >= half ? half : 0;
}

void Uplink::fill_window() {
  if (!connected_ || hub_ == Hub::kSilent) return;
  send_late();
  for (int half = 0; half < 2; ++half) send_backlog();
}

void Uplink::send_late() {
  const int room = granted_ - window_.size();
  if (late_.value() == 0 || room <= 0) return;
  Result<std::vector<OutboxEvent>> late = outbox_.pending(Sequence(late_.value() - 1), room);
  if (!late) return complain(late.error());
  const bool all = late->size() < static_cast<std::size_t>(room);
  late_ = all ? Sequence(0) : Sequence(late->back().sequence.value() + 1);
  drop_known(*late);
  send(std::move(*late), /*replay=*/0);
}

void Uplink::send_backlog() {
  const MonotonicTime now = clock_.monotonic_now();
  const int room = backlog_room();
  if (room == 0 || now < std::max(backlog_at_, pace_.ready_at(room))) return;
  Result<std::vector<OutboxEvent>> pending = outbox_.pending(cursor_, room);
  if (!pending || pending->size() < static_cast<std::size_t>(room)) {
    // The end. What an acknowledgement had not reached the journal by now, or a ring had no room
    // for, is found when it is looked through again.
    backlog_at_ = now + kBacklogCheck;
    cursor_ = Sequence(acknowledged_.contiguous_to());
  } else {
    cursor_ = pending->back().sequence;
  }
  if (!pending) return complain(pending.error());
  drop_known(*pending);
  pace_.spend(static_cast<int>(pending->size()), now);
  send(std::move(*pending), /*replay=*/1);
}

void Uplink::drop_known(std::vector<OutboxEvent>& events) const {
  std::erase_if(events, [&](const OutboxEvent& event) {
    return acknowledged_.contains(event.sequence) || window_.contains(event.sequence);
  });
}

void Uplink::send_probe() {
  window_.wait().back_off();
  probe_at_ = clock_.monotonic_now() + window_.wait().now();
  if (const OutboxEvent* oldest = window_.oldest(); oldest != nullptr) return publish({oldest});
  Result<std::vector<OutboxEvent>> first =
      outbox_.pending(Sequence(acknowledged_.contiguous_to()), 1);
  if (!first) return complain(first.error());
  send(std::move(*first), /*replay=*/1);
}

void Uplink::send(std::vector<OutboxEvent> events, int replay) {
  std::vector<const OutboxEvent*> added;
  for (OutboxEvent& event : events) {
    event.replay = replay;
    // The status may lag behind the ring.
    newest_ = std::max(newest_, event.sequence);
    added.push_back(window_.add(std::move(event)));
  }
  publish(added);
}

void Uplink::publish(const std::vector<const OutboxEvent*>& events) {
  for (const Batch& batch : pack(events)) {
    const auto id = client_.publish(events_topic_, batch.payload, mqtt::Retain::kNo);
    // A publication that did not leave is as good as one that was lost.
    if (!id && id.error().code() == Code::kInvalidArgument) complain(id.error());
    window_.sent(batch.events, clock_.monotonic_now());
  }
}

SequenceRanges Uplink::up_to(std::int64_t last, const SequenceRanges& ranges) {
  SequenceRanges known;
  for (const SequenceRange& range : ranges.ranges())
    if (range.first <= last) known.insert({range.first, std::min(range.last, last)});
  if (ranges.last() > last) {
    complain(error(Code::kDataLoss,
                   "the hub acknowledges event {}, but this till has only {}; was its disk "
                   "restored from a copy? Do not sell on it before somebody has looked",
                   ranges.last(), last));
  }
  return known;
}

// ---- The heartbeat

void Uplink::send_status(TillStatus status) {
  heartbeat_at_ = clock_.monotonic_now() + kHeartbeat;
  status.state = "online";
  status.session = session_;
  const auto id = client_.publish(status_topic_, to_json(status), mqtt::Retain::kYes);
  if (!id) complain(id.error());
  last_status_ = std::move(status);
}

void Uplink::say_goodbye() {
  if (!connected_) return;
  TillStatus status = outbox_.status();
  status.state = "offline";
  status.session = session_;
  if (const auto id = client_.publish(status_topic_, to_json(status), mqtt::Retain::kYes); !id)
    complain(id.error());
}

void Uplink::complain(const Error& error) {
  if (error.message() == last_complaint_) return;
  last_complaint_ = error.message();
  log::warning("sync: {}", error.message());
}

}  // namespace tillsight::sync
