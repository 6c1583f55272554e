/// \file
/// How persons lie in journal.db: encrypted, each text tied to its place.
///
///   event.personal         of an event that the hub has not stored; empty once it has
///   counter.state          the open sale and those on hold, with their customers
///   customer               returning customers: HMAC of the phone → who it is
///   identity.personal_key  which key that is: a check value, empty before the first
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::journal {

/// The key that a journal without provisioning has of its own.
std::filesystem::path own_key_file(const std::filesystem::path& journal_file);

/// \return what tells this key from others and gives nothing away.
std::string check_value(const SecretKey& key);

/// Empty stays empty: nobody.
std::string protect(const SecretKey& key, const EventIdentity& event, std::string_view personal,
                    Random& random);
/// \return kDataLoss or kInvalidArgument naming the event if it does not open.
Result<std::string> reveal(const SecretKey& key, const EventIdentity& event,
                           std::string_view stored);

/// The same for the counter's state; `journal` is any identity of this journal.
std::string protect_state(const SecretKey& key, const EventIdentity& journal,
                          std::string_view state_json, Random& random);
Result<std::string> reveal_state(const SecretKey& key, const EventIdentity& journal,
                                 std::string_view stored);

/// Makes sure that everything personal in `db` is under `key`: a journal from before there were
/// keys is encrypted, one under `own` (its own key, before provisioning) is encrypted anew.
/// \param random gives nonces.
/// \return kFailedPrecondition if what must not be lost is under a key that is not here.
Status adopt_key(sql::Connection& db, const EventIdentity& journal, const SecretKey& key,
                 const std::optional<SecretKey>& own, Random& random);

/// Before a new key is made. \return kFailedPrecondition if something is under one already.
Status expect_nothing_encrypted(sql::Connection& db);

/// \pre a transaction is open. \param day since 1970-01-01.
Status remember_customer(sql::Connection& db, const SecretKey& key, const Customer& customer,
                         std::int64_t day, Random& random);
Result<std::optional<Customer>> find_customer(sql::Connection& db, const SecretKey& key,
                                              std::string_view phone);
/// \return whether there was one.
Result<bool> forget_customer(sql::Connection& db, const SecretKey& key, std::string_view phone);

}  // namespace tillsight::journal
