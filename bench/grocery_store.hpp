/// \file
/// The Grocery Store Dataset's photos and the two halves into which the thresholds' honesty needs
/// them split: chosen on one, reported on the other.
///
/// **Source** M. Klasson, C. Zhang, H. Kjellström, "A hierarchical grocery store image dataset".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::bench {

struct GroceryPhoto {
  std::filesystem::path file;
  std::string coarse;  ///< "Apple", "Pear"
  std::string label;   ///< the COCO label of what it shows; empty: COCO has none
};

struct GroceryHalves {
  std::vector<GroceryPhoto> choose;
  std::vector<GroceryPhoto> report;
};

/// Reads train.csv and val.csv. Photos of one product were taken one after the other at one shelf,
/// so each product's first half goes to one side and its second to the other: every other photo
/// would put near-twins on both.
Result<GroceryHalves> load_grocery_store(const std::filesystem::path& folder);

}  // namespace tillsight::bench
