/// \file
/// The till's memory: every event it ever made, chained, numbered and durable, and what of it head
/// office has not acknowledged yet. The journal is the truth; everything else is a copy.
///
/// **Ownership** Owns the only writing connection of its file, and with it the checkpoints.
///
/// **Threads** thread-bound. Others read through a JournalReader of their own.
///
/// **Errors** kResourceExhausted: the disk is full, nothing was written. kUnavailable: the medium
/// failed; what the file says now has been read back over a new connection, and the event is not
/// sold (see unsettled() for the one exception). kDataLoss: the file is damaged and takes no more
/// writes from this object; quarantine.hpp has what follows. kFailedPrecondition: the file is
/// another till's, or newer than this program.
///
/// **Example** tests/journal/journal_test.cpp, tests/journal/disk_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/domain/clock_correction.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/learnt_choice.hpp"
#include "tillsight/domain/refund.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/journal/disk.hpp"
#include "tillsight/journal/mirror.hpp"
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
  /// Of a journal that begins now: how many of this box were damaged before it. Its invoices are
  /// numbered anew, so the series stands in their numbers: T03-1001-… in the first one after.
  int series = 0;
  std::int64_t reserve_bytes = 0;  ///< journal/disk.hpp; 0: none
  int keep_days = 90;              ///< what the hub has is kept so long
  /// A folder on a second medium (journal/mirror.hpp): what is sold is there too before append()
  /// answers. If it fails, sales go on, under alarm. Empty: none.
  std::filesystem::path mirror = {};
};

/// What was known of somebody at this till.
struct ErasedCustomer {
  bool remembered = false;    ///< as a returning customer
  int sales = 0;              ///< that the hub has not stored yet
  bool in_open_sale = false;  ///< or in one on hold
};

class Journal {
 public:
  /// The log may be this long before it is an alarm. The till's own readers never hold it back.
  static constexpr std::int64_t kLogBytesMax = 16 * 1024 * 1024;

  /// Creates the file, under a new incarnation, if there is none. Checks that an existing one is
  /// this till's and that its last events are whole and linked. A full disk gets the reserve.
  /// \param random and \param clock must outlive the journal.
  static Result<Journal> open(const JournalSettings& settings, Random& random, const Clock& clock);

  /// Numbers, seals and stores the invoice as the next event, puts it into the outbox and replaces
  /// the counter's state, all or nothing. Durable when it returns.
  /// \return kInvalidArgument if the invoice breaks a law or would not fit one message, or if more
  /// would come back of a sale than was sold; kNotFound for a refund of what is not here.
  /// \param learnt what the sale teaches of the camera's words; stored with it.
  /// \param sold of a refund: the sale as head office knows it. Where this journal has the sale
  /// itself, only what came back elsewhere is taken from it. Null: head office was not asked.
  Result<Event> append(const Invoice& invoice, std::string_view counter_state_json,
                       std::span<const LearntChoice> learnt = {},
                       const SoldInvoice* sold = nullptr);

  /// The same for the day's books. A Z's sums are those of the events since the Z before it, as
  /// they lie in the file.
  Result<Event> append(const DayOpening& opening, std::string_view counter_state_json);
  Result<Event> append(const CashMovement& movement, std::string_view counter_state_json);
  Result<Event> append(const DayClosing& closing, std::string_view counter_state_json);
  /// What a Z would say now.
  Result<DaySums> day_sums();

  /// The receipt of this event was printed (once more).
  Status note_printed(Sequence sequence);

  /// The same for what the clock did; the counter stays as it is.
  Result<Event> append(const ClockCorrection& correction);
  /// What the clock said at the last event, for a ClockWatch that begins now. None: no event yet,
  /// or it cannot be read.
  std::optional<ClockReading> last_clock();
  /// Whether the medium failed during the last append() and does not even say whether the event is
  /// stored. Nobody may be told that it is not sold: call settle() until this is false again.
  bool unsettled() const { return unsettled_.has_value(); }
  /// \return the event, if it is stored; else why it is not sold, or kUnavailable and still
  /// unsettled().
  Result<Event> settle();

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

  /// What else there is to do when nobody waits, a slice at a time: the checkpoint, a new reserve
  /// once there is room, an ailing disk tried again, delivered events past their time let go.
  Status tend();

  const DiskState& disk() const { return disk_; }
  const std::filesystem::path& file() const { return settings_.file; }

  /// Somebody who reads has found the file damaged: it takes no more writes.
  void condemn(const Error& damage);

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
  struct Unsettled {
    Event event;
    Tail tail;
    Error why;
  };

  Journal(JournalSettings settings, Random& random, const Clock& clock, sql::Connection db);

  static Result<sql::Connection> connect(const JournalSettings& settings);
  Status adopt();
  Status adopt_identity();
  Status adopt_key();
  Status check_tail();
  Result<Tail> read_tail();
  Status ready_to_write();
  Status durably(const std::function<Status()>& write);
  Status remember(Status outcome);
  void judge_disk(const Status& outcome);
  Status ready_for_entry();
  Chain next_link(SaleKind kind) const;
  Result<Event> append_entry(const std::function<Event(const Chain&)>& seal_it,
                             std::string_view counter_state_json,
                             const std::function<Status(Sequence)>& also);
  Result<Event> store(Event event, const Tail& next,
                      const std::function<Status(const Event&)>& write);
  Status write(const Event& event, const Tail& tail, const Invoice& invoice,
               std::string_view counter_state_json, std::span<const LearntChoice> learnt);
  Status insert_event(const Event& event, const Tail& tail);
  Status write_counter_state(std::string_view json);
  EventIdentity identity(Sequence sequence) const;
  Status remember_customer(const Customer& customer);
  Status forget();
  Status forget_customers();
  Status empty_log();
  Result<int> erase_from_events(std::string_view phone);
  Result<bool> erase_from_counter(std::string_view phone);
  Status check_mirror();
  void mirror(const Event& event);
  Status tend_mirror();
  Result<bool> catch_up_mirror();
  void lose_mirror(const Error& why);
  Status probe();
  void show_warnings();
  Status look_at_log(const sql::WalState& state);
  Status prune();
  Status mark_day(const std::string& today);
  Result<bool> prune_slice(const std::string& last_day);

  // Constant after open().
  JournalSettings settings_;
  Incarnation incarnation_;
  int series_ = 0;
  Random* random_;
  const Clock* clock_;

  sql::Connection db_;
  Tail tail_;
  bool tail_known_ = true;              // false after a failed write, until the file was asked
  std::optional<Unsettled> unsettled_;  // the file could not be asked
  std::optional<Error> damaged_;        // set once, for good
  journal::Reserve reserve_;
  DiskState disk_;
  int commits_since_checkpoint_ = 0;
  std::optional<MonotonicTime> erased_at_;  // the log still holds it
  std::optional<journal::Mirror> mirror_;   // none: there is none, or it has failed
  Sequence mirrored_;                       // what is in the outbox up to here is in it
  MonotonicTime mirror_at_ = MonotonicTime::min();
  std::string log_warning_;
  std::string mirror_warning_;
  MonotonicTime prune_at_ = MonotonicTime::min();
  std::string marked_day_;
};

}  // namespace tillsight
