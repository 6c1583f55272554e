#include "hub/sales.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "hub/day_books.hpp"
#include "tillsight/domain/clock_correction.hpp"

namespace tillsight::hub {
namespace {

std::optional<std::int64_t> id_of(const std::optional<PersonRef>& person) {
  return person ? std::optional(person->id) : std::nullopt;
}

/// \return whether the row is new; false: this identity is stored already.
Result<bool> insert_event(sql::Connection& db, std::int64_t journal_row, const Delivered& delivered,
                          const Digest& hash, const std::string& now) {
  const Event& event = delivered.event;
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO event (journal_id, sequence, type, happened_at, "
                              "received_at, hash, previous, sealed, notes) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (journal_id, sequence) DO NOTHING"));
  insert.bind(journal_row, event.identity.sequence.value(), event.type, event.time, now,
              std::span(hash), std::span(delivered.previous), event.sealed, event.notes);
  TILLSIGHT_TRY(insert.run());
  return db.changes() == 1;
}

Status insert_lines(sql::Connection& db, std::int64_t event_row, const Invoice& invoice) {
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO line (event_id, line, sku, item, aisle, quantity, "
                              "list_price, discount, tax_bp, net, tax, gross, catalogue, entry, "
                              "confidence, seen, discount_reason, discount_by, of_line) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  int number = 0;
  for (const InvoiceLine& line : invoice.lines) {
    // The sealed text has four decimals; a float as a double would show its binary tail.
    const double confidence = std::round(double{line.confidence} * 1e4) / 1e4;
    insert.bind(event_row, ++number, line.sku.value(), line.item, line.aisle, line.quantity,
                line.list_price.minor_units(), line.discount.minor_units(), line.tax_rate.value(),
                line.net.minor_units(), line.tax.minor_units(), line.gross.minor_units(),
                line.catalogue, name(line.entry), confidence, line.seen, line.discount_reason,
                line.discount_by, line.of_line);
    TILLSIGHT_TRY(insert.run());
  }
  return {};
}

Status insert_tenders(sql::Connection& db, std::int64_t event_row, const Invoice& invoice) {
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT INTO tender (event_id, tender, type, amount, "
                                           "change) VALUES (?, ?, ?, ?, ?)"));
  int number = 0;
  for (const Tender& tender : invoice.tenders) {
    insert.bind(event_row, ++number, tender.type, tender.amount.minor_units(),
                tender.change.minor_units());
    TILLSIGHT_TRY(insert.run());
  }
  return {};
}

Status insert_invoice(sql::Connection& db, std::int64_t event_row, const Invoice& invoice,
                      const Booked& booked, const std::optional<PersonRef>& person) {
  TILLSIGHT_ASSIGN(
      auto insert,
      db.prepare(
          "INSERT INTO invoice (event_id, store, till, invoice_no, generation, count, kind, "
          "business_date, date, time, weekday, time_zone, utc, clock_trusted, cashier, "
          "customer, person, currency, net, tax, gross, rounding, reason, boot_id, "
          "monotonic_ms, refund_of, unlinked, approver, removed, origin) VALUES (?, ?, ?, ?, ?, ?, "
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const auto& parts = booked.parts;
  insert.bind(event_row, booked.store.value(), booked.till.value(), booked.invoice_no,
              parts ? std::optional(parts->generation) : std::nullopt,
              parts ? std::optional(parts->count) : std::nullopt, name(invoice.kind),
              to_string(invoice.business_date), to_string(invoice.at.local.date),
              time_of_day_text(invoice.at.local.time_of_day),
              weekday_name(invoice.at.local.weekday), invoice.at.time_zone,
              to_iso8601(invoice.at.utc), int{invoice.at.clock_trusted}, invoice.cashier,
              person ? std::optional(person->pseudonym) : std::nullopt, id_of(person),
              invoice.currency, invoice.net.minor_units(), invoice.tax.minor_units(),
              invoice.gross.minor_units(), invoice.rounding.minor_units(), invoice.reason,
              invoice.at.boot_id, invoice.at.monotonic.count(),
              invoice.refund_of ? std::optional(to_string(*invoice.refund_of)) : std::nullopt,
              int{invoice.unlinked}, invoice.approver, std::ssize(invoice.removed), booked.origin);
  TILLSIGHT_TRY(insert.run());
  TILLSIGHT_TRY(insert_lines(db, event_row, invoice));
  return insert_tenders(db, event_row, invoice);
}

Booked booked_by_till(const Opened& opened) {
  const auto& [identity, number, previous] = opened.chain;
  Booked booked{identity.store, identity.till, {}, number, "till"};
  if (number) booked.invoice_no = to_string(*number);
  return booked;
}

/// The same event again, perhaps with more to tell about its way: the newest word of each note is
/// kept. What would grow without end is not.
Status add_notes(sql::Connection& db, std::int64_t event_row, const std::string& notes) {
  constexpr int kNotesBytes = 1024;
  if (notes.empty()) return {};
  TILLSIGHT_ASSIGN(auto merge,
                   db.prepare("UPDATE event SET notes = json_patch(iif(notes = '', '{}', notes), "
                              "?2) WHERE id = ?1 AND length(notes) + length(?2) <= ?3"));
  return merge.bind(event_row, notes, kNotesBytes).run();
}

Status insert_clock_correction(sql::Connection& db, std::int64_t event_row, const Event& event) {
  TILLSIGHT_ASSIGN(const ClockCorrection correction, open_clock_correction(event));
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO clock_correction (event_id, boot_id, monotonic_ms, "
                              "utc_before, utc_after, trusted, boot_utc_ms) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?)"));
  const ClockReading& now = correction.now;
  const UtcTime boot = reckon(now, std::chrono::milliseconds(0));
  return insert
      .bind(event_row, now.boot_id, now.monotonic.count(), to_iso8601(correction.before),
            to_iso8601(now.utc), int{now.trusted}, boot.time_since_epoch().count())
      .run();
}

/// The identity is taken: by the same bytes, or by others.
Result<Kept> keep_again(sql::Connection& db, std::int64_t journal_row, const Delivered& delivered,
                        const Digest& hash, const std::optional<PersonRef>& person,
                        const std::string& now) {
  const Event& event = delivered.event;
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT id, hash FROM event WHERE journal_id = ? AND "
                                         "sequence = ?"));
  find.bind(journal_row, event.identity.sequence.value());
  TILLSIGHT_ASSIGN(const bool found, find.step());
  TILLSIGHT_CHECK(found, "an event that could not be inserted is not there either");
  if (std::ranges::equal(find.blob(1), hash)) {
    TILLSIGHT_TRY(add_notes(db, find.integer(0), event.notes));
    return Kept::kDuplicate;
  }
  TILLSIGHT_ASSIGN(auto insert,
                   db.prepare("INSERT INTO conflict (event_id, hash, type, sealed, notes, person, "
                              "received_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT (event_id, hash) DO NOTHING"));
  insert.bind(find.integer(0), std::span(hash), event.type, event.sealed, event.notes,
              id_of(person), now);
  TILLSIGHT_TRY(insert.run());
  return Kept::kConflict;
}

}  // namespace

Result<Kept> keep_event(sql::Connection& db, SalesSums& sums, std::int64_t journal_row,
                        const Delivered& delivered, const Digest& digest,
                        const std::optional<PersonRef>& person, const std::string& now) {
  TILLSIGHT_ASSIGN(const bool is_new, insert_event(db, journal_row, delivered, digest, now));
  if (!is_new) return keep_again(db, journal_row, delivered, digest, person, now);
  const std::int64_t event_row = db.last_insert_id();
  if (delivered.opened) {
    TILLSIGHT_TRY(
        sums.add(event_row, booked_by_till(*delivered.opened), delivered.opened->invoice, person));
  }
  TILLSIGHT_TRY(insert_columns(db, event_row, delivered.event, delivered.opened, person));
  return Kept::kNew;
}

Status insert_columns(sql::Connection& db, std::int64_t event_row, const Event& event,
                      const std::optional<Opened>& opened, const std::optional<PersonRef>& person) {
  if (opened) {
    return insert_invoice(db, event_row, opened->invoice, booked_by_till(*opened), person);
  }
  if (event.type == kClockCorrectionType) return insert_clock_correction(db, event_row, event);
  return insert_day_book(db, event_row, event);
}

Status insert_imported(sql::Connection& db, SalesSums& sums, std::int64_t event_row,
                       const ImportedInvoice& imported, const std::optional<PersonRef>& person) {
  const ImportSource& source = imported.source;
  const Booked booked{source.store, source.till, imported.number, {}, name(source.origin)};
  TILLSIGHT_TRY(sums.add(event_row, booked, imported.invoice, person));
  return insert_invoice(db, event_row, imported.invoice, booked, person);
}

Result<bool> holds_event(sql::Connection& db, std::int64_t journal_row, const Event& event) {
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT 1 FROM event WHERE journal_id = ? AND "
                                         "sequence = ? AND hash = ?"));
  const Digest digest = hash(event);
  return find.bind(journal_row, event.identity.sequence.value(), std::span(digest)).step();
}

Result<std::int64_t> rename_customer(sql::Connection& db, std::string_view pseudonym,
                                     std::string_view to) {
  TILLSIGHT_ASSIGN(auto rename, db.prepare("UPDATE invoice SET customer = ?2, person = NULL "
                                           "WHERE customer = ?1"));
  TILLSIGHT_TRY(rename.bind(pseudonym, to).run());
  const std::int64_t invoices = db.changes();
  TILLSIGHT_TRY(rename_in_sums(db, pseudonym, to));
  if (invoices == 0) return invoices;
  TILLSIGHT_ASSIGN(auto note, db.prepare("INSERT INTO customer_change (customer) VALUES (?)"));
  TILLSIGHT_TRY(note.bind(to).run());
  return invoices;
}

}  // namespace tillsight::hub
