// Damaged journals: out of the way at once, and read as far as they can be read later.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "journal/schema.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/domain/sequence_ranges.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight::journal {
namespace {

constexpr std::size_t kBatch = 200;
/// Of a file whose index is gone too, so many numbers are tried beyond the last that was found.
constexpr std::int64_t kMissesMax = 1'000;
constexpr std::size_t kDoubtfulMax = 1'000;

// The database first: a log alone is nothing that could be mistaken for a journal.
constexpr std::array<std::string_view, 3> kParts{"", "-wal", "-shm"};

std::filesystem::path quarantine_folder(const std::filesystem::path& journal_file) {
  return journal_file.string() + ".quarantine";
}
std::filesystem::path done_mark(const std::filesystem::path& folder) {
  return folder / "read";
}

/// "0007-…" → 7.
int number_of(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  int number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

std::vector<std::filesystem::path> folders(const std::filesystem::path& journal_file) {
  std::vector<std::filesystem::path> all;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(quarantine_folder(journal_file), none)) {
    if (number_of(entry.path()) > 0) all.push_back(entry.path());
  }
  std::ranges::sort(all);
  return all;
}

Error cannot_move(const std::filesystem::path& file, const std::error_code& why) {
  return error(Code::kUnavailable,
               "{}: is damaged and cannot be moved away: {}; move it by hand and start again",
               file.string(), why.message());
}

/// The text after `"name":"` in a sealed JSON, which holds neither blanks nor escapes there.
std::string_view sealed_text(std::string_view sealed, std::string_view name) {
  const std::string key = format("\"{}\":\"", name);
  const std::size_t at = sealed.find(key);
  if (at == std::string_view::npos) return {};
  sealed.remove_prefix(at + key.size());
  return sealed.substr(0, sealed.find('"'));
}

std::string_view sealed_number(std::string_view sealed, std::string_view name) {
  const std::string key = format("\"{}\":", name);
  const std::size_t at = sealed.find(key);
  if (at == std::string_view::npos) return {};
  sealed.remove_prefix(at + key.size());
  return sealed.substr(0, sealed.find_first_not_of("0123456789"));
}

/// Reads one damaged file, in whatever order still works, and keeps what is certainly genuine: its
/// hash is the stored one, or the next event is linked to it.
class Salvage {
 public:
  Salvage(sql::Connection db, const std::filesystem::path& journal_file, const EventIdentity& till,
          const Clock& clock)
      : db_(std::move(db)), journal_file_(journal_file), till_(till), clock_(clock) {}

  Status run() {
    TILLSIGHT_TRY(scan("SELECT " TILLSIGHT_EVENT_COLUMNS " FROM event ORDER BY sequence"));
    if (broken_) {
      TILLSIGHT_TRY(scan("SELECT " TILLSIGHT_EVENT_COLUMNS " FROM event ORDER BY sequence DESC"));
      TILLSIGHT_TRY(one_by_one());
    }
    return flush();
  }
  std::int64_t events() const { return kept_.count(); }
  std::int64_t damaged() const { return static_cast<std::int64_t>(doubtful_.size()); }

 private:
  struct Doubtful {
    Event event;
    Digest previous;
  };

  /// Until the file's own error, which is no error of this. \return why nothing can be written.
  Status scan(std::string_view sql) {
    auto rows = db_.prepare(sql);
    if (!rows.ok()) return give_up();
    while (true) {
      const auto row = rows->step();
      if (!row.ok()) return give_up();
      if (!*row) return {};
      if (!kept_.contains(Sequence(std::max<std::int64_t>(1, rows->integer(0))))) {
        TILLSIGHT_TRY(look_at(*rows));
      }
    }
  }
  Status give_up() {
    broken_ = true;
    return {};
  }

  Status one_by_one() {
    std::int64_t misses = 0;
    for (std::int64_t sequence = 1; sequence <= kept_.last() || misses < kMissesMax; ++sequence) {
      misses = sequence <= kept_.last() ? 0 : misses + 1;
      if (kept_.contains(Sequence(sequence))) continue;
      auto find = db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS " FROM event WHERE sequence = ?");
      if (!find.ok()) return {};
      const auto row = find->bind(sequence).step();
      if (row.ok() && *row) TILLSIGHT_TRY(look_at(*find));
    }
    return {};
  }

  Status look_at(const sql::Statement& row) {
    Event event = event_of(row, till_);
    const auto chain = open_chain(event);
    if (!chain.ok() || !is_ours(chain->identity, event.identity.sequence)) return doubt(event, {});
    event.identity = chain->identity;
    // These two are copies of what is sealed.
    event.time = sealed_text(event.sealed, "utc");
    event.type = format("tillsight.{}.v{}", sealed_text(event.sealed, "kind"),
                        sealed_number(event.sealed, "v"));
    if (hash(event) != link_of(row).hash) return doubt(event, chain->previous);
    return keep(std::move(event), chain->previous);
  }

  bool is_ours(const EventIdentity& sealed, Sequence stored) const {
    return sealed.store == till_.store && sealed.till == till_.till && sealed.sequence == stored &&
           (!incarnation_ || *incarnation_ == sealed.incarnation);
  }

  Status keep(Event event, const Digest& previous) {
    const Sequence sequence = event.identity.sequence;
    incarnation_ = event.identity.incarnation;
    kept_.insert(sequence);
    doubtful_.erase(sequence.value());
    batch_.push_back(std::move(event));
    // The link vouches for the one before, whatever became of its own row's hash.
    const auto before = doubtful_.find(sequence.value() - 1);
    if (before != doubtful_.end() && hash(before->second.event) == previous) {
      const Doubtful proven = before->second;
      TILLSIGHT_TRY(keep(proven.event, proven.previous));
    }
    return batch_.size() < kBatch ? Status() : flush();
  }
  Status doubt(const Event& event, const Digest& previous) {
    if (doubtful_.size() < kDoubtfulMax) {
      doubtful_.insert_or_assign(event.identity.sequence.value(), Doubtful{event, previous});
    }
    return {};
  }

  Status flush() {
    if (batch_.empty()) return {};
    if (!into_) {
      TILLSIGHT_ASSIGN(
          into_, OlderJournal::open_or_create(journal_file_, batch_.front().identity, clock_));
    }
    TILLSIGHT_TRY(into_->add(batch_));
    batch_.clear();
    return {};
  }

  sql::Connection db_;
  const std::filesystem::path& journal_file_;
  const EventIdentity& till_;
  const Clock& clock_;
  std::optional<Incarnation> incarnation_;
  std::optional<OlderJournal> into_;
  std::vector<StoredEvent> batch_;
  SequenceRanges kept_;
  std::map<std::int64_t, Doubtful> doubtful_;
  bool broken_ = false;
};

Result<Salvaged> salvage_one(const std::filesystem::path& folder,
                             const std::filesystem::path& journal_file, const EventIdentity& till,
                             const Clock& clock) {
  Salvaged salvaged{folder};
  sql::Options options;
  options.access = sql::Access::kReadOnly;
  auto db = sql::Connection::open(folder / journal_file.filename(), options);
  if (db.ok()) {
    Salvage all(*std::move(db), journal_file, till, clock);
    if (const Status done = all.run(); !done.ok()) {
      return done.error().with_context("salvage of " + folder.string());
    }
    salvaged.events = all.events();
    salvaged.damaged = all.damaged();
  }
  TILLSIGHT_TRY(write_file_atomically(
      done_mark(folder),
      format("{} events read, {} found damaged\n", salvaged.events, salvaged.damaged)));
  return salvaged;
}

/// If the power went in the middle of quarantine(): a new database must not meet the old one's log.
void finish_quarantine(const std::filesystem::path& journal_file) {
  const std::vector<std::filesystem::path> all = folders(journal_file);
  if (std::filesystem::exists(journal_file) || all.empty()) return;
  for (const std::string_view part : kParts) {
    const auto to = all.back() / (journal_file.filename().string() + std::string(part));
    std::error_code ignored;
    if (!std::filesystem::exists(to)) {
      std::filesystem::rename(journal_file.string() + std::string(part), to, ignored);
    }
  }
}

}  // namespace

std::vector<std::filesystem::path> unseen(const std::filesystem::path& journal_file) {
  std::vector<std::filesystem::path> all = folders(journal_file);
  std::erase_if(all, [](const auto& folder) { return std::filesystem::exists(folder / "seen"); });
  return all;
}

int quarantined(const std::filesystem::path& journal_file) {
  int most = 0;
  for (const auto& folder : folders(journal_file)) most = std::max(most, number_of(folder));
  return most;
}

Result<std::filesystem::path> quarantine(const std::filesystem::path& journal_file, UtcTime now) {
  std::string when = to_iso8601(now).substr(0, sizeof "2026-11-23T05:46:32" - 1);
  std::erase(when, ':');
  const auto folder =
      quarantine_folder(journal_file) / format("{:04}-{}", quarantined(journal_file) + 1, when);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return cannot_move(folder, failed);
  for (const std::string_view part : kParts) {
    const std::filesystem::path from = journal_file.string() + std::string(part);
    const auto to = folder / (journal_file.filename().string() + std::string(part));
    std::filesystem::rename(from, to, failed);
    const bool missing = failed == std::errc::no_such_file_or_directory;
    if (failed && !missing) return cannot_move(from, failed);
  }
  return folder;
}

Result<Opened> open_or_begin_anew(JournalSettings settings, Random& random, const Clock& clock) {
  finish_quarantine(settings.file);
  settings.series = quarantined(settings.file);
  auto journal = Journal::open(settings, random, clock);
  if (journal.ok()) return Opened{*std::move(journal), {}};
  if (journal.error().code() != Code::kDataLoss) return journal.error();
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, quarantine(settings.file, clock.utc_now()));
  settings.series = quarantined(settings.file);
  const Error damage = error(Code::kDataLoss, "{}; it lies in {} now, and a new journal begins",
                             journal.error().message(), folder.string());
  TILLSIGHT_ASSIGN(Journal begun, Journal::open(settings, random, clock));
  return Opened{std::move(begun), damage};
}

Result<std::vector<Salvaged>> salvage(const std::filesystem::path& journal_file,
                                      const EventIdentity& till, const Clock& clock) {
  std::vector<Salvaged> all;
  for (const auto& folder : folders(journal_file)) {
    if (std::filesystem::exists(done_mark(folder))) continue;
    TILLSIGHT_ASSIGN(const Salvaged one, salvage_one(folder, journal_file, till, clock));
    all.push_back(one);
  }
  return all;
}

}  // namespace tillsight::journal
