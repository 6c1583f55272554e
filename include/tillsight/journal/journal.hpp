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
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/clock_correction.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight {

struct JournalSettings {
  std::filesystem::path file;
  StoreId store;
  TillId till;
  int generation = 1;  ///< of the box, from provisioning; part of every invoice number
  /// Protects persons at rest. None: the journal has a key of its own in FILE.key, made when it is
  /// not there; a journal under that key takes this one over.
  std::optional<SecretKey> personal_key = {};
  int customers_kept_days = 180;  ///< since their last visit; 0: nobody is remembered
};

/// What was known of somebody at this till.
struct ErasedCustomer {
  bool remembered = false;    ///< as a returning customer
  int sales = 0;              ///< that the hub has not stored yet
  bool in_open_sale = false;  ///< or in one on hold
};

class Journal {
 public:
  /// Creates the file, under a new incarnation, if there is none. Checks that an existing one is
  /// this till's and that its last events are whole and linked.
  /// \param random and \param clock must outlive the journal.
  static Result<Journal> open(const JournalSettings& settings, Random& random, const Clock& clock);

  /// Numbers, seals and stores the invoice as the next event, puts it into the outbox and replaces
  /// the counter's state, all or nothing. Durable when it returns.
  /// \return kInvalidArgument if the invoice breaks a law or would not fit one message.
  Result<Event> append(const Invoice& invoice, std::string_view counter_state_json);

  /// The same for what the clock did; the counter stays as it is.
  Result<Event> append(const ClockCorrection& correction);
  /// What the clock said at the last event, for a ClockWatch that begins now. None: no event yet,
  /// or it cannot be read.
  std::optional<ClockReading> last_clock();

  /// The counter's open and held sales, opaque here; empty before the first.
  Status save_counter_state(std::string_view counter_state_json);
  Result<std::string> counter_state();

  /// What the hub of `ack.hub_epoch` has leaves the outbox, and its person is deleted; what it
  /// holds in quarantine stays but is not offered again. An epoch that is not the present one
  /// begins with this acknowledgement. Numbers that this journal has never given are ignored.
  /// \return kInvalidArgument, and changes nothing, if the ack is for another incarnation.
  Status acknowledge(const Ack& ack);

  /// The hub was restored or replaced: unless `hub_epoch` is the present one, nothing counts as
  /// acknowledged any more, and every event is offered again.
  Status begin_hub_epoch(std::string_view hub_epoch);

  /// Call when there is nothing else to do, at least once a second. Does something only when enough
  /// has been written: each checkpoint costs the medium, and too few let the log grow. What was
  /// deleted of persons is gone from the log a minute later.
  Status checkpoint();

  /// Everything that names the customer of `phone` (E.164) is gone from the file and its log when
  /// it returns; what is sealed stays as it is. The counter must take up counter_state() again.
  /// \return kAborted: deleted, but somebody reads the log; call again.
  Result<ErasedCustomer> erase_customer(std::string_view phone);

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

  Journal(JournalSettings settings, Random& random, const Clock& clock, sql::Connection db);

  Status adopt_identity();
  Status adopt_key();
  Status check_tail();
  Result<Tail> read_tail();
  Status ready_to_write();
  Status remember(Status outcome);
  Chain next_link(SaleKind kind) const;
  Result<Event> store(Event event, const Tail& next,
                      const std::function<Status(const Event&)>& write);
  Status write(const Event& event, const Tail& tail, const std::optional<Customer>& customer,
               std::string_view counter_state_json);
  Status insert_event(const Event& event, const Tail& tail);
  Status write_counter_state(std::string_view json);
  Status write_epoch(std::string_view hub_epoch);
  Status write_acknowledged(const Ack& ack);
  EventIdentity identity(Sequence sequence) const;
  Status remember_customer(const Customer& customer);
  Status delete_delivered_persons(const SequenceRange& delivered);
  Status forget();
  Status forget_customers();
  Status empty_log();
  Result<int> erase_from_events(std::string_view phone);
  Result<bool> erase_from_counter(std::string_view phone);

  // Constant after open().
  JournalSettings settings_;
  Incarnation incarnation_;
  Random* random_;
  const Clock* clock_;

  sql::Connection db_;
  Tail tail_;
  bool tail_known_ = true;        // false after a failed write, until the file was asked
  std::optional<Error> damaged_;  // set once, for good
  int commits_since_checkpoint_ = 0;
  std::optional<MonotonicTime> erased_at_;  // the log still holds it
};

}  // namespace tillsight
