/// \file
/// persons.db: who the pseudonyms are, and the raw bytes that were refused (they may name somebody
/// too).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// The key of the pseudonyms, in a folder that was given none.
inline constexpr std::string_view kKeyFile = "customer.key";

/// All that hub.db may know of a person.
struct PersonRef {
  std::int64_t id = 0;    ///< of this phone with this name; 0: not stored yet
  std::string pseudonym;  ///< of the phone: 32 hexadecimal digits
};

class PersonStore {
 public:
  /// \param chain_key none: the folder's own customer.key, made when the folder is new.
  /// \return kFailedPrecondition if there are persons but not their key.
  static Result<PersonStore> open(const std::filesystem::path& folder,
                                  const std::optional<SecretKey>& chain_key, Random& random);

  /// Makes the customers and the refused bytes of a batch durable; what is there already stays.
  /// \param is_here tells that exactly this event is stored already: who was erased since does not
  /// come back with what a till sends twice.
  /// \return one entry for each arrival, empty where it has no customer, or is here already.
  Result<std::vector<std::optional<PersonRef>>> remember(
      std::span<const Arrival> batch, const std::function<Result<bool>(const Delivered&)>& is_here);

  /// The same for customers of imported invoices; null: nobody.
  Result<std::vector<std::optional<PersonRef>>> remember(
      std::span<const Customer* const> customers);

  std::string pseudonym_of(std::string_view phone) const { return pseudonym(key_, phone); }

  /// \return the newest name under this phone; none: nobody has it.
  Result<std::optional<Customer>> customer(std::string_view phone);
  /// A till is about to be told something. Durable when it returns; kept 400 days.
  Status note_question(const StoreId& store, const TillId& till, std::string_view kind, bool known,
                       UtcTime at);

  /// Deletes who has this phone, and takes them out of refused bytes. Durable when it returns.
  struct Erased {
    std::int64_t persons = 0;
    std::int64_t quarantined = 0;
  };
  Result<Erased> erase(std::string_view phone);
  /// \return the phones of the `count` persons after row `after`, and the last row; fewer: the end.
  struct Some {
    std::vector<std::string> phones;  ///< of all names once
    std::int64_t last = 0;
  };
  Result<Some> some(std::int64_t after, int count);
  /// Nothing deleted stands in the log any more. \return kAborted while somebody reads it.
  Status empty_log();

  /// The only writing connection of persons.db.
  sql::Connection& db() { return db_; }

 private:
  PersonStore(sql::Connection db, SecretKey key) : db_(std::move(db)), key_(std::move(key)) {}
  Result<PersonRef> find(const Customer& customer);
  Status add(const Customer& customer, PersonRef& person);
  Result<std::int64_t> erase_quarantined(std::string_view phone);

  sql::Connection db_;
  SecretKey key_;
};

}  // namespace tillsight::hub
