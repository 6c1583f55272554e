#include "app/page_json.hpp"
#include "app/till_threads.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
constexpr milliseconds kGoodbye{1'000};

/// Hands what is new in the ring to the uplink. What the ring has lost, the outbox still has: the
/// uplink looks through it, so a reader that fell behind rejoins at the newest.
void take_live_events(EventRing::Reader& reader, EventRing::Record& record, const EventRing& events,
                      sync::Uplink& uplink) {
  while (true) {
    switch (reader.next(record)) {
      case EventRing::Read::kRecord: uplink.live({Sequence(record.sequence), record.bytes}); break;
      case EventRing::Read::kLagged: reader.seek(events.newest() + 1); break;
      case EventRing::Read::kEmpty: return;
    }
  }
}

/// What the station wants to know, and what it was told. What finds no room is late anyway.
void pass_questions(sync::Questions& questions, TillQueues& queues) {
  while (const auto question = queues.questions.try_pop()) questions.ask(*question);
  while (auto answer = questions.next_answer()) {
    if (!queues.answers.try_push(*std::move(answer))) return;
  }
}

}  // namespace

void run_sync(mqtt::Supervisor& supervisor, mqtt::Client& client, sync::Uplink& uplink,
              sync::Questions& questions, TillQueues& queues, std::stop_token stop) {
  EventRing::Reader reader(queues.events, queues.events.newest() + 1);
  EventRing::Record record;
  const std::stop_callback wake(stop, [&] { queues.sync_bell.ring(); });
  while (!stop.stop_requested()) {
    queues.sync_pulse.beat();
    queues.sync_bell.arm();
    take_live_events(reader, record, queues.events, uplink);
    pass_questions(questions, queues);
    uplink.tick();
    const auto& trouble = client.connected() ? uplink.refusal() : supervisor.trouble();
    queues.head_office.set(head_office(client.connected(), uplink.hub_is_there(), trouble));
    supervisor.run_once(std::min(kStopLatency, uplink.until_next_tick()), queues.sync_bell.fd());
    pass_questions(questions, queues);
  }
  // What was sold in the last moment still goes out if the hub is there; the journal has it anyway.
  take_live_events(reader, record, queues.events, uplink);
  if (!client.connected()) return;
  uplink.say_goodbye();
  client.disconnect();
}

}  // namespace tillsight::app
