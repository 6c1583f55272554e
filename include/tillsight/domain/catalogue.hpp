/// \file
/// The price list: `label,sku,name,aisle,unit_price,tax_rate,barcode`, one product a row.
///
/// A label may stand for several products (every bottle is a "bottle"): the line on the clerk's
/// screen then asks which. A SKU, and a barcode, stand for one.
///
/// **Threads** thread-compatible; never changes after load.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/product.hpp"

namespace tillsight {

class Catalogue {
 public:
  /// \return kNotFound, or kInvalidArgument as "catalogue.csv:14: …": wrong header, duplicate SKU
  /// or barcode, negative price, two spellings of one aisle or name.
  static Result<Catalogue> load(const std::filesystem::path& file, const Currency& currency);
  /// \pre SKUs and barcodes are unique. \param version any text that changes with the content.
  Catalogue(std::vector<Product> products, std::string version);

  /// \return null if there is none.
  const Product* by_sku(const Sku& sku) const;
  const Product* by_barcode(std::string_view barcode) const;
  /// All products that look like `label`, in file order; empty: the shop does not sell it.
  std::vector<const Product*> by_label(std::string_view label) const;

  std::span<const Product> products() const { return products_; }
  /// First 16 digits of the file's SHA-256: says which prices a sale was made with.
  const std::string& version() const { return version_; }

  /// \return kInvalidArgument naming the first product whose label the detector cannot say, with
  /// the nearest label it can.
  Status check_labels(std::span<const std::string> detector_labels) const;

 private:
  std::vector<Product> products_;
  std::string version_;
  std::map<Sku, std::size_t> by_sku_;
  std::map<std::string, std::size_t, std::less<>> by_barcode_;
  std::multimap<std::string, std::size_t, std::less<>> by_label_;
};

}  // namespace tillsight
