#include "tillsight/journal/customers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "journal/personal.hpp"
#include "journal/schema.hpp"
#include "tillsight/crypto/aead.hpp"

namespace tillsight {
namespace journal {
namespace {

Digest index_of(const SecretKey& key, std::string_view phone) {
  return hmac_sha256(key.derive("customers").bytes(), phone);
}

std::string place_of(const Digest& index) {
  return "customer " + to_hex(index);
}

/// Names hold no zero byte: they were normalised.
std::string to_text(const Customer& customer) {
  std::string text = customer.first_name;
  text += '\0';
  text += customer.last_name;
  text += '\0';
  text += customer.phone;
  return text;
}

Customer from_text(std::string_view text) {
  const auto take = [&text] {
    const std::string_view field = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    return std::string(field);
  };
  Customer customer;
  customer.first_name = take();
  customer.last_name = take();
  customer.phone = take();
  return customer;
}

}  // namespace

Status remember_customer(sql::Connection& db, const SecretKey& key, const Customer& customer,
                         std::int64_t day, Random& random) {
  const Digest index = index_of(key, customer.phone);
  TILLSIGHT_ASSIGN(auto upsert,
                   db.prepare("INSERT INTO customer (phone, person, seen_day) VALUES (?, ?, ?) "
                              "ON CONFLICT DO UPDATE SET person = excluded.person, "
                              "seen_day = excluded.seen_day"));
  return upsert
      .bind(std::span(index), aead::seal(key, to_text(customer), place_of(index), random), day)
      .run();
}

Result<std::optional<Customer>> find_customer(sql::Connection& db, const SecretKey& key,
                                              std::string_view phone) {
  const Digest index = index_of(key, phone);
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT person FROM customer WHERE phone = ?"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(std::span(index)).step());
  if (!found) return std::optional<Customer>();
  TILLSIGHT_ASSIGN(const std::string text, aead::open(key, find.text(0), place_of(index)));
  return std::optional(from_text(text));
}

Result<bool> forget_customer(sql::Connection& db, const SecretKey& key, std::string_view phone) {
  TILLSIGHT_ASSIGN(auto forget, db.prepare("DELETE FROM customer WHERE phone = ?"));
  const Digest index = index_of(key, phone);
  TILLSIGHT_TRY(forget.bind(std::span(index)).run());
  return db.changes() > 0;
}

}  // namespace journal

CustomerBook::CustomerBook(sql::Connection db, SecretKey key)
    : db_(std::move(db)), key_(std::move(key)) {}

Result<CustomerBook> CustomerBook::open(const std::filesystem::path& journal_file,
                                        const std::optional<SecretKey>& key) {
  sql::Options options;
  options.access = sql::Access::kReadOnly;
  TILLSIGHT_ASSIGN(sql::Connection db, sql::Connection::open(journal_file, options));
  TILLSIGHT_TRY(sql::expect_schema(db, journal::kSchema));
  if (key) return CustomerBook(std::move(db), *key);
  TILLSIGHT_ASSIGN(SecretKey own, load_key(journal::own_key_file(journal_file)));
  return CustomerBook(std::move(db), std::move(own));
}

Result<std::optional<Customer>> CustomerBook::find(std::string_view phone) {
  return journal::find_customer(db_, key_, phone);
}

}  // namespace tillsight
