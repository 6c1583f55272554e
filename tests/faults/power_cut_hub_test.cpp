// Goal: when the power fails at head office, at whatever moment, every event that it acknowledged
// is there byte for byte, with its person or its place in quarantine, and nothing by half.
// Method: batches of two tills, with duplicates, conflicts and refused bytes, are ingested on a
// memory disk; the power is cut after each single change to either database; each disk is opened
// and must be what it was after the last acknowledgement or after the batch then under way. The
// same check must find synchronous NORMAL wanting.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "bench/figure.hpp"
#include "tests/faults/power_cut.hpp"
#include "tests/journal/till_box.hpp"
#include "tests/support/long_form.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::faults {
namespace {

using testing::EventChain;
using testing::some_invoice;

/// What an acknowledgement would say, and what the reports would count.
struct Sight {
  std::string epoch;
  std::vector<std::string> journals;  // have, held and verified_to of each till
  std::vector<std::int64_t> counts;
  std::int64_t events = 0;
  friend bool operator==(const Sight&, const Sight&) = default;
};

constexpr std::array kCounts{"SELECT count(*) FROM v_invoices",
                             "SELECT count(*) FROM v_lines",
                             "SELECT coalesce(sum(amount), 0) FROM v_tenders",
                             "SELECT count(*) FROM v_conflicts",
                             "SELECT count(*) FROM v_tills",
                             "SELECT coalesce(sum(last - first + 1), 0) FROM v_gaps"};

constexpr std::string_view kInvoicesOfNobody =
    "SELECT count(*) FROM invoice LEFT JOIN persons.person ON person.id = invoice.person "
    "WHERE invoice.customer IS NOT NULL AND person.phone IS NULL";

class HubPowerCut : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { log::set_level(log::Level::kError); }

  struct Till {
    EventChain chain;
    std::string topic;
    std::vector<Event> made = {};
  };
  struct Day {
    History history;
    std::vector<Sight> sights;                       // after step i
    std::map<std::string, std::string> sealed = {};  // of every event, by its hash
    std::vector<hub::JournalId> journals = {};
  };

  Verdict states_of(std::uint64_t seed, int cuts, const std::string& synchronous = "") {
    const Day day = live(seed, synchronous);
    return cut_power_everywhere(disk_, day.history, cuts, seed,
                                [&](std::size_t steps) { return check(day, steps); });
  }

  Day live(std::uint64_t seed, const std::string& synchronous) {
    random_ = SeededRandom(seed);
    disk_.restore({});
    std::filesystem::remove_all(hub_folder());
    std::array tills{Till{EventChain("T01", seed), "tillsight/v1/till/S01/T01/events"},
                     Till{EventChain("T02", seed + 1), "tillsight/v1/till/S01/T02/events"}};
    Day day;
    for (const Till& till : tills) {
      day.journals.push_back(
          {StoreId("S01"), TillId(day.journals.empty() ? "T01" : "T02"), till.chain.incarnation()});
    }
    disk_.record();
    for (int life = 0; life < 2; ++life) {
      Carelessness carelessness;
      auto store = hub::HubStore::open(hub_folder(), clock_, random_).value();
      if (!synchronous.empty()) carelessness.spoil(synchronous);
      answered(day, store);
      hub::Ingest ingest(store, clock_);
      for (int batch = 0; batch < 8; ++batch) {
        send_something(day, tills, ingest);
        EXPECT_TRUE(ingest.flush().ok());
        answered(day, store);
      }
    }
    day.history.changes = disk_.take_recording();
    return day;
  }

  void send_something(Day& day, std::array<Till, 2>& tills, hub::Ingest& ingest) {
    Till& till = tills.at(random_.next_u64() % tills.size());
    const std::uint64_t what = random_.next_u64() % 8;
    if (what == 0 && !till.made.empty()) {
      receive(ingest, till.topic, to_cloud_events({till.made.front(), till.made.back()}));
    } else if (what == 1) {
      receive(ingest, till.topic, R"({"specversion":"1.0","data":"nonsense"})");
    } else if (what == 2 && !till.made.empty()) {
      receive(ingest, till.topic, to_cloud_events({another_under_the_number_of(till)}));
    }
    std::vector<Event> batch;
    for (std::uint64_t i = 0; i <= random_.next_u64() % 4; ++i) {
      batch.push_back(till.chain.next(some_invoice(random_, clock_)));
      day.sealed[to_hex(hash(batch.back()))] = batch.back().sealed;
    }
    till.made.insert(till.made.end(), batch.begin(), batch.end());
    receive(ingest, till.topic, to_cloud_events(batch));
    clock_.advance(std::chrono::seconds(1));
  }

  /// As the copy of a disk would make it.
  Event another_under_the_number_of(const Till& till) {
    Chain link = open_chain(till.made.back()).value();
    Invoice other = link.invoice_no ? testing::a_sale({testing::a_line("tea", 55)}, clock_)
                                    : testing::a_void(clock_);
    if (!link.invoice_no) other.reason += ", said the copy";
    return seal(other, link, random_);
  }

  static void receive(hub::Ingest& ingest, const std::string& topic, const std::string& payload) {
    EXPECT_TRUE(ingest.receive(topic, payload).ok());
  }

  void answered(Day& day, const hub::HubStore& store) {
    day.history.answered.push_back(disk_.recorded());
    sql::Connection db = hub::open_for_reading(hub_folder(), hub::Persons::kShown).value();
    day.sights.push_back(look(day, store, db));
  }

  static Sight look(const Day& day, const hub::HubStore& store, sql::Connection& db) {
    Sight sight{store.epoch(), {}, {}, number(db, "SELECT count(*) FROM event")};
    for (const hub::JournalId& id : day.journals) {
      const hub::JournalState state = store.state(id);
      std::string text = format("verified {}", state.verified_to);
      for (const SequenceRange& range : state.have.ranges()) {
        text += format(" have {}-{}", range.first, range.last);
      }
      for (const SequenceRange& range : state.held.ranges()) {
        text += format(" held {}-{}", range.first, range.last);
      }
      sight.journals.push_back(text);
    }
    for (const char* count : kCounts) sight.counts.push_back(number(db, count));
    return sight;
  }

  static std::int64_t number(sql::Connection& db, std::string_view sql) {
    sql::Statement query = db.prepare(sql).value();
    return query.step().value() ? query.integer(0) : -1;
  }

  Finding check(const Day& day, std::size_t steps) {
    auto store = hub::HubStore::open(hub_folder(), clock_, random_);
    if (!store.ok()) return {.damaged = true, .what = store.error().message()};
    auto opened = hub::open_for_reading(hub_folder(), hub::Persons::kShown);
    if (!opened.ok()) return {.damaged = true, .what = opened.error().message()};
    sql::Connection db = *std::move(opened);
    if (const Status whole = db.check_integrity(); !whole.ok()) {
      return {.damaged = true, .what = whole.error().message()};
    }
    if (number(db, kInvoicesOfNobody) != 0) return {.lost = true, .what = "a person is missing"};
    return compare(day, steps, look(day, *store, db), db);
  }

  static Finding compare(const Day& day, std::size_t steps, const Sight& now, sql::Connection& db) {
    const auto answered = day.sights.begin() + static_cast<std::ptrdiff_t>(steps);
    const bool is_before = steps == 0 ? now.events == 0 : now == day.sights[steps - 1];
    const bool is_after = answered != day.sights.end() && now == *answered;
    if (!is_before && !is_after) {
      const bool was_once = std::find(day.sights.begin(), answered, now) != answered;
      const std::int64_t acknowledged = steps == 0 ? 0 : day.sights[steps - 1].events;
      return {.lost = was_once || now.events < acknowledged,
              .damaged = !was_once && now.events >= acknowledged,
              .what = format("{} events, and {} were acknowledged", now.events, acknowledged)};
    }
    sql::Statement rows = db.prepare("SELECT lower(hex(hash)), sealed FROM event").value();
    while (rows.step().value()) {
      const auto made = day.sealed.find(std::string(rows.text(0)));
      if (made == day.sealed.end() || made->second != rows.text(1)) {
        return {.damaged = true, .what = "an event is not what a till has sent"};
      }
    }
    return {};
  }

  // Two processes have a disk each, but share the folder with lock and key.
  std::filesystem::path hub_folder() const { return folder_.path() / std::to_string(::getpid()); }

  TempDir folder_;
  sql::MemoryDisk disk_{folder_.path()};
  FakeClock clock_;
  SeededRandom random_{1};
};

TEST_F(HubPowerCut, LosesAndTearsNothingInAnyState) {
  const std::int64_t wanted = test::scaled(10'000);
  const Verdict verdict =
      in_two_processes(wanted, [this](std::uint64_t seed) { return states_of(seed, 12); });
  EXPECT_EQ(verdict.bad(), 0) << verdict.first;
  EXPECT_GE(verdict.tried, wanted);
  EXPECT_TRUE(bench::print({.name = "hub.bad_states_after_power_cut",
                            .value = static_cast<double>(verdict.bad()),
                            .unit = "states",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("tried:{}", verdict.tried)}));
}

TEST_F(HubPowerCut, CheckFindsThatSynchronousNormalLosesAcknowledgedEvents) {
  const Verdict verdict = states_of(1, 3, "NORMAL");
  EXPECT_TRUE(bench::print({.name = "hub.control_normal_states_that_lost_events",
                            .value = static_cast<double>(verdict.lost),
                            .unit = "states",
                            .goal = bench::Goal::kAtLeast,
                            .bound = 1,
                            .rival = format("tried:{}", verdict.tried)}));
}

}  // namespace
}  // namespace tillsight::faults
