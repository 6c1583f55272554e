#include "sim/head_office.hpp"

#include <utility>

#include "tillsight/core/check.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::sim {

struct HeadOffice::Process {
  Process(HeadOffice& office, hub::HubStore opened)
      : store(std::move(opened)),
        client(office.broker_),
        spoilt(client, store, office.bug_),
        connection(office.bug_ == PlantedBug::kNone ? static_cast<mqtt::Client&>(client) : spoilt),
        downlink(store, office.clock_, {}, connection),
        supervisor("hub", connection, downlink, office.clock_, office.random_) {}

  hub::HubStore store;
  mqtt::FakeClient client;
  SpoiltHubLine spoilt;
  mqtt::Client& connection;
  hub::Downlink downlink;
  mqtt::Supervisor supervisor;
};

HeadOffice::HeadOffice(const std::filesystem::path& folder, mqtt::FakeBroker& broker,
                       const FakeClock& clock, Random& random, PlantedBug bug, Story& story)
    : folder_(folder),
      broker_(broker),
      clock_(clock),
      random_(random),
      bug_(bug),
      story_(story),
      disk_(folder) {}

HeadOffice::~HeadOffice() {
  kill();
}

bool HeadOffice::start() {
  auto store = hub::HubStore::open(folder_, clock_, random_);
  if (!store.ok()) {
    story_.tell("hub: does not start: {}", store.error().message());
    if (store.error().code() == Code::kDataLoss)
      story_.violation("the hub's database is damaged: {}", store.error().message());
    return false;
  }
  story_.tell("hub: starts, epoch {}", store->epoch().substr(0, 8));
  process_ = std::make_unique<Process>(*this, *std::move(store));
  ++story_.outcome().reopened;
  return true;
}

void HeadOffice::turn() {
  if (!process_) return;
  process_->supervisor.run_once(process_->downlink.patience(), -1);
  if (const Status done = process_->downlink.turn(); !done.ok())
    story_.violation("the hub's database is damaged: {}", done.error().message());
}

void HeadOffice::kill() {
  if (!process_) return;
  story_.outcome().duplicates += process_->downlink.ingest().counters().duplicates;
  // What a process has open may only close after its death, and writes nothing any more.
  disk_.restore(disk_.state());
  process_.reset();
}

void HeadOffice::power_cut() {
  disk_.power_cut(random_);
  kill();
}

void HeadOffice::take_backup() {
  backup_ = disk_.state();
}

void HeadOffice::restore_backup() {
  kill();
  disk_.restore(*backup_);
  auto sales = sql::Connection::open(folder_ / "hub.db");
  // Without an epoch the next start gives it a new one.
  const Status renewed = sales.ok() ? sales->execute("DELETE FROM meta") : Status(sales.error());
  TILLSIGHT_CHECK(renewed.ok(), "a backup cannot be restored");
}

mqtt::FakeClient& HeadOffice::line() {
  return process_->client;
}

const hub::HubStore& HeadOffice::store() const {
  return process_->store;
}

}  // namespace tillsight::sim
