/// \file
/// Invoices with their lines, and customers with their invoices, for what no group-by can say:
/// what is bought together, who comes back.
///
/// **Threads** each() calls from several threads at once, with another worker's number each.
/// **Example** tests/columns/baskets_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

/// Some invoices of one segment; the spans last as long as the call.
struct Baskets {
  int worker = 0;           ///< 0 to threads − 1
  std::int64_t number = 0;  ///< of this part; the same parts on any number of threads
  int sign = 1;             ///< −1: refunds
  std::size_t invoices = 0;
  std::size_t lines = 0;
  /// `invoices` + 1 entries: lines of invoice i are [first_line[i], first_line[i + 1]).
  std::span<const std::uint32_t> first_line;
  /// In the order in which the fields were asked for; of invoices or of lines, as the field is.
  std::vector<std::span<const std::int64_t>> values;
};

/// Every invoice that the filter leaves, with those of its lines that it leaves; invoices without
/// one are left out if it asks about lines. As in a query, voids are not among them unless it names
/// the kind.
/// \param threads 0: as many as the machine has.
Status each(const Columns& columns, const Filter& filter, std::span<const Field> fields,
            const std::function<void(const Baskets&)>& call, int threads = 0);

/// How many workers each() and answer() use if they are asked for 0.
int default_threads();

struct Visit {
  std::int32_t date = 0;    ///< days since 1970-01-01
  std::uint32_t store = 0;  ///< code
  std::int64_t gross = 0;   ///< negative: a refund
  std::int64_t quantity = 0;
  std::int64_t cursor = 0;
  bool is_refund = false;
};

/// Invoices by customer, oldest first.
struct Visits {
  /// By the customer's code, codes(kCustomer) + 1 entries; nobody (0) has none.
  std::vector<std::uint64_t> first;
  std::vector<Visit> visits;
  std::span<const Visit> of(std::uint32_t customer) const {
    return std::span(visits).subspan(first[customer], first[customer + 1] - first[customer]);
  }
};

/// \param filter asks about no line. \return kInvalidArgument if it does.
Result<Visits> visits_by_customer(const Columns& columns, const Filter& filter, int threads = 0);

}  // namespace tillsight::columns
