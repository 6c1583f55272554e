#include "hub/backup_folder.hpp"

#include <sstream>
#include <utility>

#include "hub/schema.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {
namespace {

struct Sum {
  std::string hash;
  std::string file;
};

Result<std::vector<Sum>> read_sums(const std::filesystem::path& folder) {
  const auto text = read_file(folder / kSumsFile);
  if (!text.ok()) {
    return error(
        Code::kNotFound,
        "{}: is no backup of a head office ({}); name a folder that 'tillsight hub backup' "
        "has made",
        folder.string(), text.error().message());
  }
  std::vector<Sum> sums;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::size_t kDigits = 64;
    // Names with a slash would lead out of the folder.
    if (line.size() < kDigits + 3 || line.find('/') != std::string::npos) {
      return error(Code::kDataLoss, "{}: cannot be understood; take another backup",
                   (folder / kSumsFile).string());
    }
    sums.push_back({line.substr(0, kDigits), line.substr(kDigits + 2)});
  }
  return sums;
}

Result<std::int64_t> number(sql::Connection& db, std::string_view query) {
  TILLSIGHT_ASSIGN(auto asked, db.prepare(query));
  TILLSIGHT_ASSIGN(const bool row, asked.step());
  return row ? asked.integer(0) : 0;
}

}  // namespace

Result<Holding> holding_of(sql::Connection& sales) {
  TILLSIGHT_ASSIGN(auto count,
                   sales.prepare("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM "
                                 "invoice), coalesce(max(id), 0), "
                                 "(SELECT received_at FROM event ORDER BY id DESC LIMIT 1) "
                                 "FROM event"));
  TILLSIGHT_TRY(count.step());
  return Holding{count.integer(0), count.integer(1), 0, count.integer(2),
                 std::string(count.text(3))};
}

Result<std::int64_t> count_persons(sql::Connection& persons) {
  return number(persons, "SELECT count(*) FROM person");
}

Status prove(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(sql::Connection sales, open_for_reading(folder, Persons::kShown));
  // Of all databases that are attached.
  TILLSIGHT_TRY(sales.check_integrity());
  TILLSIGHT_ASSIGN(const std::int64_t strangers,
                   number(sales,
                          "SELECT count(*) FROM invoice WHERE person IS NOT NULL AND person "
                          "NOT IN (SELECT id FROM persons.person)"));
  if (strangers == 0) return {};
  return error(Code::kDataLoss,
               "{}: {} invoices are of persons that {} does not have; the two files are of "
               "different moments",
               folder.string(), strangers, kPersonsFile);
}

Status write_sums(const std::filesystem::path& folder, const std::vector<std::string>& files) {
  std::string text;
  for (const std::string& file : files) {
    TILLSIGHT_ASSIGN(const Digest sum, sha256_of_file(folder / file));
    text += format("{}  {}\n", to_hex(sum), file);
  }
  return write_file_atomically(folder / kSumsFile, text);
}

Result<std::vector<std::string>> named_files(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(std::vector<Sum> sums, read_sums(folder));
  std::vector<std::string> files;
  for (Sum& sum : sums) files.push_back(std::move(sum.file));
  return files;
}

Status check_sums(const std::filesystem::path& backup, const std::filesystem::path& copies) {
  TILLSIGHT_ASSIGN(const std::vector<Sum> sums, read_sums(backup));
  for (const Sum& sum : sums) {
    TILLSIGHT_ASSIGN(const Digest found, sha256_of_file(copies / sum.file));
    if (to_hex(found) == sum.hash) continue;
    return error(Code::kDataLoss,
                 "{}: is not what was backed up, its checksum is another; take another backup",
                 (backup / sum.file).string());
  }
  return {};
}

}  // namespace tillsight::hub
