/// \file
/// What a till's journal, or head office's copy of it, proves: that the events are those that were
/// sealed, in an unbroken chain, and what they add up to. Both sides walk their events through the
/// same auditor, so that equal digests mean equal bytes.
///
/// A period is what one journal sold on one business date in one currency. Beside it each Z is
/// checked to the unit: whoever audits adds up the events that it covers, and must find its sums.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/sequence_ranges.hpp"

namespace tillsight {

struct PeriodKey {
  StoreId store;
  TillId till;
  Incarnation incarnation;
  std::string business_date;  ///< "2026-11-23"; empty: before the first sale
  std::string currency;
  friend auto operator<=>(const PeriodKey&, const PeriodKey&) = default;
};
std::string to_string(const PeriodKey& key);  ///< "S01/T03/9f… 2026-11-23 INR", for messages

struct PeriodSums {
  std::int64_t events = 0;  ///< all of them, also those that are no invoices
  std::int64_t sales = 0;
  std::int64_t voids = 0;
  Amounts sold;                      ///< by sales, minus what came back
  std::map<int, Amounts> by_tax_bp;  ///< the same by tax rate, 1800 = 18 %
  Digest digest{};                   ///< of the events' hashes, in order
  friend bool operator==(const PeriodSums&, const PeriodSums&) = default;
};

struct AuditedJournal {
  StoreId store;
  TillId till;
  Incarnation incarnation;
  std::int64_t events = 0;
  std::int64_t last = 0;  ///< highest sequence
  Digest newest_hash{};
  /// Of a journal that has let its oldest events go: up to this business date, included, it proves
  /// no sums. Empty: it has them all.
  std::string incomplete_to = {};
};

struct Audit {
  std::vector<AuditedJournal> journals;
  std::map<PeriodKey, PeriodSums> periods;
  /// What is not as it must be, each with its place, in the order of the journals.
  std::vector<std::string> problems;
  /// What the reader should know and what proves nothing against anybody.
  std::vector<std::string> remarks;
};

/// One journal's events on their way into an Audit.
class JournalAuditor {
 public:
  /// \param audit gets the result; must outlive the auditor.
  JournalAuditor(Audit& audit, StoreId store, TillId till, Incarnation incarnation);

  /// The events up to and including `last` were let go; the next is linked to `hash`.
  /// \pre before the first event
  void begin_after(Sequence last, const Digest& hash);

  /// \pre events come in order of sequence, each once.
  /// \param stored_hash the hash that lies beside the event.
  /// \return the invoice, if the event holds one and can be read.
  std::optional<Opened> take(const Event& event, const Digest& stored_hash);

  /// What the auditor has seen is all there is. \return the numbers that came.
  SequenceRanges finish();

  /// A problem at a place in this journal.
  void report(std::int64_t sequence, std::string_view what);

 private:
  void check_chain(const Chain& chain, const Event& event);
  void check_invoice_number(const Chain& chain);
  void check_z(const Event& event, const std::optional<Opened>& opened);
  void add(const Event& event, const std::optional<Opened>& opened, const Digest& digest);

  Audit& audit_;
  const StoreId store_;
  const TillId till_;
  const Incarnation incarnation_;

  SequenceRanges seen_;
  bool was_pruned_ = false;
  std::int64_t before_ = 0;  ///< sequence of the event before
  Digest hash_before_{};
  std::optional<std::int64_t> invoice_count_;  ///< of the newest sale; none: not known
  std::string business_date_;
  std::string currency_;
  DaySums day_;            ///< since the last Z
  bool day_whole_ = true;  ///< none of its events is missing
};

/// Compares what two sides say of the journals that both know, period by period.
/// \param name_of_one, name_of_other stand for them in messages.
/// \return every difference with its place; one line if they have no journal in common.
std::vector<std::string> differences(const Audit& one, std::string_view name_of_one,
                                     const Audit& other, std::string_view name_of_other);

}  // namespace tillsight
