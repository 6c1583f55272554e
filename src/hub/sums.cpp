#include "hub/sums.hpp"

#include <algorithm>

#include "tillsight/core/time_zone.hpp"

namespace tillsight::hub {
namespace {

// How much of '2026-11-23' names the day, its month, all time.
constexpr std::array<std::size_t, 3> kPeriods = {10, 7, 0};

/// A table of sums as its columns: what a row is for, and what is added up in it.
struct Columns {
  std::string_view table;
  std::vector<std::string_view> key;
  std::vector<std::string_view> sums;
};

std::string upsert(const Columns& columns) {
  std::string names, marks, changes;
  for (const auto* group : {&columns.key, &columns.sums}) {
    for (const std::string_view column : *group) {
      names += format("{}{}", names.empty() ? "" : ", ", column);
      marks += marks.empty() ? "?" : ", ?";
    }
  }
  for (const std::string_view sum : columns.sums) {
    changes += format("{}{} = {} + excluded.{}", changes.empty() ? "" : ", ", sum, sum, sum);
  }
  return format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO UPDATE SET {}", columns.table,
                names, marks, changes);
}

template <typename Rows>
Status write(sql::Connection& db, const Columns& columns, const Rows& rows) {
  const std::string sql = upsert(columns);
  for (const auto& [key, sums] : rows) {
    TILLSIGHT_ASSIGN(auto statement, db.prepare(sql));
    TILLSIGHT_TRY(statement.bind_each(key, sums).run());
  }
  return {};
}

template <typename Rows, typename Key>
void add_to(Rows& rows, Key key, const std::vector<std::int64_t>& values) {
  auto& row = rows.try_emplace(std::move(key), values.size(), 0).first->second;
  for (std::size_t i = 0; i < values.size(); ++i) row[i] += values[i];
}

/// What an invoice comes to, over its lines.
struct Basket {
  std::int64_t lines = 0;
  std::int64_t pieces = 0;
  std::int64_t discount = 0;
  std::int64_t corrected = 0;
  bool camera = false;   ///< it saw something of it
  bool touched = false;  ///< the clerk corrected something
};

Basket basket_of(const Invoice& invoice) {
  Basket basket;
  basket.touched = !invoice.removed.empty();
  for (const InvoiceLine& line : invoice.lines) {
    const bool corrected = !line.seen.empty();
    ++basket.lines;
    basket.pieces += line.quantity;
    basket.discount += line.discount.minor_units();
    basket.corrected += corrected;
    basket.camera |= corrected || line.entry == Entry::kCamera;
    basket.touched |= corrected || line.entry != Entry::kCamera;
  }
  return basket;
}

std::string day_of(const Invoice& invoice) {
  return to_string(invoice.business_date);
}

std::string month_of(const Invoice& invoice) {
  return day_of(invoice).substr(0, kPeriods[1]);
}

}  // namespace

Status SalesSums::add(std::int64_t event_row, const Booked& booked, const Invoice& invoice,
                      const std::optional<PersonRef>& person) {
  FirstVisits first{};
  if (person && invoice.kind == SaleKind::kSale) {
    TILLSIGHT_ASSIGN(first, first_visits(booked, invoice, *person));
    TILLSIGHT_TRY(add_person(invoice, *person));
  }
  if (person && invoice.kind != SaleKind::kVoid) {
    TILLSIGHT_TRY(add_visit(booked, invoice, *person));
  }
  add_periods(booked, invoice, first);
  add_till(booked, invoice);
  if (invoice.kind != SaleKind::kVoid) add_items(event_row, booked, invoice);
  return {};
}

void SalesSums::add_periods(const Booked& booked, const Invoice& invoice,
                            const FirstVisits& first) {
  const bool sale = invoice.kind == SaleKind::kSale;
  const bool refund = invoice.kind == SaleKind::kRefund;
  const Basket basket = basket_of(invoice);
  const std::int64_t sign = refund ? -1 : 1;
  const std::int64_t gross = invoice.gross.minor_units();
  for (std::size_t span = 0; span < kPeriods.size(); ++span) {
    const std::string period = day_of(invoice).substr(0, kPeriods[span]);
    for (const bool everywhere : {false, true}) {
      const std::string store = everywhere ? "" : booked.store.value();
      add_to(period_count_, Key{period, store},
             {sale, refund, !sale && !refund, first[span][everywhere], sale ? basket.lines : 0,
              sale || refund ? sign * basket.pieces : 0,
              (sale || refund) && booked.origin == "imported",
              (sale || refund) && booked.origin == "synthetic"});
      if (!sale && !refund) continue;
      add_to(period_money_, Key{period, store, invoice.currency},
             {sale ? gross : 0, refund ? gross : 0, sign * invoice.net.minor_units(),
              sign * invoice.tax.minor_units(), sale ? basket.discount : 0});
    }
  }
}

void SalesSums::add_till(const Booked& booked, const Invoice& invoice) {
  const bool sale = invoice.kind == SaleKind::kSale;
  const bool refund = invoice.kind == SaleKind::kRefund;
  const Basket basket = basket_of(invoice);
  const std::int64_t gross = invoice.gross.minor_units();
  const auto if_sold = [sale](std::int64_t value) { return sale ? value : 0; };
  add_to(day_till_,
         Key{day_of(invoice), booked.store.value(), booked.till.value(), invoice.cashier,
             invoice.currency},
         {sale, refund, !sale && !refund, if_sold(basket.lines), if_sold(basket.camera),
          if_sold(basket.camera && !basket.touched), if_sold(basket.corrected),
          if_sold(std::ssize(invoice.removed)), if_sold(gross), refund ? gross : 0,
          !sale && !refund ? gross : 0, if_sold(basket.discount)});
  if (!sale && !refund) return;
  const auto hour = std::chrono::floor<std::chrono::hours>(invoice.at.local.time_of_day);
  add_to(day_hour_,
         Key{day_of(invoice), booked.store.value(), format("{}", hour.count()), invoice.currency},
         {sale, if_sold(gross), refund ? gross : 0});
}

void SalesSums::add_items(std::int64_t event_row, const Booked& booked, const Invoice& invoice) {
  const bool refund = invoice.kind == SaleKind::kRefund;
  const std::string day = day_of(invoice);
  std::int64_t number = event_row << 16;
  for (const InvoiceLine& line : invoice.lines) {
    const std::int64_t gross = line.gross.minor_units();
    const std::int64_t pieces = line.quantity;
    add_to(day_item_, Key{day, booked.store.value(), line.sku.value(), invoice.currency},
           {!refund, refund ? -pieces : pieces, refund ? 0 : gross, refund ? gross : 0});
    products_[line.sku.value()] = {line.item, line.aisle, ++number};
  }
}

/// Reads at most a month's rows of one customer, unless they are new to a store.
Result<SalesSums::FirstVisits> SalesSums::first_visits(const Booked& booked, const Invoice& invoice,
                                                       const PersonRef& person) {
  TILLSIGHT_ASSIGN(auto find,
                   db_.prepare("SELECT store, days FROM visit WHERE customer = ? AND month = ? "
                               "AND days <> 0"));
  find.bind(person.pseudonym, month_of(invoice));
  const auto today = std::int64_t{1} << static_cast<unsigned>(invoice.business_date.day());
  FirstVisits first;
  for (auto& places : first) places.fill(true);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, find.step());
    if (!row) break;
    const bool same_day = (find.integer(1) & today) != 0;
    for (const bool everywhere : {false, true}) {
      if (!everywhere && find.text(0) != booked.store.value()) continue;
      first[1][everywhere] = first[2][everywhere] = false;
      if (same_day) first[0][everywhere] = false;
    }
  }
  if (!first[2][0]) return first;
  TILLSIGHT_ASSIGN(auto ever, db_.prepare("SELECT store = ? FROM visit WHERE customer = ? "
                                          "AND days <> 0 GROUP BY 1"));
  ever.bind(booked.store.value(), person.pseudonym);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, ever.step());
    if (!row) return first;
    first[2][1] = false;
    if (ever.integer(0) != 0) first[2][0] = false;
  }
}

Status SalesSums::add_visit(const Booked& booked, const Invoice& invoice, const PersonRef& person) {
  const bool sale = invoice.kind == SaleKind::kSale;
  const auto today = std::int64_t{1} << static_cast<unsigned>(invoice.business_date.day());
  const std::int64_t gross = invoice.gross.minor_units();
  TILLSIGHT_ASSIGN(
      auto upsert,
      db_.prepare("INSERT INTO visit (customer, month, store, currency, days, sales, sold, "
                  "refunded) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                  "days = days | excluded.days, sales = sales + excluded.sales, "
                  "sold = sold + excluded.sold, refunded = refunded + excluded.refunded"));
  return upsert
      .bind(person.pseudonym, month_of(invoice), booked.store.value(), invoice.currency,
            sale ? today : 0, int{sale}, sale ? gross : 0, sale ? 0 : gross)
      .run();
}

Status SalesSums::add_person(const Invoice& invoice, const PersonRef& person) {
  add_to(person_money_, Key{format("{}", person.id), invoice.currency},
         {invoice.gross.minor_units()});
  TILLSIGHT_ASSIGN(auto upsert,
                   db_.prepare("INSERT INTO person_count (person, customer, sales, last_date) "
                               "VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET sales = sales + 1, "
                               "last_date = max(last_date, excluded.last_date)"));
  return upsert.bind(person.id, person.pseudonym, day_of(invoice)).run();
}

Status SalesSums::save_products() {
  for (const auto& [sku, product] : products_) {
    TILLSIGHT_ASSIGN(
        auto upsert,
        db_.prepare("INSERT INTO product (sku, item, aisle, newest) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET item = excluded.item, aisle = excluded.aisle, "
                    "newest = excluded.newest"));
    TILLSIGHT_TRY(upsert.bind(sku, product.item, product.aisle, product.newest).run());
  }
  return {};
}

Status SalesSums::save() {
  TILLSIGHT_TRY(save_products());
  TILLSIGHT_TRY(write(
      db_,
      {"period_count",
       {"period", "store"},
       {"sales", "refunds", "voids", "customers", "lines", "pieces", "imported", "synthetic"}},
      period_count_));
  TILLSIGHT_TRY(write(db_,
                      {"period_money",
                       {"period", "store", "currency"},
                       {"sold", "refunded", "net", "tax", "discount"}},
                      period_money_));
  TILLSIGHT_TRY(write(db_,
                      {"day_till",
                       {"date", "store", "till", "cashier", "currency"},
                       {"sales", "refunds", "voids", "lines", "camera_sales", "no_touch_sales",
                        "corrected", "removed", "sold", "refunded", "voided", "discount"}},
                      day_till_));
  TILLSIGHT_TRY(
      write(db_, {"day_hour", {"date", "store", "hour", "currency"}, {"sales", "sold", "refunded"}},
            day_hour_));
  TILLSIGHT_TRY(write(
      db_,
      {"day_item", {"date", "store", "sku", "currency"}, {"lines", "pieces", "sold", "refunded"}},
      day_item_));
  return write(db_, {"person_money", {"person", "currency"}, {"sold"}}, person_money_);
}

Status rename_in_sums(sql::Connection& db, std::string_view pseudonym, std::string_view to) {
  TILLSIGHT_ASSIGN(auto visits, db.prepare("UPDATE visit SET customer = ?2 WHERE customer = ?1"));
  TILLSIGHT_TRY(visits.bind(pseudonym, to).run());
  TILLSIGHT_ASSIGN(auto money,
                   db.prepare("DELETE FROM person_money WHERE person IN (SELECT person FROM "
                              "person_count WHERE customer = ?)"));
  TILLSIGHT_TRY(money.bind(pseudonym).run());
  TILLSIGHT_ASSIGN(auto counts, db.prepare("DELETE FROM person_count WHERE customer = ?"));
  return counts.bind(pseudonym).run();
}

}  // namespace tillsight::hub
