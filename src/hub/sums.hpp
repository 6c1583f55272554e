/// \file
/// The sums of hub.db (schema_sums.hpp), brought forward by what one transaction adds.
///
/// A batch has many invoices of few days, so what they add is gathered in memory and written once a
/// row. Who came for the first time is looked up, one row a customer and month.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/persons.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

/// Where an invoice was sold, and what it is called there.
struct Booked {
  const StoreId& store;
  const TillId& till;
  std::optional<std::string> invoice_no;  ///< none: a void, a till's refund
  std::optional<InvoiceNumber> parts;     ///< of a till's own number
  std::string_view origin;                ///< "till", "imported", "synthetic"
};

/// **Ownership** Borrows the connection. \pre a transaction is open on it until save() returned.
class SalesSums {
 public:
  explicit SalesSums(sql::Connection& db) : db_(db) {}

  Status add(std::int64_t event_row, const Booked& booked, const Invoice& invoice,
             const std::optional<PersonRef>& person);
  /// Writes what was added. \pre called once, after the last add()
  Status save();

 private:
  /// A customer's first sale in a day, a month, at all: in this store, and in all of them.
  using FirstVisits = std::array<std::array<bool, 2>, 3>;
  using Key = std::vector<std::string>;
  using Values = std::vector<std::int64_t>;
  using Rows = std::map<Key, Values>;

  void add_periods(const Booked& booked, const Invoice& invoice, const FirstVisits& first);
  void add_till(const Booked& booked, const Invoice& invoice);
  void add_items(std::int64_t event_row, const Booked& booked, const Invoice& invoice);
  Result<FirstVisits> first_visits(const Booked& booked, const Invoice& invoice,
                                   const PersonRef& person);
  Status add_visit(const Booked& booked, const Invoice& invoice, const PersonRef& person);
  Status add_person(const Invoice& invoice, const PersonRef& person);
  Status save_products();

  sql::Connection& db_;
  struct Product {
    std::string item;
    std::string aisle;
    std::int64_t newest = 0;
  };
  std::map<std::string, Product> products_;  ///< by SKU
  Rows period_count_, period_money_, day_till_, day_hour_, day_item_, person_money_;
};

/// The customer's visits become another's, and nothing is summed up by person any more.
/// \pre a transaction is open on `db`
Status rename_in_sums(sql::Connection& db, std::string_view pseudonym, std::string_view to);

}  // namespace tillsight::hub
