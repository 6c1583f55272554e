#include "hub/sold.hpp"

#include <algorithm>

#include "tillsight/domain/limits.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::hub {
namespace {

/// Refunds that no till linked to the sale are not among them: which line they meant nobody knows.
/// Nor is what was imported: no till sealed it.
Status add_back(sql::Connection& db, const JournalId& asker, const std::string& number,
                answer::Sale& sale) {
  TILLSIGHT_ASSIGN(
      auto rows,
      db.prepare(
          "SELECT of_line, sum(quantity), sum(iif(till = ?3 AND incarnation = ?4, "
          "quantity, 0)) FROM (SELECT of_line, quantity, invoice.till, journal.incarnation "
          "FROM invoice JOIN line USING (event_id) JOIN event ON event.id = event_id "
          "JOIN journal ON journal.id = journal_id WHERE refund_of = ?1 AND "
          "invoice.store = ?2 AND kind = 'refund' AND NOT unlinked AND invoice.origin = 'till') "
          "GROUP BY of_line ORDER BY of_line"));
  rows.bind(number, asker.store.value(), asker.till.value(), asker.incarnation.value());
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    const auto line = rows.integer(0);
    if (line < 1 || line > static_cast<std::int64_t>(limits::kLinesPerSale)) continue;
    // Tills that did not hear of each other may have given back more than was sold.
    constexpr std::int64_t kMost = limits::kQuantityMax;
    const auto pieces = std::min(rows.integer(1), kMost);
    sale.back.push_back({static_cast<int>(line), static_cast<int>(pieces),
                         static_cast<int>(std::min(rows.integer(2), pieces))});
  }
}

}  // namespace

Result<std::optional<answer::Sale>> find_sale(sql::Connection& db, const JournalId& asker,
                                              const InvoiceNumber& number) {
  const std::string text = to_string(number);
  TILLSIGHT_ASSIGN(auto find,
                   db.prepare("SELECT sealed FROM invoice JOIN event ON event.id = "
                              "event_id WHERE invoice_no = ? AND store = ? AND "
                              "kind = 'sale' AND origin = 'till' ORDER BY event_id LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(text, asker.store.value()).step());
  if (!found) return std::optional<answer::Sale>();
  answer::Sale sale{std::string(find.text(0)), {}};
  TILLSIGHT_TRY(add_back(db, asker, text, sale));
  return std::optional(std::move(sale));
}

}  // namespace tillsight::hub
