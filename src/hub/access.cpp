#include "tillsight/hub/access.hpp"

#include <algorithm>
#include <cstring>

#include "hub/access_rows.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {
namespace {

constexpr std::chrono::days kReadsKept{400};

std::span<const std::byte> bytes_of(const Digest& digest) {
  return std::as_bytes(std::span(digest));
}

std::string text_or_empty(const sql::Statement& row, int column) {
  return row.is_null(column) ? std::string() : std::string(row.text(column));
}

Status check_name(std::string_view name) {
  const bool plain = std::ranges::all_of(
      name, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\x7F'; });
  if (!name.empty() && name.size() <= kTokenNameBytesMax && plain) return {};
  return error(Code::kInvalidArgument,
               "token: a name has 1 to {} bytes and no blank; use one such as till-analytics",
               kTokenNameBytesMax);
}

Result<Token> token_of(const sql::Statement& row) {
  TILLSIGHT_ASSIGN(const Scope scope, parse_scope(row.text(2)));
  Token token{row.integer(0),
              std::string(row.text(1)),
              scope,
              {},
              std::string(row.text(4)),
              std::string(row.text(5)),
              text_or_empty(row, 6),
              text_or_empty(row, 7),
              text_or_empty(row, 8)};
  const auto hash = row.blob(3);
  std::memcpy(token.hash.data(), hash.data(), std::min(hash.size(), token.hash.size()));
  return token;
}

}  // namespace

std::string_view name(Scope scope) {
  switch (scope) {
    case Scope::kRead: return "read";
    case Scope::kPersons: return "persons";
    case Scope::kAdmin: return "admin";
  }
  check_failed("scope is known", "a scope outside its enumeration");
}

Result<Scope> parse_scope(std::string_view text) {
  for (const Scope scope : {Scope::kRead, Scope::kPersons, Scope::kAdmin}) {
    if (name(scope) == text) return scope;
  }
  return error(Code::kInvalidArgument, "scope '{}' is none of read, persons, admin", text);
}

bool Token::holds(UtcTime now) const {
  return revoked_at.empty() && (expires_at.empty() || to_iso8601(now) < expires_at);
}

Result<std::vector<Token>> list_tokens(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(sql::Connection db, open_for_reading(folder, Persons::kShown));
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT id, name, scope, hash, made_at, made_by, "
                                         "expires_at, used_at, revoked_at FROM persons.token "
                                         "ORDER BY id"));
  std::vector<Token> tokens;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return tokens;
    TILLSIGHT_ASSIGN(Token token, token_of(rows));
    tokens.push_back(std::move(token));
  }
}

Result<std::vector<PersonRead>> list_person_reads(const std::filesystem::path& folder,
                                                  int count_max) {
  TILLSIGHT_ASSIGN(sql::Connection db, open_for_reading(folder, Persons::kShown));
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT at, who, what FROM persons.person_read "
                                         "ORDER BY id DESC LIMIT ?"));
  rows.bind(count_max);
  std::vector<PersonRead> reads;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return reads;
    reads.push_back(
        {std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))});
  }
}

Status add_token_row(sql::Connection& db, const NewToken& token, UtcTime at) {
  TILLSIGHT_TRY(check_name(token.name));
  std::optional<std::string> expires;
  if (token.expires) expires = to_iso8601(*token.expires);
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO token (name, scope, hash, made_at, made_by, expires_at) "
                              "VALUES (?, ?, ?, ?, ?, ?)"));
  insert.bind(token.name, name(token.scope), bytes_of(token.hash), to_iso8601(at), token.made_by,
              expires);
  const Status added = insert.run();
  if (added.ok() || added.error().code() != Code::kAlreadyExists) return added;
  return error(Code::kAlreadyExists,
               "token {}: there is one; revoke it first, or choose another name", token.name);
}

Status revoke_token_row(sql::Connection& db, std::string_view name, std::string_view who,
                        UtcTime at) {
  TILLSIGHT_ASSIGN(auto update, db.prepare("UPDATE token SET revoked_at = ?, revoked_by = ? "
                                           "WHERE name = ? AND revoked_at IS NULL"));
  TILLSIGHT_TRY(update.bind(to_iso8601(at), who, name).run());
  if (db.changes() == 1) return {};
  return error(Code::kNotFound,
               "token {}: there is none that holds; see 'tillsight hub token list'", name);
}

Status mark_token_used(sql::Connection& db, std::int64_t id, UtcTime at) {
  TILLSIGHT_ASSIGN(auto update, db.prepare("UPDATE token SET used_at = ? WHERE id = ?"));
  return update.bind(to_iso8601(at), id).run();
}

Status add_person_read(sql::Connection& db, std::string_view who, std::string_view what,
                       UtcTime at) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO person_read (at, who, what) VALUES (?, ?, ?)"));
  TILLSIGHT_TRY(insert.bind(to_iso8601(at), who, what).run());
  // A few at a time: more go than come, and nobody waits for a year's worth.
  TILLSIGHT_ASSIGN(auto forget,
                   db.prepare("DELETE FROM person_read WHERE id IN "
                              "(SELECT id FROM person_read ORDER BY id LIMIT 10) AND at < ?"));
  return forget.bind(to_iso8601(at - kReadsKept)).run();
}

}  // namespace tillsight::hub
