/// \file
/// What a shop sells and for how much.
#pragma once

#include <string>

#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

struct Product {
  Sku sku;
  std::string name;   ///< as printed on the receipt
  std::string label;  ///< what the detector calls it; empty: keyed or scanned only
  std::string aisle;  ///< where it stands; the aisles visited are derived from it
  Money unit_price;   ///< includes tax
  TaxRate tax;
  std::string barcode;  ///< digits; empty: none
};

}  // namespace tillsight
