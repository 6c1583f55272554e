#include "sim/misfortune.hpp"

#include <algorithm>

namespace tillsight::sim {

using sql::DiskError;
using sql::DiskOperation;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

void Misfortune::fault(std::string_view what) {
  ++story_.outcome().faults;
  story_.tell("fault: {}", what);
}

Misfortune::Time Misfortune::between(Time from, Time to) {
  return from + Time(below(static_cast<int>((to - from).count())));
}

void Misfortune::due(Repair repair, Time from, Time to) {
  repairs_.emplace(repair, story_.now() + between(from, to));
}

void Misfortune::strike() {
  switch (below(10)) {
    case 0:
    case 1: return harm_till();
    case 2:
    case 3: return harm_hub();
    case 4: return harm_clocks();
    case 5: return harm_disk(till_.disk(), "till", Repair::kTillDisk, Repair::kTillDies);
    case 6: return harm_disk(office_.disk(), "hub", Repair::kHubDisk, Repair::kHubDies);
    default: return harm_network();
  }
}

void Misfortune::harm_till() {
  if (!till_.runs()) return;
  switch (below(4)) {
    case 0:
      fault("the till loses power");
      till_.power_cut();
      return due(Repair::kTill, milliseconds(100), seconds(10));
    case 1:
      fault("the till is killed");
      till_.kill();
      return due(Repair::kTill, milliseconds(100), seconds(5));
    case 2: fault("the till's ring is overtaken"); return till_.lose_ring();
    default:
      fault("the till's journal does not come round to acknowledgements");
      till_.stall_journal(true);
      return due(Repair::kJournal, seconds(1), seconds(10));
  }
}

void Misfortune::harm_hub() {
  if (!office_.runs()) return;
  switch (below(5)) {
    case 0:
      fault("the hub loses power");
      office_.power_cut();
      return due(Repair::kHub, milliseconds(100), seconds(20));
    case 1:
    case 2:
      fault("the hub is killed");
      office_.kill();
      return due(Repair::kHub, milliseconds(100), seconds(10));
    case 3:
      if (office_.has_backup()) {
        fault("the hub's disk is lost, and a backup restored");
        repairs_.erase(Repair::kHubDisk);
        office_.disk().heal();
        office_.disk().set_capacity(-1);
        office_.restore_backup();
        return due(Repair::kHub, seconds(1), seconds(20));
      }
      [[fallthrough]];
    default: story_.tell("the hub is backed up"); return office_.take_backup();
  }
}

void Misfortune::harm_network() {
  switch (below(5)) {
    case 0:
      if (repairs_.contains(Repair::kBroker)) return;
      fault("the broker is killed");
      broker_.kill();
      return due(Repair::kBroker, milliseconds(50), seconds(10));
    case 1:
      if (!till_.runs()) return;
      fault("the till's line is cut");
      return broker_.cut(till_.line());
    case 2:
      if (!office_.runs()) return;
      fault("the hub's line is cut");
      return broker_.cut(office_.line());
    default: {
      const mqtt::Faults weather{.lose = below(3) * 0.2 * random_.next_unit(),
                                 .duplicate = below(2) * 0.4 * random_.next_unit(),
                                 .reorder = below(2) * 0.4 * random_.next_unit()};
      fault(format("messages are lost {:.2f}, repeated {:.2f}, reordered {:.2f}", weather.lose,
                   weather.duplicate, weather.reorder));
      return broker_.set_faults(weather);
    }
  }
}

void Misfortune::harm_clocks() {
  constexpr hours kDecade{24 * 3652};
  const bool is_till = below(2) == 0;
  FakeClock& clock = is_till ? till_clock_ : hub_clock_;
  // A clock that is trusted is right, or nearly.
  const UtcTime truth = began_ + story_.now();
  const bool trusted = below(2) == 0;
  milliseconds off{below(4'000) - 2'000};
  if (!trusted) off = below(2) == 0 ? milliseconds(below(7'200'000) - 3'600'000) : kDecade;
  if (below(3) == 0) off = -off;
  fault(format("the {}'s wall clock is {} s off, and {}trusted", is_till ? "till" : "hub",
               off.count() / 1000, trusted ? "" : "not "));
  clock.jump_utc(truth + off - clock.utc_now());
  clock.set_trusted(trusted);
}

void Misfortune::harm_disk(sql::MemoryDisk& disk, std::string_view whose, Repair full,
                           Repair dies) {
  const auto after = static_cast<std::int64_t>(below(40));
  switch (below(4)) {
    case 0:
      if (repairs_.contains(full)) return;
      fault(format("the {}'s disk is full", whose));
      disk.set_capacity(disk.state().used_bytes() + below(64 * 1024));
      return due(full, seconds(1), seconds(10));
    case 1:
      fault(format("a write to the {}'s disk fails", whose));
      return disk.fail({.operation = DiskOperation::kWrite, .after = after});
    case 2:
      fault(format("a sync of the {}'s disk fails", whose));
      return disk.fail({.operation = DiskOperation::kSync, .after = after / 8});
    default:
      // Dark in the middle of a commit: nothing reaches the disk any more, then the box is dead.
      fault(format("the {} loses power within {} writes", whose, after));
      for (const DiskOperation operation :
           {DiskOperation::kWrite, DiskOperation::kSync, DiskOperation::kTruncate}) {
        const std::int64_t left = operation == DiskOperation::kWrite ? after : after / 8;
        disk.fail({.operation = operation, .after = left, .for_ever = true});
      }
      return due(dies, milliseconds(200), seconds(3));
  }
}

void Misfortune::turn() {
  while (true) {
    const auto ready = std::ranges::find_if(
        repairs_, [this](const auto& repair) { return repair.second <= story_.now(); });
    if (ready == repairs_.end()) return;
    const Repair repair = ready->first;
    repairs_.erase(ready);
    mend(repair);
  }
}

void Misfortune::mend(Repair repair) {
  switch (repair) {
    case Repair::kTill:
    case Repair::kHub: return start(repair);
    case Repair::kBroker: story_.tell("the broker is back"); return broker_.start();
    case Repair::kTillDisk: till_.disk().set_capacity(-1); return;
    case Repair::kHubDisk: office_.disk().set_capacity(-1); return;
    case Repair::kTillDies:
      till_.power_cut();
      till_.disk().heal();
      return due(Repair::kTill, milliseconds(100), seconds(5));
    case Repair::kHubDies:
      office_.power_cut();
      office_.disk().heal();
      return due(Repair::kHub, milliseconds(100), seconds(5));
    case Repair::kJournal: return till_.stall_journal(false);
  }
}

void Misfortune::start(Repair machine) {
  const bool is_till = machine == Repair::kTill;
  const bool runs = is_till ? till_.runs() || till_.start() : office_.runs() || office_.start();
  // As systemd does: again, for as long as it takes.
  if (!runs) due(machine, seconds(1), seconds(2));
}

void Misfortune::end() {
  broker_.set_faults({});
  for (sql::MemoryDisk* disk : {&till_.disk(), &office_.disk()}) {
    disk->set_capacity(-1);
    disk->heal();
  }
  // A box that was to die does it now: its disk has refused writes that it believes done.
  for (const Repair repair : {Repair::kTillDies, Repair::kHubDies, Repair::kBroker,
                              Repair::kJournal, Repair::kTill, Repair::kHub}) {
    if (repairs_.erase(repair) > 0) mend(repair);
  }
  repairs_.erase(Repair::kTillDisk);
  repairs_.erase(Repair::kHubDisk);
  start(Repair::kTill);
  start(Repair::kHub);
}

}  // namespace tillsight::sim
