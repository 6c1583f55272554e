// What the journal does with persons: keeps them encrypted, and lets go of them. The rest is
// journal.cpp.
#include <chrono>
#include <utility>
#include <vector>

#include "journal/personal.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Gone a minute after the hub had it, counting the second in which nobody calls.
constexpr seconds kForgetAfter{55};
// The clerk must not wait for somebody who reads: it is tried again soon.
constexpr milliseconds kReaderPatience{50};
constexpr seconds kForgetAgain{5};

std::int64_t day_of(UtcTime time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

bool is(const std::optional<Customer>& customer, std::string_view phone) {
  return customer && customer->phone == phone;
}

}  // namespace

/// Finds or makes the journal's own key if it was given none, and puts everything under the key.
Status Journal::adopt_key() {
  const std::filesystem::path own_file = journal::own_key_file(settings_.file);
  const bool provisioned = settings_.personal_key.has_value();
  std::optional<SecretKey> own;
  const bool exists = std::filesystem::exists(own_file);
  if (!provisioned && !exists) TILLSIGHT_TRY(journal::expect_nothing_encrypted(db_));
  if (!provisioned || exists) {
    TILLSIGHT_ASSIGN(own, load_or_make_key(own_file, *random_));
  }
  if (!provisioned) settings_.personal_key = own;
  TILLSIGHT_TRY(
      journal::adopt_key(db_, identity(Sequence(0)), *settings_.personal_key, own, *random_));
  std::error_code ignored;
  if (provisioned && own) std::filesystem::remove(own_file, ignored);
  // Whether something deleted stood in the log when the till last stopped, nobody remembers.
  erased_at_ = clock_->monotonic_now();
  return forget_customers();
}

/// \pre a transaction is open
Status Journal::remember_customer(const Customer& customer) {
  const bool nameless = customer.first_name.empty() && customer.last_name.empty();
  if (nameless || settings_.customers_kept_days == 0) return {};
  return journal::remember_customer(db_, *settings_.personal_key, customer,
                                    day_of(clock_->utc_now()), *random_);
}

Status Journal::forget_customers() {
  // A clock of 1970 or of 2036 must not decide who has stayed away.
  if (!clock_->trusted() && settings_.customers_kept_days > 0) return {};
  TILLSIGHT_ASSIGN(sql::Statement forget, db_.prepare("DELETE FROM customer WHERE seen_day < ?"));
  const std::int64_t today = day_of(clock_->utc_now());
  const std::int64_t oldest =
      settings_.customers_kept_days == 0 ? today + 1 : today - settings_.customers_kept_days;
  return forget.bind(oldest).run();
}

/// In idle time: what was deleted leaves the log too.
Status Journal::forget() {
  const MonotonicTime now = clock_->monotonic_now();
  if (!erased_at_ || now < *erased_at_ + kForgetAfter) return {};
  TILLSIGHT_TRY(durably([&] { return forget_customers(); }));
  const Status emptied = empty_log();
  if (emptied.ok() || emptied.error().code() != Code::kAborted) return emptied;
  erased_at_ = now - kForgetAfter + kForgetAgain;
  return {};
}

Status Journal::empty_log() {
  TILLSIGHT_TRY(db_.execute(format("PRAGMA busy_timeout = {}", kReaderPatience.count())));
  const auto emptied = db_.checkpoint(sql::Checkpoint::kTruncate);
  TILLSIGHT_TRY(
      db_.execute(format("PRAGMA busy_timeout = {}", sql::Options().busy_timeout.count())));
  if (!emptied.ok()) {
    return emptied.error().code() == Code::kAborted ? Status(emptied.error())
                                                    : remember(emptied.error());
  }
  erased_at_.reset();
  commits_since_checkpoint_ = 0;
  return {};
}

Result<ErasedCustomer> Journal::erase_customer(std::string_view phone) {
  ErasedCustomer erased;
  const auto all_of_it = [&]() -> Status {
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
    TILLSIGHT_ASSIGN(erased.remembered,
                     journal::forget_customer(db_, *settings_.personal_key, phone));
    TILLSIGHT_ASSIGN(erased.sales, erase_from_events(phone));
    TILLSIGHT_ASSIGN(erased.in_open_sale, erase_from_counter(phone));
    return all.commit();
  };
  TILLSIGHT_TRY(durably(all_of_it));
  TILLSIGHT_TRY(empty_log());
  return erased;
}

/// \pre a transaction is open
Result<int> Journal::erase_from_events(std::string_view phone) {
  TILLSIGHT_ASSIGN(sql::Statement rows, db_.prepare("SELECT sequence, sealed, personal, type "
                                                    "FROM event WHERE personal <> ''"));
  std::vector<std::int64_t> theirs;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) break;
    Event event;
    event.identity = identity(Sequence(rows.integer(0)));
    event.sealed = rows.text(1);
    event.type = rows.text(3);
    const auto personal = journal::reveal(*settings_.personal_key, event.identity, rows.text(2));
    if (!personal.ok() || !holds_invoice(event.type)) continue;
    event.personal = *personal;
    const auto opened = tillsight::open(event);
    if (opened.ok() && is(opened->invoice.customer, phone)) theirs.push_back(rows.integer(0));
  }
  TILLSIGHT_ASSIGN(sql::Statement erase,
                   db_.prepare("UPDATE event SET personal = '' WHERE sequence = ?"));
  for (const std::int64_t sequence : theirs) TILLSIGHT_TRY(erase.bind(sequence).run());
  return static_cast<int>(theirs.size());
}

/// \pre a transaction is open
Result<bool> Journal::erase_from_counter(std::string_view phone) {
  TILLSIGHT_ASSIGN(const std::string saved, counter_state());
  if (saved.empty()) return false;
  auto state = parse_counter_state(saved);
  if (!state.ok()) return false;  // a counter that cannot be restored is not
  bool found = is(state->customer, phone);
  if (found) state->customer.reset();
  for (HeldSale& sale : state->held) {
    if (!is(sale.customer, phone)) continue;
    sale.customer.reset();
    found = true;
  }
  if (found) TILLSIGHT_TRY(write_counter_state(to_json(*state)));
  return found;
}

}  // namespace tillsight
