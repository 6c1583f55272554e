#include "journal/sold.hpp"

#include <algorithm>
#include <map>

#include "journal/schema.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::journal {
namespace {

constexpr std::string_view kSaleType = "tillsight.sale.v1";

/// The event that brought the count of invoices to `count`. The count never falls, so halving the
/// range finds it without an index that every sale would have to write.
Result<std::int64_t> sequence_of(sql::Connection& db, std::int64_t count) {
  TILLSIGHT_ASSIGN(sql::Statement ends, db.prepare("SELECT coalesce(min(sequence), 1),"
                                                   " coalesce(max(sequence), 0) FROM event"));
  TILLSIGHT_TRY(ends.step());
  std::int64_t first = ends.integer(0);
  std::int64_t last = ends.integer(1) + 1;
  while (first < last) {
    const std::int64_t middle = first + (last - first) / 2;
    TILLSIGHT_ASSIGN(sql::Statement at,
                     db.prepare("SELECT invoice_count FROM event WHERE sequence = ?"));
    TILLSIGHT_ASSIGN(const bool found, at.bind(middle).step());
    if (found && at.integer(0) < count) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

Status add_refunded(sql::Connection& db, SoldInvoice& sold) {
  TILLSIGHT_ASSIGN(sold.refunded, came_back_here(db, sold.number));
  sold.refunded.resize(sold.invoice.lines.size(), 0);
  return {};
}

/// The sale that `refund` is of, with all that anybody knows to have come back of it.
Result<SoldInvoice> origin_of(sql::Connection& db, const EventIdentity& identity,
                              const Invoice& refund, const SoldInvoice* elsewhere) {
  auto found = find_sale(db, identity, *refund.refund_of);
  if (elsewhere == nullptr) return found;
  if (!found.ok() && found.error().code() != Code::kNotFound) return found;
  SoldInvoice sold = found.ok() ? *std::move(found) : *elsewhere;
  if (elsewhere->number != *refund.refund_of ||
      elsewhere->refunded.size() != sold.invoice.lines.size()) {
    return error(Code::kInvalidArgument, "refund: head office's word is not about {}",
                 to_string(*refund.refund_of));
  }
  TILLSIGHT_ASSIGN(std::vector<int> here, came_back_here(db, sold.number));
  here.resize(sold.refunded.size(), 0);
  for (std::size_t i = 0; i < here.size(); ++i) {
    sold.refunded[i] = std::max(here[i], elsewhere->refunded[i]);
  }
  return sold;
}

Result<SoldInvoice> sold_at(sql::Connection& db, const EventIdentity& identity,
                            std::int64_t sequence) {
  TILLSIGHT_ASSIGN(sql::Statement find,
                   db.prepare("SELECT " TILLSIGHT_EVENT_COLUMNS " FROM event WHERE sequence = ?"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(sequence).step());
  if (!found) return error(Code::kNotFound, "{}: no such sale", db.file().string());
  Event event = event_of(find, identity);
  TILLSIGHT_TRY(check_hash(event, link_of(find), db.file()));
  event.personal.clear();
  if (event.type != kSaleType) {
    return error(Code::kNotFound, "{}: no such sale", db.file().string());
  }
  TILLSIGHT_ASSIGN(Opened opened, tillsight::open(event));
  SoldInvoice sold{
      event.identity.sequence, *opened.chain.invoice_no, std::move(opened.invoice), {}};
  TILLSIGHT_TRY(add_refunded(db, sold));
  TILLSIGHT_ASSIGN(sql::Statement printed,
                   db.prepare("SELECT times FROM print WHERE sequence = ?"));
  TILLSIGHT_ASSIGN(const bool was_printed, printed.bind(sequence).step());
  if (was_printed) sold.printed = static_cast<int>(printed.integer(0));
  return sold;
}

}  // namespace

Result<std::vector<int>> came_back_here(sql::Connection& db, const InvoiceNumber& number) {
  TILLSIGHT_ASSIGN(sql::Statement rows,
                   db.prepare("SELECT line, sum(quantity) FROM refund WHERE invoice_no = ? AND"
                              " line BETWEEN 1 AND ? GROUP BY line ORDER BY line"));
  rows.bind(to_string(number), static_cast<std::int64_t>(limits::kLinesPerSale));
  std::vector<int> back;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return back;
    back.resize(static_cast<std::size_t>(rows.integer(0)), 0);
    back.back() = static_cast<int>(rows.integer(1));
  }
}

Result<SoldInvoice> find_sale(sql::Connection& db, const EventIdentity& identity,
                              const InvoiceNumber& number) {
  TILLSIGHT_ASSIGN(const std::int64_t sequence, sequence_of(db, number.count));
  auto sold = sold_at(db, identity, sequence);
  // Another box's number, or one that was let go, ends at some other sale.
  if (sold.ok() && sold->number == number) return sold;
  if (!sold.ok() && sold.error().code() != Code::kNotFound) return sold;
  return error(Code::kNotFound, "this till has no invoice {}", to_string(number));
}

Result<SoldInvoice> find_last_sale(sql::Connection& db, const EventIdentity& identity) {
  TILLSIGHT_ASSIGN(sql::Statement last, db.prepare("SELECT max(invoice_count) FROM event"
                                                   " WHERE sequence ="
                                                   " (SELECT max(sequence) FROM event)"));
  TILLSIGHT_TRY(last.step());
  TILLSIGHT_ASSIGN(const std::int64_t sequence, sequence_of(db, last.integer(0)));
  return sold_at(db, identity, sequence);
}

Status insert_refund(sql::Connection& db, const Invoice& refund, Sequence sequence) {
  if (refund.kind != SaleKind::kRefund || refund.unlinked) return {};
  TILLSIGHT_ASSIGN(sql::Statement insert,
                   db.prepare("INSERT INTO refund (invoice_no, line, sequence, quantity)"
                              " VALUES (?, ?, ?, ?)"));
  for (const InvoiceLine& line : refund.lines) {
    TILLSIGHT_TRY(
        insert.bind(to_string(*refund.refund_of), line.of_line, sequence.value(), line.quantity)
            .run());
  }
  return {};
}

Status check_refund(sql::Connection& db, const EventIdentity& identity, const Invoice& refund,
                    const SoldInvoice* elsewhere) {
  if (refund.kind != SaleKind::kRefund || refund.unlinked) return {};
  TILLSIGHT_ASSIGN(const SoldInvoice sold, origin_of(db, identity, refund, elsewhere));
  std::map<int, int> back;
  for (const InvoiceLine& line : refund.lines) {
    const auto index = static_cast<std::size_t>(line.of_line - 1);
    if (index >= sold.invoice.lines.size() || back[line.of_line] != 0) {
      return error(Code::kInvalidArgument, "refund: line {} is not a line of {}, or stands twice",
                   line.of_line, to_string(sold.number));
    }
    back[line.of_line] = line.quantity;
    const InvoiceLine& origin = sold.invoice.lines[index];
    const int left = origin.quantity - sold.refunded[index];
    if (line.quantity > left) {
      return error(Code::kInvalidArgument,
                   "refund: {} of {} would come back, and {} were sold and have not come back",
                   line.quantity, origin.item, left);
    }
    const InvoiceLine due = refund_line(sold, line.of_line, line.quantity);
    if (line.sku != origin.sku || line.gross != due.gross) {
      return error(Code::kInvalidArgument,
                   "refund: line {} does not give back what was paid for it", line.of_line);
    }
  }
  return {};
}

}  // namespace tillsight::journal
