// Goal: when the power fails, at whatever moment, the till finds every sale that it confirmed, byte
// for byte, and nothing by half.
// Method: a random day at a till is recorded on a memory disk; the power is cut after each single
// write, sync, creation and deletion, with unsynced sectors kept, dropped, torn or turned into
// garbage; each disk is opened and must be what it was after the last answer or after the step then
// under way. The same check must find settings wanting that care less: synchronous NORMAL and OFF.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "bench/figure.hpp"
#include "tests/faults/power_cut.hpp"
#include "tests/journal/till_box.hpp"
#include "tests/support/long_form.hpp"

namespace tillsight::faults {
namespace {

using testing::some_invoice;
using testing::state_after;

/// Everything that can be seen of a journal, but for the events themselves.
struct Sight {
  std::string incarnation;
  std::int64_t last = 0;
  std::string counter_state;
  std::vector<std::int64_t> pending;
  std::int64_t held = 0;
  friend bool operator==(const Sight&, const Sight&) = default;
};

class JournalPowerCut : public testing::TillBox {
 protected:
  /// A till that did something: what it was told, and what it could see then.
  struct Day {
    History history;
    std::vector<Sight> sights;  // after step i
    std::vector<Event> events;  // as append() answered them
    SequenceRanges delivered;   // at some time, so that the person may be gone
  };

  Verdict states_of(std::uint64_t seed, int cuts, const std::string& synchronous = "") {
    const Day day = live(seed, synchronous);
    return cut_power_everywhere(disk_, day.history, cuts, seed,
                                [&](std::size_t steps) { return check(day, steps); });
  }

  Day live(std::uint64_t seed, const std::string& synchronous) {
    random_ = SeededRandom(seed);
    disk_.restore({});
    // Two processes have a disk each, but share the folder with the key.
    settings_.file = folder_.path() / (std::to_string(::getpid()) + ".db");
    Day day;
    disk_.record();
    for (int life = 0; life < 3; ++life) {
      Carelessness carelessness;
      std::optional<Journal> journal(open_journal());
      if (!synchronous.empty()) carelessness.spoil(synchronous);
      answered(day, *journal);
      for (int i = 0; i < 5; ++i) do_something(day, *journal);
      if (life == 0) make_checkpoint_due(day, *journal);
      for (int i = 0; i < 3; ++i) do_something(day, *journal);
      // The first is killed: nothing is closed, and what it wrote can still be read.
      if (life == 0) disk_.restore(disk_.state());
    }
    day.history.changes = disk_.take_recording();
    return day;
  }

  void do_something(Day& day, Journal& journal) {
    const std::int64_t last = journal.last_sequence().value();
    const std::uint64_t what = random_.next_u64() % 10;
    if (what == 0 && last > 0) {
      EXPECT_TRUE(journal.begin_hub_epoch("epoch-" + std::to_string(random_.next_u64() % 3)).ok());
    } else if (what < 3 && last > 0) {
      acknowledge_something(day, journal, last);
    } else if (what == 4 && last > 0) {
      EXPECT_TRUE(journal.erase_customer("+911234567890").ok());  // and empties the log
    } else if (what == 3) {
      EXPECT_TRUE(journal.save_counter_state(R"({"held":)" + std::to_string(last) + "}").ok());
    } else {
      auto event = journal.append(some_invoice(random_, clock_), state_after(last + 1));
      EXPECT_TRUE(event.ok());
      day.events.push_back(*std::move(event));
      clock_.advance(std::chrono::seconds(20));
    }
    answered(day, journal);
  }

  void acknowledge_something(Day& day, Journal& journal, std::int64_t last) {
    const auto first = static_cast<std::int64_t>(random_.next_u64() % 3) + 1;
    Ack ack{"epoch-0", journal.incarnation(), {}, {}, 50};
    if (first <= last) ack.have.insert(SequenceRange{first, last});
    day.delivered.insert(ack.have);
    if (last > 3) ack.held.insert(SequenceRange{2, 2});
    EXPECT_TRUE(journal.acknowledge(ack).ok());
  }

  /// Writes until checkpoint() does something.
  void make_checkpoint_due(Day& day, Journal& journal) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(journal.save_counter_state(std::to_string(i)).ok());
      answered(day, journal);
    }
    const std::int64_t writes = disk_.counters().writes;
    EXPECT_TRUE(journal.checkpoint().ok());
    EXPECT_GT(disk_.counters().writes, writes);
    answered(day, journal);
  }

  void answered(Day& day, Journal& journal) {
    day.history.answered.push_back(disk_.recorded());
    day.sights.push_back(look(journal));
  }

  Sight look(Journal& journal) {
    JournalReader reader = open_reader();
    return look(journal, reader).value();
  }
  static Result<Sight> look(Journal& journal, JournalReader& reader) {
    Sight sight{journal.incarnation().value(), journal.last_sequence().value(), {}, {}, 0};
    TILLSIGHT_ASSIGN(sight.counter_state, journal.counter_state());
    TILLSIGHT_ASSIGN(const JournalCounts counts, reader.counts());
    sight.held = counts.held;
    TILLSIGHT_ASSIGN(const std::vector<Event> pending, reader.pending(Sequence(0), 1000));
    for (const Event& event : pending) sight.pending.push_back(event.identity.sequence.value());
    return sight;
  }

  Finding check(const Day& day, std::size_t steps) {
    Result<Finding> found = open_and_compare(day, steps);
    if (found.ok()) return *std::move(found);
    return {.damaged = true, .what = found.error().message()};
  }
  /// \return the error of whatever cannot be read.
  Result<Finding> open_and_compare(const Day& day, std::size_t steps) {
    TILLSIGHT_ASSIGN(Journal journal, try_open());
    TILLSIGHT_ASSIGN(JournalReader reader, JournalReader::open(settings_.file));
    TILLSIGHT_TRY(reader.verify_chain());
    TILLSIGHT_TRY(integrity());
    TILLSIGHT_ASSIGN(const Sight now, look(journal, reader));
    Finding finding = compare(day, steps, now);
    if (!finding.what.empty()) return finding;
    TILLSIGHT_ASSIGN(const std::vector<Event> events, reader.events_from(Sequence(1), 1000));
    return compare_bytes(day, events);
  }

  Status integrity() {
    TILLSIGHT_ASSIGN(auto db,
                     sql::Connection::open(settings_.file, {.access = sql::Access::kReadOnly}));
    return db.check_integrity();
  }

  static Finding compare(const Day& day, std::size_t steps, const Sight& now) {
    const auto answered = day.sights.begin() + static_cast<std::ptrdiff_t>(steps);
    const bool is_before = steps == 0 ? now.last == 0 : now == day.sights[steps - 1];
    const bool is_after = answered != day.sights.end() && now == *answered;
    if (!is_before && !is_after) {
      const bool was_once = std::find(day.sights.begin(), answered, now) != answered;
      const std::int64_t confirmed = steps == 0 ? 0 : day.sights[steps - 1].last;
      return {.lost = was_once || now.last < confirmed,
              .damaged = !was_once && now.last >= confirmed,
              .what = format("{} events, and {} were confirmed", now.last, confirmed)};
    }
    return {};
  }

  static Finding compare_bytes(const Day& day, const std::vector<Event>& events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (!is_what_was_sold(day, events[i], day.events.at(i))) {
        return {.damaged = true, .what = format("event {} is not what was sold", i + 1)};
      }
    }
    return {};
  }

  static bool is_what_was_sold(const Day& day, const Event& kept, const Event& sold) {
    const bool may_forget = day.delivered.contains(sold.identity.sequence);
    return kept.sealed == sold.sealed && kept.notes == sold.notes &&
           (kept.personal == sold.personal || (may_forget && kept.personal.empty()));
  }

  sql::MemoryDisk disk_{folder_.path()};
};

TEST_F(JournalPowerCut, LosesAndTearsNothingInAnyState) {
  const std::int64_t wanted = test::scaled(100'000);
  const Verdict verdict =
      in_two_processes(wanted, [this](std::uint64_t seed) { return states_of(seed, 12); });
  EXPECT_EQ(verdict.bad(), 0) << verdict.first;
  EXPECT_GE(verdict.tried, wanted);
  EXPECT_TRUE(bench::print({.name = "journal.bad_states_after_power_cut",
                            .value = static_cast<double>(verdict.bad()),
                            .unit = "states",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("tried:{}", verdict.tried)}));
}

TEST_F(JournalPowerCut, CheckFindsThatSynchronousNormalLosesConfirmedSales) {
  const Verdict verdict = states_of(1, 3, "NORMAL");
  EXPECT_EQ(verdict.damaged, 0) << verdict.first;
  EXPECT_TRUE(bench::print({.name = "journal.control_normal_states_that_lost_sales",
                            .value = static_cast<double>(verdict.lost),
                            .unit = "states",
                            .goal = bench::Goal::kAtLeast,
                            .bound = 1,
                            .rival = format("tried:{}", verdict.tried)}));
}

TEST_F(JournalPowerCut, CheckFindsThatSynchronousOffDamagesTheFile) {
  const Verdict verdict = states_of(1, 3, "OFF");
  EXPECT_TRUE(bench::print({.name = "journal.control_off_states_damaged",
                            .value = static_cast<double>(verdict.damaged),
                            .unit = "states",
                            .goal = bench::Goal::kAtLeast,
                            .bound = 1,
                            .rival = format("tried:{}", verdict.tried)}));
}

}  // namespace
}  // namespace tillsight::faults
