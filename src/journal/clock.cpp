// What the journal writes down of the clock: corrections, as events among the others. The rest is
// journal.cpp.
#include "journal/schema.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight {

Result<Event> Journal::append(const ClockCorrection& correction) {
  TILLSIGHT_TRY(ready_to_write());
  const Chain link{identity(Sequence(tail_.sequence.value() + 1)), {}, tail_.hash};
  Event event = seal(correction, link);
  const Tail next{link.identity.sequence, tail_.invoice_count, hash(event)};
  return store(std::move(event), next, [&](const Event& sealed) -> Status {
    TILLSIGHT_ASSIGN(sql::Transaction all, sql::Transaction::begin(db_));
    TILLSIGHT_TRY(insert_event(sealed, next));
    return all.commit();
  });
}

std::optional<ClockReading> Journal::last_clock() {
  auto last =
      db_.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS " FROM event ORDER BY sequence DESC LIMIT 1");
  if (!last.ok()) return std::nullopt;
  const auto found = last->step();
  if (!found.ok() || !*found) return std::nullopt;
  const auto clock = clock_of(journal::event_of(*last, identity(Sequence(0))));
  return clock.ok() ? std::optional(*clock) : std::nullopt;
}

}  // namespace tillsight
