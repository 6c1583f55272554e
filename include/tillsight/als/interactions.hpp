/// \file
/// Who bought what on which day: head office's sales as trainers and judges need them.
///
/// Customers are the pseudonyms of hub.db and nothing else. Sales of nobody in particular are left
/// out and counted. A refund takes back what it gives back, on its own day.
///
/// **Units** days since 1970-01-01, of the business day; quantity in pieces.
/// **Threads** thread-compatible. **Example** tests/als/interactions_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tillsight/als/matrix.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

/// An item of a customer on one day.
struct Purchase {
  std::uint32_t customer = 0;  ///< number in `customers`
  std::uint32_t item = 0;      ///< number in `items`
  std::int32_t day = 0;
  std::int64_t quantity = 0;  ///< below zero: more was given back than bought that day
};

struct Item {
  std::string sku;
  std::string name;     ///< as it was sold last
  std::string aisle{};  ///< where it was sold last
};

struct Interactions {
  std::vector<std::string> customers;  ///< pseudonyms
  std::vector<Item> items;
  /// In order of day, customer and item; each at most once.
  std::vector<Purchase> purchases;
  std::int64_t lines = 0;            ///< of sales and refunds, all that were read
  std::int64_t anonymous_lines = 0;  ///< of them: of nobody in particular
  std::int64_t rare_lines = 0;       ///< of them: of an item or a customer below the support
  std::int64_t cursor = 0;           ///< the newest invoice that was there
};

/// What is too little to learn from.
struct Support {
  std::int32_t customers_of_item = 1;  ///< an item that fewer have bought is left out
  std::int32_t items_of_customer = 1;  ///< a customer with fewer, counted after that, as well
};

/// \param hub_folder of head office's databases; a hub may be writing there.
/// \return kNotFound if there is no database; an empty result for an empty one.
Result<Interactions> read_interactions(const std::filesystem::path& hub_folder,
                                       const Support& support = {});

/// What a rating r_ui says.
enum class Weight {
  kBought,    ///< 1
  kVisits,    ///< days on which it was bought
  kQuantity,  ///< pieces, less those given back
};

struct Weighing {
  Weight weight = Weight::kVisits;
  /// A purchase counts half after so many days; 0: age does not matter.
  double half_life_days = 0;
};

/// Customers × items. Pairs of which nothing is left after refunds are not there.
/// \param purchases of `interactions`, any part of them. \param today from when age is counted.
/// \return kInvalidArgument for a half-life below zero or not finite.
Result<Matrix> weigh(const Interactions& interactions, std::span<const Purchase> purchases,
                     const Weighing& weighing, std::int32_t today);

}  // namespace tillsight::als
