/// \file
/// Before and after: what a model may see, and what it is judged by.
///
/// By time, as it will be used: the last days are the test, the days before them choose between
/// models (validation). Leave-one-out, as much of the literature does it: of each customer's last
/// day one item is held out.
///
/// **Threads** thread-compatible. **Example** tests/als/split_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/als/interactions.hpp"

namespace tillsight::als {

/// Where the days part; both days are trading days of the interactions.
struct Days {
  std::int32_t first = 0;
  std::int32_t validation = 0;  ///< first day that chooses
  std::int32_t test = 0;        ///< first day that judges
  std::int32_t last = 0;
};

/// \param test_share of the trading days, at the end; the same share of the rest is validation.
/// \return kFailedPrecondition with fewer than five trading days: nothing can be held out.
Result<Days> split_days(const Interactions& interactions, double test_share = 0.2);

/// Purchases of [from, to), which are borrowed. \pre they are in order of their day
std::span<const Purchase> between(const Interactions& interactions, std::int32_t from,
                                  std::int32_t to);

/// What customers bought afterwards: of each its items, ascending, each once.
struct Truth {
  std::vector<std::uint32_t> customers;           ///< ascending; who has something before, too
  std::vector<std::vector<std::uint32_t>> items;  ///< of each of them; none is empty
  std::int64_t strangers = 0;  ///< customers of whom nothing was known before: left out
  std::int64_t new_items = 0;  ///< pairs with an item that nobody had bought before: left out
};

enum class Judged {
  kAll,  ///< also what they had bought before: groceries are bought again
  kNew,  ///< only what they had not
};

/// \param known what was bought before. \param after purchases that a model has not seen.
Truth truth_of(const Matrix& known, std::span<const Purchase> after, Judged judged);

/// Of each customer's last day one item, by `seed`; customers with fewer than two items in all keep
/// what they have.
struct HeldOut {
  std::vector<Purchase> before;  ///< in order
  std::vector<Purchase> after;   ///< one for each customer at most
};
HeldOut leave_one_out(const Interactions& interactions, std::uint64_t seed);

}  // namespace tillsight::als
