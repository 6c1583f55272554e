// What the journal writes down besides sales and what the clock did: the day's books, and what was
// printed. The rest is journal.cpp.
#include "journal/day_sums.hpp"
#include "journal/schema.hpp"
#include "journal/sold.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {

/// Whatever is sealed: chained to the last event, and stored with the counter's state.
Result<Event> Journal::append_entry(const std::function<Event(const Chain&)>& seal_it,
                                    std::string_view counter_state_json,
                                    const std::function<Status(Sequence)>& also) {
  const Chain link{identity(Sequence(tail_.sequence.value() + 1)), {}, tail_.hash};
  Event event = seal_it(link);
  const Tail next{link.identity.sequence, tail_.invoice_count, hash(event)};
  return store(std::move(event), next, [&](const Event& sealed) -> Status {
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
    TILLSIGHT_TRY(insert_event(sealed, next));
    TILLSIGHT_TRY(write_counter_state(counter_state_json));
    if (also) TILLSIGHT_TRY(also(next.sequence));
    return all.commit();
  });
}

Result<Event> Journal::append(const DayOpening& opening, std::string_view counter_state_json) {
  TILLSIGHT_TRY(ready_for_entry());
  return append_entry([&](const Chain& chain) { return seal(opening, chain); }, counter_state_json,
                      {});
}

Result<Event> Journal::append(const CashMovement& movement, std::string_view counter_state_json) {
  TILLSIGHT_TRY(ready_for_entry());
  return append_entry([&](const Chain& chain) { return seal(movement, chain); }, counter_state_json,
                      {});
}

Result<Event> Journal::append(const DayClosing& closing, std::string_view counter_state_json) {
  TILLSIGHT_TRY(ready_for_entry());
  ZReport z;
  z.closing = closing;
  TILLSIGHT_ASSIGN(const journal::LastZ last, journal::read_last_z(db_));
  z.number = last.number + 1;
  TILLSIGHT_ASSIGN(z.sums, journal::read_day_sums(db_, tail_.sequence));
  ++z.sums.last;  // the Z itself
  TILLSIGHT_TRY(check(z.sums));
  const auto remember_z = [&](Sequence sequence) -> Status {
    TILLSIGHT_ASSIGN(sql::Statement replace,
                     db_.prepare("INSERT OR REPLACE INTO last_z (only_row, number, sequence)"
                                 " VALUES (1, ?, ?)"));
    return replace.bind(z.number, sequence.value()).run();
  };
  return append_entry([&](const Chain& chain) { return seal(z, chain); }, counter_state_json,
                      remember_z);
}

Result<DaySums> Journal::day_sums() {
  TILLSIGHT_TRY(ready_to_write());
  return journal::read_day_sums(db_, tail_.sequence);
}

Status Journal::note_printed(Sequence sequence) {
  return durably([&]() -> Status {
    TILLSIGHT_ASSIGN(sql::Statement note,
                     db_.prepare("INSERT INTO print (sequence, times, last) VALUES (?, 1, ?)"
                                 " ON CONFLICT DO UPDATE SET times = times + 1,"
                                 " last = excluded.last"));
    return note.bind(sequence.value(), to_iso8601(clock_->utc_now())).run();
  });
}

}  // namespace tillsight
