/// \file
/// What goes wrong, and when it is mended again: the seed's choices.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string_view>

#include "sim/head_office.hpp"
#include "sim/till.hpp"

namespace tillsight::sim {

/// **Ownership** borrows everything. **Threads** thread-bound, as what it breaks.
class Misfortune {
 public:
  Misfortune(Till& till, HeadOffice& office, mqtt::FakeBroker& broker, FakeClock& till_clock,
             FakeClock& hub_clock, Random& random, Story& story)
      : till_(till),
        office_(office),
        broker_(broker),
        till_clock_(till_clock),
        hub_clock_(hub_clock),
        random_(random),
        story_(story) {}

  /// One fault of any kind.
  void strike();
  /// Whatever is to happen by now: a box comes back, a disk has room again, a dying one is dead.
  void turn();
  /// Everything is mended, and nothing fails any more.
  void end();

  bool happens(double probability) { return random_.next_unit() < probability; }

 private:
  using Time = std::chrono::milliseconds;
  /// Repairs; each is due once at most.
  enum class Repair { kTill, kHub, kBroker, kTillDisk, kHubDisk, kTillDies, kHubDies, kJournal };

  void fault(std::string_view what);
  void due(Repair repair, Time from, Time to);
  void mend(Repair repair);
  void start(Repair machine);
  Time between(Time from, Time to);
  int below(int end) { return static_cast<int>(random_.next_u64() % static_cast<unsigned>(end)); }

  void harm_till();
  void harm_hub();
  void harm_network();
  void harm_clocks();
  void harm_disk(sql::MemoryDisk& disk, std::string_view whose, Repair full, Repair dies);

  Till& till_;
  HeadOffice& office_;
  mqtt::FakeBroker& broker_;
  FakeClock& till_clock_;
  FakeClock& hub_clock_;
  Random& random_;
  Story& story_;
  const UtcTime began_ = till_clock_.utc_now();
  std::map<Repair, Time> repairs_;
};

}  // namespace tillsight::sim
