/// \file
/// The customers whom this till has seen before: who a phone is, so that a clerk types it alone.
///
/// They lie in the journal's file, encrypted, found by an HMAC of the phone. The Journal writes
/// them, with each sale to a customer who has a name, and forgets them when they stay away.
///
/// **Threads** thread-bound. **Errors** as sql/connection.hpp lists them.
/// **Example** tests/journal/customers_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

class CustomerBook {
 public:
  /// \pre the Journal has been opened once. \param key as in JournalSettings.
  static Result<CustomerBook> open(const std::filesystem::path& journal_file,
                                   const std::optional<SecretKey>& key = {});

  /// \param phone E.164. \return nobody: never seen, forgotten or erased.
  Result<std::optional<Customer>> find(std::string_view phone);

 private:
  CustomerBook(sql::Connection db, SecretKey key);

  sql::Connection db_;
  SecretKey key_;
};

}  // namespace tillsight
