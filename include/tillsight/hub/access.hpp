/// \file
/// Who may ask head office over HTTP, and the record of who has read personal data.
///
/// A token is 32 random bytes as text. Head office keeps its SHA-256 alone: what is lost is made
/// anew. Both tables are in persons.db; what changes them goes through HubStore, its only writer.
///
/// **Threads** the functions are thread-safe; each reads over a connection of its own.
/// **Errors** kNotFound when `folder` holds no hub's database.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight::hub {

/// Each may what the ones before it may.
enum class Scope {
  kRead,     ///< all but personal data
  kPersons,  ///< names and phones too, on record
  kAdmin,    ///< what changes something
};
std::string_view name(Scope scope);  ///< "read", "persons", "admin"
Result<Scope> parse_scope(std::string_view text);

inline constexpr std::size_t kTokenNameBytesMax = 60;

/// What is said of a new token. Nothing here opens a door.
struct NewToken {
  std::string name;  ///< of who uses it; no two that hold have the same
  Scope scope = Scope::kRead;
  Digest hash{};
  std::optional<UtcTime> expires{};
  std::string made_by;
};

struct Token {
  std::int64_t id = 0;
  std::string name;
  Scope scope = Scope::kRead;
  Digest hash{};
  std::string made_at;  ///< ISO 8601, as all times here; empty: never
  std::string made_by;
  std::string expires_at;
  std::string used_at;  ///< to the minute
  std::string revoked_at;

  bool holds(UtcTime now) const;
};

/// \return all that were ever made, in their order.
Result<std::vector<Token>> list_tokens(const std::filesystem::path& folder);

/// One reading of names or phones.
struct PersonRead {
  std::string at;
  std::string who;
  std::string what;
};
/// \return the newest `count_max`, the newest first.
Result<std::vector<PersonRead>> list_person_reads(const std::filesystem::path& folder,
                                                  int count_max);

}  // namespace tillsight::hub
