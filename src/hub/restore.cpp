#include "hub/backup_folder.hpp"
#include "hub/folder_lock.hpp"
#include "hub/persons.hpp"
#include "hub/schema.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/hub/backup.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEpochBytes = 16;

Error cannot(std::string_view what, const fs::path& file, const std::error_code& why) {
  return error(Code::kUnavailable, "{}: cannot be {}: {}; run the restore again", file.string(),
               what, why.message());
}

Status create_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return cannot("created", folder, failure);
  return {};
}

/// What is a database's, with its log, or the key.
bool is_of_hub(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with(kSalesFile) || name.starts_with(kPersonsFile) || name == kKeyFile;
}

Result<std::vector<fs::path>> files_of_hub(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (is_of_hub(entry.path())) files.push_back(entry.path());
  }
  if (failure) return cannot("read", folder, failure);
  return files;
}

Status copy_backup(const fs::path& backup, const fs::path& to) {
  TILLSIGHT_ASSIGN(const std::vector<std::string> files, named_files(backup));
  std::error_code failure;
  fs::remove_all(to, failure);
  TILLSIGHT_TRY(create_folder(to));
  for (const std::string& file : files) {
    fs::copy_file(backup / file, to / file, failure);
    if (failure) return cannot("copied", backup / file, failure);
    fs::permissions(to / file, fs::perms::owner_read | fs::perms::owner_write, failure);
    if (failure) return cannot("made private", to / file, failure);
    TILLSIGHT_TRY(sync_to_disk(to / file));
  }
  return check_sums(backup, to);
}

/// Tills that hear of another epoch offer again what this database lacks.
Result<std::string> begin_epoch(const fs::path& folder, const Clock& clock, Random& random) {
  TILLSIGHT_ASSIGN(sql::Connection sales, sql::Connection::open(folder / kSalesFile));
  TILLSIGHT_TRY(sql::migrate(sales, sales_schema()));
  std::string epoch = random_hex(random, kEpochBytes);
  TILLSIGHT_ASSIGN(auto begin, sales.prepare("INSERT OR REPLACE INTO meta (id, hub_epoch, "
                                             "created_at) VALUES (1, ?, ?)"));
  TILLSIGHT_TRY(begin.bind(epoch, to_iso8601(clock.utc_now())).run());
  TILLSIGHT_TRY(sales.checkpoint(sql::Checkpoint::kTruncate));
  TILLSIGHT_ASSIGN(sql::Connection persons, sql::Connection::open(folder / kPersonsFile));
  TILLSIGHT_TRY(sql::migrate(persons, persons_schema()));
  TILLSIGHT_TRY(persons.checkpoint(sql::Checkpoint::kTruncate));
  return epoch;
}

Status move_into(const fs::path& folder, const std::vector<fs::path>& files) {
  for (const fs::path& file : files) {
    std::error_code failure;
    fs::rename(file, folder / file.filename(), failure);
    if (failure) return cannot("moved", file, failure);
  }
  return sync_to_disk(folder);
}

fs::path aside_folder(const fs::path& hub_folder, const Clock& clock) {
  std::string name = "before-restore-" + to_iso8601(clock.utc_now()).substr(0, 19);
  std::erase(name, ':');
  fs::path folder = hub_folder / name;
  for (int again = 2; fs::exists(folder); ++again)
    folder = hub_folder / format("{}-{}", name, again);
  return folder;
}

/// \return where the old files are now.
Result<fs::path> put_aside(const fs::path& hub_folder, const std::vector<fs::path>& old,
                           const Clock& clock) {
  const fs::path aside = aside_folder(hub_folder, clock);
  TILLSIGHT_TRY(create_folder(aside));
  TILLSIGHT_TRY(move_into(aside, old));
  return aside;
}

Result<Holding> look_into(const fs::path& folder) {
  TILLSIGHT_ASSIGN(sql::Connection sales, open_for_reading(folder, Persons::kShown));
  TILLSIGHT_ASSIGN(Holding holding, holding_of(sales));
  TILLSIGHT_ASSIGN(holding.persons, count_persons(sales));
  return holding;
}

}  // namespace

Result<Restored> restore(const fs::path& backup, const fs::path& hub_folder, Existing existing,
                         const Clock& clock, Random& random) {
  TILLSIGHT_TRY(named_files(backup));  // before anything is touched
  TILLSIGHT_TRY(create_folder(hub_folder));
  TILLSIGHT_ASSIGN(const FolderLock lock, FolderLock::take(hub_folder));
  TILLSIGHT_ASSIGN(const std::vector<fs::path> old, files_of_hub(hub_folder));
  if (!old.empty() && existing == Existing::kRefuse) {
    return error(Code::kFailedPrecondition,
                 "{}: holds a head office's files already; with --force they are put aside",
                 hub_folder.string());
  }
  const fs::path staging = hub_folder / kRestoring;
  TILLSIGHT_TRY(copy_backup(backup, staging));
  TILLSIGHT_TRY(prove(staging));
  Restored restored;
  TILLSIGHT_ASSIGN(restored.epoch, begin_epoch(staging, clock, random));
  TILLSIGHT_ASSIGN(restored.holding, look_into(staging));
  if (!old.empty()) {
    TILLSIGHT_ASSIGN(restored.put_aside, put_aside(hub_folder, old, clock));
  }
  TILLSIGHT_ASSIGN(const std::vector<fs::path> fresh, files_of_hub(staging));
  TILLSIGHT_TRY(move_into(hub_folder, fresh));
  std::error_code failure;
  fs::remove_all(staging, failure);
  if (failure) return cannot("removed", staging, failure);
  TILLSIGHT_TRY(sync_to_disk(hub_folder));
  return restored;
}

}  // namespace tillsight::hub
