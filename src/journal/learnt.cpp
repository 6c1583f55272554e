#include "journal/learnt.hpp"

namespace tillsight::journal {

Status learn(sql::Connection& db, const Invoice& invoice, std::span<const LearntChoice> learnt) {
  if (invoice.kind != SaleKind::kSale) return {};
  TILLSIGHT_ASSIGN(sql::Statement sold,
                   db.prepare("INSERT INTO popular (sku, pieces) VALUES (?, ?)"
                              " ON CONFLICT DO UPDATE SET pieces = pieces + excluded.pieces"));
  for (const InvoiceLine& line : invoice.lines) {
    TILLSIGHT_TRY(sold.bind(line.sku.value(), line.quantity).run());
  }
  TILLSIGHT_ASSIGN(sql::Statement chosen,
                   db.prepare("INSERT INTO choice (label, sku, count, last) VALUES (?, ?, ?, ?)"
                              " ON CONFLICT DO UPDATE SET count = count + excluded.count,"
                              " last = excluded.last"));
  const std::string day = to_string(invoice.business_date);
  for (const LearntChoice& choice : learnt) {
    TILLSIGHT_TRY(chosen.bind(choice.label, choice.sku.value(), choice.count, day).run());
  }
  return {};
}

Result<std::vector<LearntChoice>> read_choices(sql::Connection& db) {
  TILLSIGHT_ASSIGN(sql::Statement rows, db.prepare("SELECT label, sku, count FROM choice"));
  std::vector<LearntChoice> choices;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return choices;
    choices.push_back({std::string(rows.text(0)), Sku(std::string(rows.text(1))), rows.integer(2)});
  }
}

Result<std::vector<Sku>> read_popular(sql::Connection& db, int count_max) {
  TILLSIGHT_ASSIGN(sql::Statement rows,
                   db.prepare("SELECT sku FROM popular ORDER BY pieces DESC, sku LIMIT ?"));
  rows.bind(count_max);
  std::vector<Sku> skus;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return skus;
    skus.emplace_back(std::string(rows.text(0)));
  }
}

}  // namespace tillsight::journal
