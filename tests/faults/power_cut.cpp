#include "tests/faults/power_cut.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <unordered_set>

#include "tillsight/core/check.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::faults {
namespace {

constexpr std::uint64_t kCutsAgain = 16;  // one state in so many loses its power twice

std::vector<sqlite3*> g_opened;

int remember_opened(sqlite3* db, const char**, const void*) {
  g_opened.push_back(db);
  return SQLITE_OK;
}
const auto kEntryPoint = reinterpret_cast<void (*)()>(&remember_opened);

}  // namespace

std::size_t History::steps_at(std::size_t changes_made) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(answered, changes_made) -
                                  answered.begin());
}

Verdict cut_power_everywhere(sql::MemoryDisk& disk, const History& history, int cuts,
                             std::uint64_t seed, const Check& check) {
  SeededRandom random(seed);
  Verdict verdict;
  std::unordered_set<std::uint64_t> seen;
  sql::DiskState replayed = history.start;
  for (std::size_t made = 0; made <= history.changes.size(); ++made) {
    if (made > 0) replayed.apply(history.changes[made - 1]);
    const std::size_t steps = history.steps_at(made);
    const std::string where = format("seed {}, after change {}", seed, made);
    for (int i = 0; i < cuts; ++i) {
      sql::DiskState cut = replayed;
      // A state that was seen before counts again only if it must now hold more.
      if (!seen.insert(cut.power_cut(random) ^ steps * 0x9e3779b97f4a7c15ULL).second) continue;
      disk.restore(std::move(cut));
      const Finding finding = check(steps);
      verdict.add(finding, where);
      if (!finding.what.empty() || random.next_u64() % kCutsAgain != 0) continue;
      disk.power_cut(random);
      verdict.add(check(steps), where + ", and cut again");
    }
  }
  return verdict;
}

Carelessness::Carelessness() {
  g_opened.clear();
  sqlite3_auto_extension(kEntryPoint);
}

Carelessness::~Carelessness() {
  sqlite3_cancel_auto_extension(kEntryPoint);
}

void Carelessness::spoil(const std::string& synchronous) {
  const std::string pragma = "PRAGMA synchronous = " + synchronous;
  for (sqlite3* db : g_opened) {
    TILLSIGHT_CHECK(sqlite3_exec(db, pragma.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                    pragma);
  }
  g_opened.clear();
}

}  // namespace tillsight::faults
