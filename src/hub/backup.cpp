#include "tillsight/hub/backup.hpp"

#include <array>

#include "hub/backup_folder.hpp"
#include "hub/persons.hpp"
#include "hub/schema.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::hub {
namespace {

namespace fs = std::filesystem;

// Nearly all of the time goes into the sales, and reading them again takes as long as copying.
constexpr double kSalesShare = 0.45;
constexpr double kPersonsShare = 0.05;

constexpr sql::Options kReading{.access = sql::Access::kReadOnly};

/// A folder that is removed unless it is kept.
class Staging {
 public:
  explicit Staging(fs::path folder) : folder_(std::move(folder)) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);  // of a backup that was interrupted
  }
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  Status create() const {
    std::error_code failure;
    fs::create_directory(folder_, failure);
    if (!failure) fs::permissions(folder_, fs::perms::owner_all, failure);
    if (!failure) return {};
    return error(Code::kFailedPrecondition,
                 "{}: cannot be created: {}; name a folder whose parent exists and is this user's",
                 folder_.string(), failure.message());
  }
  /// Makes it appear under its name, for good.
  Status keep_as(const fs::path& to) const {
    TILLSIGHT_TRY(sync_to_disk(folder_));
    std::error_code failure;
    fs::rename(folder_, to, failure);
    if (failure) {
      return error(Code::kUnavailable, "{}: cannot be renamed: {}", folder_.string(),
                   failure.message());
    }
    return sync_to_disk(fs::absolute(to).parent_path());
  }
  const fs::path& folder() const { return folder_; }

 private:
  const fs::path folder_;
};

sql::CopyProgress share_of(const Progress& progress, double from, double share) {
  return [&progress, from, share](std::int64_t done, std::int64_t in_all) {
    const auto total = static_cast<double>(in_all);
    progress(from + (in_all > 0 ? share * static_cast<double>(done) / total : 0));
  };
}

/// Both as they are at one moment each, the persons later: a hub writes them first, so whoever the
/// sales name is among them.
Result<Holding> copy_databases(const fs::path& from, const fs::path& to, const Progress& progress) {
  TILLSIGHT_ASSIGN(sql::Connection sales, open_for_reading(from, Persons::kHidden));
  TILLSIGHT_ASSIGN(sql::Connection persons, sql::Connection::open(from / kPersonsFile, kReading));
  TILLSIGHT_ASSIGN(const auto sales_now, sql::Transaction::snapshot(sales));
  TILLSIGHT_ASSIGN(Holding holding, holding_of(sales));
  TILLSIGHT_ASSIGN(const auto persons_now, sql::Transaction::snapshot(persons));
  TILLSIGHT_ASSIGN(holding.persons, count_persons(persons));
  TILLSIGHT_TRY(sales.copy_to(to / kSalesFile, share_of(progress, 0, kSalesShare)));
  TILLSIGHT_TRY(persons.copy_to(to / kPersonsFile, share_of(progress, kSalesShare, kPersonsShare)));
  return holding;
}

/// The copy is read from end to end and counted.
Status check_copy(const fs::path& folder, const Holding& expected) {
  TILLSIGHT_TRY(prove(folder));
  TILLSIGHT_ASSIGN(sql::Connection sales, open_for_reading(folder, Persons::kHidden));
  TILLSIGHT_ASSIGN(const Holding copied, holding_of(sales));
  if (copied.events == expected.events && copied.invoices == expected.invoices) return {};
  return error(Code::kDataLoss, "{}: the copy has {} events and {} invoices instead of {} and {}",
               folder.string(), copied.events, copied.invoices, expected.events, expected.invoices);
}

Result<bool> copy_key(const fs::path& from, const fs::path& to) {
  const auto key = read_file(from / kKeyFile);
  if (!key.ok() && key.error().code() == Code::kNotFound) return false;
  TILLSIGHT_TRY(key.ok() ? Status() : Status(key.error()));
  TILLSIGHT_TRY(write_file_atomically(to / kKeyFile, *key));
  return true;
}

}  // namespace

Result<Backup> back_up(const fs::path& hub_folder, const fs::path& to, const Progress& progress) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(to, ignored))) {
    return error(Code::kAlreadyExists,
                 "{}: is there already, and a backup is never overwritten; name a new folder, for "
                 "example with the date",
                 to.string());
  }
  const Staging staging(fs::path(to) += ".partial");
  TILLSIGHT_TRY(staging.create());
  Backup backup;
  TILLSIGHT_ASSIGN(backup.holding, copy_databases(hub_folder, staging.folder(), progress));
  TILLSIGHT_ASSIGN(backup.has_key, copy_key(hub_folder, staging.folder()));
  TILLSIGHT_TRY(check_copy(staging.folder(), backup.holding));
  progress(0.9);
  std::vector<std::string> files{std::string(kSalesFile), std::string(kPersonsFile)};
  if (backup.has_key) files.emplace_back(kKeyFile);
  TILLSIGHT_TRY(write_sums(staging.folder(), files));
  TILLSIGHT_TRY(staging.keep_as(to));
  progress(1);
  return backup;
}

}  // namespace tillsight::hub
