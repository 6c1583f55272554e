// Goal: whatever a medium makes of the journal's bytes, the till does not crash, sends nothing that
// was not sold, and sells again; and most of what it had sold is still offered.
// Method: ten thousand damaged copies of one journal and its log (bits, bytes, runs, cut-off ends,
// pages swapped), each opened, read, salvaged and sold on, in child processes that may crash.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "bench/figure.hpp"
#include "tests/journal/till_box.hpp"
#include "tests/support/long_form.hpp"
#include "tests/support/small_disk.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight {
namespace {

using bench::Goal;
namespace fs = std::filesystem;

/// What a run of damaged copies came to; travels through a pipe.
struct Tally {
  std::int64_t copies = 0;
  std::int64_t crashes = 0;
  std::int64_t wrong_events = 0;
  std::int64_t cannot_sell = 0;   ///< and no person was asked to do something about it
  std::int64_t person_asked = 0;  ///< refused with what to do, as a file of another till is
  std::int64_t new_journals = 0;
  std::int64_t offered = 0;  ///< of the events that were there

  Tally& operator+=(const Tally& other) {
    copies += other.copies;
    crashes += other.crashes;
    wrong_events += other.wrong_events;
    cannot_sell += other.cannot_sell;
    person_asked += other.person_asked;
    new_journals += other.new_journals;
    offered += other.offered;
    return *this;
  }
};

class CorruptDisk : public testing::TillBox {
 protected:
  static constexpr int kEvents = 40;

  /// A journal half in its database, half in its log, as one that was killed leaves it.
  void given_journal() {
    Journal journal = open_journal();
    incarnation_ = journal.incarnation();
    sell(journal, kEvents / 2);
    sql::Connection other = sql::Connection::open(settings_.file).value();
    ASSERT_TRUE(other.checkpoint(sql::Checkpoint::kTruncate).ok());
    sell(journal, kEvents / 2);
    const std::vector<Event> events = open_reader().events_from(Sequence(1), kEvents).value();
    for (const Event& event : events) {
      sold_.emplace(event.identity.sequence.value(), event.sealed);
    }
    database_ = read_file(settings_.file).value();
    log_ = read_file(settings_.file.string() + "-wal").value();
    log_.resize(log_.find_last_not_of('\0') + 1);  // the rest is reserve
  }

  std::size_t below(std::size_t bound) { return random_.next_u64() % bound; }

  void damage(std::string& bytes) {
    const std::size_t at = below(bytes.size());
    switch (below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
      case 1: bytes[at] = static_cast<char>(below(256)); break;
      case 2: bytes.resize(at); break;
      case 3: {  // a run of another's bytes
        const std::size_t run = std::min(bytes.size() - at, 1 + below(2'000));
        for (std::size_t i = 0; i < run; ++i) bytes[at + i] = static_cast<char>(below(256));
        break;
      }
      case 4: bytes.replace(at, std::min<std::size_t>(512, bytes.size() - at), 512, '\0'); break;
      default: {  // a page in another's place
        const std::size_t pages = bytes.size() / 4096;
        if (pages < 2) break;
        const std::string page = bytes.substr(below(pages) * 4096, 4096);
        bytes.replace(below(pages) * 4096, 4096, page);
      }
    }
  }

  Tally try_one(const fs::path& folder) {
    Tally tally{.copies = 1};
    std::string database = database_;
    std::string log = log_;
    damage(below(2) == 0 ? database : log);
    JournalSettings settings = settings_;
    settings.file = folder / "till.db";
    fs::remove_all(folder);
    fs::create_directories(folder);
    fs::copy(settings_.file.string() + ".key", settings.file.string() + ".key");
    TILLSIGHT_CHECK(write_file_atomically(settings.file, database).ok(), "no room");
    TILLSIGHT_CHECK(write_file_atomically(settings.file.string() + "-wal", log).ok(), "no room");

    auto opened = journal::open_or_begin_anew(settings, random_, clock_);
    if (!opened.ok()) {
      ++(opened.error().code() == Code::kFailedPrecondition ? tally.person_asked
                                                            : tally.cannot_sell);
      return tally;
    }
    bool new_journal = opened->damage.has_value();
    Status read = count_offered(settings.file, {}, tally);
    if (!new_journal && !read.ok() && read.error().code() == Code::kDataLoss) {
      // What the reader finds, the till acts on: run_till in short.
      opened->journal.condemn(read.error());
      { const journal::Opened closed = std::move(*opened); }
      TILLSIGHT_CHECK(journal::quarantine(settings.file, clock_.utc_now()).ok(), "no room");
      opened = journal::open_or_begin_anew(settings, random_, clock_);
      new_journal = true;
    }
    if (!opened.ok() ||
        !opened->journal.append(testing::some_invoice(random_, clock_), "{}").ok()) {
      ++tally.cannot_sell;
      return tally;
    }
    if (!new_journal) return tally;
    tally.new_journals = 1;
    tally.offered = 0;
    const EventIdentity till{settings.store, settings.till, {}, {}};
    if (!journal::salvage(settings.file, till, clock_).ok()) ++tally.cannot_sell;
    const auto key = load_key(settings.file.string() + ".key").value();
    for (const fs::path& older : journal::older_files(settings.file)) {
      if (!count_offered(older, key, tally).ok()) ++tally.cannot_sell;
    }
    return tally;
  }

  /// Reads as sync does, and looks whether it is what was sold.
  Status count_offered(const fs::path& file, const std::optional<SecretKey>& key, Tally& tally) {
    TILLSIGHT_ASSIGN(JournalReader reader, JournalReader::open(file, key));
    for (Sequence after;;) {
      TILLSIGHT_ASSIGN(const std::vector<Event> events, reader.pending(after, 7));
      for (const Event& event : events) {
        const auto original = sold_.find(event.identity.sequence.value());
        const bool genuine = event.identity.incarnation == incarnation_ &&
                             original != sold_.end() && original->second == event.sealed;
        ++(genuine ? tally.offered : tally.wrong_events);
      }
      if (events.size() < 7) return {};
      after = events.back().identity.sequence;
    }
  }

  struct Worker {
    std::uint64_t seed;
    pid_t pid;
    int results;
  };

  /// In a process of its own, which may crash.
  Worker start(int copies, std::uint64_t seed) {
    int ends[2];
    TILLSIGHT_CHECK(::pipe(ends) == 0, "no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
      log::set_level(log::Level::kError);
      random_ = SeededRandom(seed);
      const fs::path folder = folder_.path() / "copies" / std::to_string(seed);
      for (int i = 0; i < copies; ++i) {
        const Tally one = try_one(folder);
        if (::write(ends[1], &one, sizeof one) != sizeof one) ::_exit(1);
      }
      fs::remove_all(folder);
      ::_exit(0);
    }
    ::close(ends[1]);
    return {seed, child, ends[0]};
  }
  /// \return the tally of those that were tried before it ended.
  static Tally finish(const Worker& worker) {
    Tally all;
    for (Tally one; ::read(worker.results, &one, sizeof one) == sizeof one;) all += one;
    ::close(worker.results);
    int status = 0;
    ::waitpid(worker.pid, &status, 0);
    if (status != 0) {
      ++all.crashes;
      ADD_FAILURE() << "TILLSIGHT_SEED=" << worker.seed << " crashed at copy " << all.copies;
    }
    return all;
  }

  Incarnation incarnation_;
  std::map<std::int64_t, std::string> sold_;
  std::string database_;
  std::string log_;
};

TEST_F(CorruptDisk, GivesNotOneWrongSaleInTenThousandDamagedJournals) {
  // In memory where that is allowed: sixty thousand syncs are not what is tested here.
  std::string why_not;
  const auto quick = test::SmallDisk::mount_at(folder_ / "copies", 64, why_not);
  given_journal();
#ifdef __SANITIZE_ADDRESS__
  constexpr int kCopies = 100;  // ten times as slow
#else
  constexpr int kCopies = 1'000;
#endif
  const std::uint64_t seed = test::seed();
  Tally all;
  for (int pair = 0; pair < test::scaled(5); ++pair) {
    const std::uint64_t first = seed + 2 * static_cast<std::uint64_t>(pair);
    const Worker one = start(kCopies, first);
    const Worker other = start(kCopies, first + 1);
    all += finish(one);
    all += finish(other);
  }
  const auto print_none = [&](const char* name, std::int64_t count, const char* unit) {
    EXPECT_TRUE(bench::print({.name = name,
                              .value = static_cast<double>(count),
                              .unit = unit,
                              .goal = Goal::kAtMost,
                              .bound = 0,
                              .rival = format("damaged:{}", all.copies)}));
  };
  print_none("disk.crashes_on_damaged_journals", all.crashes, "crashes");
  print_none("disk.wrong_events_of_damaged_journals", all.wrong_events, "events");
  print_none("disk.damaged_journals_that_stop_sales", all.cannot_sell, "journals");
  // The header's version, the till's name, the key's mark: a person must say what is right.
  EXPECT_TRUE(bench::print(
      {.name = "disk.damaged_journals_that_ask_a_person",
       .value = 100.0 * static_cast<double>(all.person_asked) / static_cast<double>(all.copies),
       .unit = "%",
       .goal = Goal::kAtMost,
       .bound = 2}));
  bench::print({.name = "disk.events_still_offered_of_damaged_journals",
                .value = 100.0 * static_cast<double>(all.offered) /
                         (kEvents * static_cast<double>(all.copies)),
                .unit = "%",
                .rival = format("new:{}", all.new_journals)});
}

}  // namespace
}  // namespace tillsight
