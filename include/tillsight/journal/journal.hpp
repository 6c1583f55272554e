/// \file
/// The till's memory: every event it ever made, chained, numbered and durable, and what of it head
/// office has not acknowledged yet. The journal is the truth; everything else is a copy.
///
/// **Ownership** Owns the only writing connection of its file, and with it the checkpoints.
///
/// **Threads** thread-bound. Others read through a JournalReader of their own.
///
/// **Errors** kResourceExhausted: the disk is full, nothing was written. kUnavailable: the medium
/// failed, and the event is not sold: what the file says now has been read back. kDataLoss: the
/// file is damaged and takes no more writes from this object. kFailedPrecondition: the file is
/// another till's, or newer than this program.
///
/// **Example** tests/journal/journal_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

struct JournalSettings {
  std::filesystem::path file;
  StoreId store;
  TillId till;
  int generation = 1;  ///< of the box, from provisioning; part of every invoice number
};

class Journal {
 public:
  /// Creates the file, under a new incarnation, if there is none. Checks that an existing one is
  /// this till's and that its last events are whole and linked.
  /// \param random must outlive the journal.
  static Result<Journal> open(const JournalSettings& settings, Random& random, const Clock& clock);

  /// Numbers, seals and stores the invoice as the next event, puts it into the outbox and replaces
  /// the counter's state, all or nothing. Durable when it returns.
  /// \return kInvalidArgument if the invoice breaks a law or would not fit one message.
  Result<Event> append(const Invoice& invoice, std::string_view counter_state_json);

  /// The counter's open and held sales, opaque here; empty before the first.
  Status save_counter_state(std::string_view counter_state_json);
  Result<std::string> counter_state();

  /// What the hub of `ack.hub_epoch` has leaves the outbox; what it holds in quarantine stays but
  /// is not offered again. An epoch that is not the present one begins with this acknowledgement.
  /// Numbers that this journal has never given are ignored.
  /// \return kInvalidArgument, and changes nothing, if the ack is for another incarnation.
  Status acknowledge(const Ack& ack);

  /// The hub was restored or replaced: unless `hub_epoch` is the present one, nothing counts as
  /// acknowledged any more, and every event is offered again.
  Status begin_hub_epoch(std::string_view hub_epoch);

  /// Call when there is nothing else to do. Does something only when enough has been written: each
  /// checkpoint costs the medium, and too few let the log grow.
  Status checkpoint();

  const Incarnation& incarnation() const { return incarnation_; }
  /// \return 0 before the first event.
  Sequence last_sequence() const { return tail_.sequence; }

 private:
  /// What the next event is chained to.
  struct Tail {
    Sequence sequence;
    std::int64_t invoice_count = 0;
    Digest hash{};
  };

  Journal(JournalSettings settings, Random& random, sql::Connection db);

  Status adopt_identity(const Clock& clock);
  Status check_tail();
  Result<Tail> read_tail();
  Status ready_to_write();
  Status remember(Status outcome);
  Chain next_link(SaleKind kind) const;
  Status write(const Event& event, const Tail& tail, std::string_view counter_state_json);
  Status write_counter_state(std::string_view json);
  Status write_epoch(std::string_view hub_epoch);
  Status write_acknowledged(const Ack& ack);

  // Constant after open().
  JournalSettings settings_;
  Incarnation incarnation_;
  Random* random_;

  sql::Connection db_;
  Tail tail_;
  bool tail_known_ = true;        // false after a failed write, until the file was asked
  std::optional<Error> damaged_;  // set once, for good
  int commits_since_checkpoint_ = 0;
};

}  // namespace tillsight
