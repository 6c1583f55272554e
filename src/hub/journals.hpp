/// \file
/// What is known of each till's journal: which numbers are here, and how far their hashes chain.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hub/gaps.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

struct Journal {
  std::int64_t row = 0;  ///< journal.id in hub.db
  JournalState state;
  Digest verified_hash{};       ///< of event state.verified_to; zero before the first
  std::int64_t duplicates = 0;  ///< arrivals of what was here already
  std::vector<OpenGap> gaps;    ///< what is missing in `state`
};

using Journals = std::map<JournalId, Journal>;

Result<Journals> load_journals(sql::Connection& db);

/// The journals that one transaction changes, as copies: they replace the durable ones only after
/// the commit, so that an ack never speaks of what a failed commit took back.
///
/// **Ownership** Borrows both arguments. \pre a transaction is open on `db` until save() returned.
class JournalChanges {
 public:
  JournalChanges(sql::Connection& db, const Journals& durable) : db_(db), durable_(durable) {}

  /// \return the copy to change; of a journal that is new, a row is made. Lasts as long as this.
  Result<Journal*> change(const JournalId& id, const std::string& now);

  /// Follows the chains as far as they are whole now, and writes everything.
  /// \return how many breaks were found, each recorded in the table chain_break.
  Result<std::int64_t> save(const std::string& now);

  /// \pre the transaction is committed
  void publish(Journals& durable) &&;

  std::vector<JournalId> ids() const;

 private:
  Result<std::int64_t> verify(Journal& journal, const std::string& now);
  Status write(const Journal& before, const Journal& journal);

  sql::Connection& db_;
  const Journals& durable_;
  Journals changed_;
};

/// Follows the chain by an event that was just stored, if it is the next one and whole. What is not
/// followed here is read back by JournalChanges::save().
void follow(Journal& journal, Sequence sequence, const Digest& previous, const Digest& hash);

/// Marks `sequence` as stored; it is then no longer held.
void mark_stored(JournalState& state, Sequence sequence);
/// Marks `sequence` as held, unless it is stored.
void mark_held(JournalState& state, Sequence sequence);

}  // namespace tillsight::hub
