/// \file
/// persons.db: who the pseudonyms are, and the raw bytes that were refused (they may name somebody
/// too).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// All that hub.db may know of a person.
struct PersonRef {
  std::int64_t id = 0;    ///< of this phone with this name; 0: not stored yet
  std::string pseudonym;  ///< of the phone: 32 hexadecimal digits
};

class PersonStore {
 public:
  /// \return kFailedPrecondition if there are persons but no key.
  static Result<PersonStore> open(const std::filesystem::path& folder, Random& random);

  /// Makes the customers and the refused bytes of a batch durable; what is there already stays.
  /// \return one entry for each arrival, empty where it has no customer.
  Result<std::vector<std::optional<PersonRef>>> remember(std::span<const Arrival> batch);

 private:
  PersonStore(sql::Connection db, std::string key) : db_(std::move(db)), key_(std::move(key)) {}
  Result<PersonRef> find(const Customer& customer);
  Status add(const Customer& customer, PersonRef& person);
  Status quarantine(const Refused& refused, UtcTime at);

  sql::Connection db_;
  std::string key_;
};

}  // namespace tillsight::hub
