#include "tillsight/domain/audit.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tillsight {
namespace {

/// Running, so that a million events need no memory.
Digest digest_of(const Digest& so_far, const Digest& next) {
  std::string bytes(2 * so_far.size(), '\0');
  const auto out = std::as_writable_bytes(std::span(bytes));
  std::ranges::copy(so_far, out.begin());
  std::ranges::copy(next, out.begin() + static_cast<std::ptrdiff_t>(so_far.size()));
  return sha256(bytes);
}

void add_line(PeriodSums& sums, const InvoiceLine& line, std::int64_t sign) {
  Amounts& rate = sums.by_tax_bp[line.tax_rate.value()];
  rate.net += sign * line.net.minor_units();
  rate.tax += sign * line.tax.minor_units();
  rate.gross += sign * line.gross.minor_units();
}

void add_invoice(PeriodSums& sums, const Invoice& invoice) {
  if (invoice.kind == SaleKind::kVoid) {
    ++sums.voids;
    return;
  }
  // What comes back is taken off the day on which it does.
  const std::int64_t sign = invoice.kind == SaleKind::kRefund ? -1 : 1;
  sums.sales += sign > 0 ? 1 : 0;
  sums.sold.net += sign * invoice.net.minor_units();
  sums.sold.tax += sign * invoice.tax.minor_units();
  sums.sold.gross += sign * invoice.gross.minor_units();
  for (const InvoiceLine& line : invoice.lines) add_line(sums, line, sign);
}

using JournalKey = std::tuple<StoreId, TillId, Incarnation>;

std::set<JournalKey> keys_of(const Audit& audit) {
  std::set<JournalKey> keys;
  for (const AuditedJournal& journal : audit.journals) {
    keys.emplace(journal.store, journal.till, journal.incarnation);
  }
  return keys;
}

bool is_incomplete(const PeriodKey& key, const Audit& audit) {
  return std::ranges::any_of(audit.journals, [&](const AuditedJournal& journal) {
    return journal.incarnation == key.incarnation && !journal.incomplete_to.empty() &&
           key.business_date <= journal.incomplete_to;
  });
}

std::string sums_text(const PeriodSums& sums) {
  return format("{} events, {} sales of {} minor units, digest {}", sums.events, sums.sales,
                sums.sold.gross, to_hex(sums.digest).substr(0, 16));
}

}  // namespace

std::string to_string(const PeriodKey& key) {
  return format("{}/{}/{} {} {}", key.store.value(), key.till.value(), key.incarnation.value(),
                key.business_date, key.currency);
}

JournalAuditor::JournalAuditor(Audit& audit, StoreId store, TillId till, Incarnation incarnation)
    : audit_(audit),
      store_(std::move(store)),
      till_(std::move(till)),
      incarnation_(std::move(incarnation)) {
  day_.first = 1;
  audit_.journals.push_back({store_, till_, incarnation_});
}

void JournalAuditor::begin_after(Sequence last, const Digest& hash) {
  was_pruned_ = true;
  day_.first = last.value() + 1;
  day_whole_ = false;
  before_ = last.value();
  hash_before_ = hash;
}

void JournalAuditor::report(std::int64_t sequence, std::string_view what) {
  const EventIdentity place{store_, till_, incarnation_, Sequence(sequence)};
  audit_.problems.push_back(format("event {}: {}", to_string(place), what));
}

std::optional<Opened> JournalAuditor::take(const Event& event, const Digest& stored_hash) {
  const std::int64_t sequence = event.identity.sequence.value();
  const Digest digest = hash(event);
  if (digest != stored_hash) report(sequence, "is not what was sealed, its hash is another");
  std::optional<Opened> opened;
  if (const auto chain = open_chain(event); !chain.ok()) {
    report(sequence, chain.error().message());
  } else {
    check_chain(*chain, event);
  }
  if (holds_invoice(event.type)) {
    Event nameless = event;
    nameless.personal.clear();
    auto read = open(nameless);
    if (!read.ok()) report(sequence, read.error().message());
    if (read.ok()) opened = std::move(read).value();
  }
  check_z(event, opened);
  add(event, opened, digest);
  seen_.insert(event.identity.sequence);
  before_ = sequence;
  hash_before_ = digest;
  return opened;
}

void JournalAuditor::check_chain(const Chain& chain, const Event& event) {
  const std::int64_t sequence = event.identity.sequence.value();
  if (chain.identity != event.identity) {
    report(sequence, "was sealed as " + to_string(chain.identity));
  }
  const bool follows = sequence == before_ + 1;
  if (follows && chain.previous != hash_before_) {
    report(sequence, "does not continue the one before it");
  }
  if (!follows) invoice_count_.reset();
  check_invoice_number(chain);
}

/// A Z must be what its events add up to. One whose events are not all here proves nothing.
void JournalAuditor::check_z(const Event& event, const std::optional<Opened>& opened) {
  const std::int64_t sequence = event.identity.sequence.value();
  if (sequence != before_ + 1) day_whole_ = false;
  if (const Status added = add_event(day_, event, opened); !added.ok()) {
    report(sequence, added.error().message());
    day_whole_ = false;
  }
  if (event.type != kZType) return;
  const auto z = open_z(event);
  if (!z.ok()) {
    report(sequence, z.error().message());
  } else if (z->number == 1 && z->sums.first > day_.first) {
    // The till had let old events go before its first Z.
    audit_.remarks.push_back(format("{}/{}: Z 1 begins at event {}; it is not added up again",
                                    store_.value(), till_.value(), z->sums.first));
  } else if (day_whole_) {
    const std::string wrong = difference(z->sums, day_);
    if (!wrong.empty()) report(sequence, format("is Z {} and {}", z->number, wrong));
  }
  day_ = {};
  day_.first = sequence + 1;
  day_whole_ = true;
}

void JournalAuditor::check_invoice_number(const Chain& chain) {
  if (!chain.invoice_no) return;
  const std::int64_t count = chain.invoice_no->count;
  if (invoice_count_ && count != *invoice_count_ + 1) {
    report(chain.identity.sequence.value(),
           format("has invoice number {}, after number {} of the sale before it",
                  to_string(*chain.invoice_no), *invoice_count_));
  }
  invoice_count_ = count;
}

void JournalAuditor::add(const Event& event, const std::optional<Opened>& opened,
                         const Digest& digest) {
  if (opened) {
    business_date_ = to_string(opened->invoice.business_date);
    currency_ = opened->invoice.currency;
  }
  // What is no invoice belongs to the day on which it happened: that of the invoice before it.
  PeriodSums& sums = audit_.periods[{store_, till_, incarnation_, business_date_, currency_}];
  ++sums.events;
  sums.digest = digest_of(sums.digest, digest);
  if (opened) add_invoice(sums, opened->invoice);
  AuditedJournal& journal = audit_.journals.back();
  // The day of the oldest sale that is left may have lost a part.
  if (was_pruned_ && journal.incomplete_to.empty()) journal.incomplete_to = business_date_;
  ++journal.events;
  journal.last = event.identity.sequence.value();
  journal.newest_hash = digest;
}

SequenceRanges JournalAuditor::finish() {
  return seen_;
}

std::vector<std::string> differences(const Audit& one, std::string_view name_of_one,
                                     const Audit& other, std::string_view name_of_other) {
  const std::set<JournalKey> ours = keys_of(one);
  const std::set<JournalKey> theirs = keys_of(other);
  const auto in_both = [&](const PeriodKey& key) {
    const JournalKey journal{key.store, key.till, key.incarnation};
    return ours.contains(journal) && theirs.contains(journal);
  };
  std::vector<std::string> found;
  std::set<PeriodKey> keys;
  for (const auto& [key, sums] : one.periods) keys.insert(key);
  for (const auto& [key, sums] : other.periods) keys.insert(key);
  std::erase_if(keys, [&](const PeriodKey& key) {
    return !in_both(key) || is_incomplete(key, one) || is_incomplete(key, other);
  });
  for (const PeriodKey& key : keys) {
    const auto here = one.periods.find(key);
    const auto there = other.periods.find(key);
    const PeriodSums sums_here = here == one.periods.end() ? PeriodSums() : here->second;
    const PeriodSums sums_there = there == other.periods.end() ? PeriodSums() : there->second;
    if (sums_here == sums_there) continue;
    found.push_back(format("{}: {} has {}; {} has {}", to_string(key), name_of_one,
                           sums_text(sums_here), name_of_other, sums_text(sums_there)));
  }
  const bool common =
      std::ranges::any_of(ours, [&](const auto& key) { return theirs.contains(key); });
  if (!common) {
    found.push_back(format("{} and {} have no journal in common", name_of_one, name_of_other));
  }
  return found;
}

}  // namespace tillsight
