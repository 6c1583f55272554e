#include "tillsight/domain/catalogue.hpp"

#include <algorithm>
#include <array>

#include "tillsight/core/csv.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

constexpr std::array<std::string_view, 7> kColumns = {"label",      "sku",      "name",   "aisle",
                                                      "unit_price", "tax_rate", "barcode"};
constexpr std::size_t kVersionDigits = 16;

/// What makes two spellings of one thing: case, blanks and separators do not tell things apart.
std::string spelling_key(std::string_view text) {
  std::string key;
  for (const char c : text) {
    if (c == ' ' || c == '_' || c == '-') continue;
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return key;
}

bool is_barcode(std::string_view text) {
  return text.empty() || (text.size() >= 4 && text.size() <= 14 &&
                          std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }));
}

/// Builds the products row by row and refuses what contradicts an earlier row.
class Loader {
 public:
  Loader(const std::filesystem::path& file, const Currency& currency)
      : file_(file), currency_(currency) {}

  Status take(CsvRow& row) {
    if (!header_seen_) return take_header(row);
    if (row.fields.size() != kColumns.size()) {
      return wrong(row, format("has {} columns, not {}: {}", row.fields.size(), kColumns.size(),
                               fmt::join(kColumns, ",")));
    }
    return take_product(row);
  }

  Result<std::vector<Product>> finish() {
    if (products_.empty()) {
      return error(Code::kInvalidArgument, "{}: holds no product", file_.string());
    }
    return std::move(products_);
  }

 private:
  Status take_header(const CsvRow& row) {
    header_seen_ = true;
    if (std::ranges::equal(row.fields, kColumns)) return {};
    return wrong(row, format("the header is not {}", fmt::join(kColumns, ",")));
  }

  Status take_product(const CsvRow& row) {
    auto product = read(row.fields);
    if (!product.ok()) return wrong(row, product.error().message());
    if (!skus_.emplace(product->sku.value(), row.line).second) {
      return wrong(row, format("SKU '{}' stands on line {} already", product->sku.value(),
                               skus_.at(product->sku.value())));
    }
    if (!product->barcode.empty() && !barcodes_.emplace(product->barcode, row.line).second) {
      return wrong(row, format("barcode {} stands on line {} already", product->barcode,
                               barcodes_.at(product->barcode)));
    }
    TILLSIGHT_TRY(one_spelling(row, "aisle", product->aisle));
    TILLSIGHT_TRY(one_spelling(row, "label", product->label));
    products_.push_back(std::move(product).value());
    return {};
  }

  Result<Product> read(const std::vector<std::string>& fields) const {
    Product product;
    product.label = fields[0];
    TILLSIGHT_ASSIGN(product.sku, parse_sku(fields[1]));
    TILLSIGHT_ASSIGN(product.name, normalise_name(fields[2], "name"));
    TILLSIGHT_ASSIGN(product.aisle, normalise_name(fields[3], "aisle"));
    TILLSIGHT_ASSIGN(product.unit_price, parse_money(fields[4], currency_));
    TILLSIGHT_ASSIGN(product.tax, parse_tax_rate(fields[5]));
    product.barcode = fields[6];
    const auto refuse = [](std::string_view why) {
      return Error(Code::kInvalidArgument, std::string(why));
    };
    if (product.name.empty()) return refuse("name is empty");
    if (product.aisle.empty()) return refuse("aisle is empty");
    if (product.unit_price < Money()) {
      return refuse(format("unit_price {} is negative; prices are 0 or more", fields[4]));
    }
    if (product.unit_price > Money::minor(1'000'000'000)) {
      return refuse(format("unit_price {} is above the limit of {}", fields[4],
                           to_string(Money::minor(1'000'000'000), currency_)));
    }
    if (!is_barcode(product.barcode)) {
      return refuse(format("barcode '{}' is not 4 to 14 digits", product.barcode));
    }
    return product;
  }

  Status one_spelling(const CsvRow& row, std::string_view column, const std::string& text) {
    const auto [known, fresh] =
        spellings_.emplace(format("{} {}", column, spelling_key(text)), text);
    if (fresh || known->second == text) return {};
    return wrong(row, format("{} '{}' is spelled '{}' above; use one spelling", column, text,
                             known->second));
  }

  Error wrong(const CsvRow& row, std::string_view why) const {
    return error(Code::kInvalidArgument, "{}:{}: {}", file_.string(), row.line, why);
  }

  const std::filesystem::path& file_;
  const Currency& currency_;
  bool header_seen_ = false;
  std::vector<Product> products_;
  std::map<std::string, std::int64_t> skus_;
  std::map<std::string, std::int64_t> barcodes_;
  std::map<std::string, std::string> spellings_;
};

}  // namespace

Result<Catalogue> Catalogue::load(const std::filesystem::path& file, const Currency& currency) {
  Loader loader(file, currency);
  TILLSIGHT_TRY(read_csv(file, [&](CsvRow& row) { return loader.take(row); }));
  TILLSIGHT_ASSIGN(std::vector<Product> products, loader.finish());
  TILLSIGHT_ASSIGN(const Digest digest, sha256_of_file(file));
  return Catalogue(std::move(products), to_hex(digest).substr(0, kVersionDigits));
}

Catalogue::Catalogue(std::vector<Product> products, std::string version)
    : products_(std::move(products)), version_(std::move(version)) {
  for (std::size_t i = 0; i < products_.size(); ++i) {
    const Product& product = products_[i];
    TILLSIGHT_CHECK(by_sku_.emplace(product.sku, i).second, "a SKU stands twice in a catalogue");
    if (!product.barcode.empty()) by_barcode_.emplace(product.barcode, i);
    if (!product.label.empty()) by_label_.emplace(product.label, i);
  }
}

const Product* Catalogue::by_sku(const Sku& sku) const {
  const auto found = by_sku_.find(sku);
  return found == by_sku_.end() ? nullptr : &products_[found->second];
}

const Product* Catalogue::by_barcode(std::string_view barcode) const {
  const auto found = by_barcode_.find(barcode);
  return found == by_barcode_.end() ? nullptr : &products_[found->second];
}

std::vector<const Product*> Catalogue::by_label(std::string_view label) const {
  std::vector<const Product*> found;
  const auto [begin, end] = by_label_.equal_range(label);
  for (auto entry = begin; entry != end; ++entry) found.push_back(&products_[entry->second]);
  return found;
}

Status Catalogue::check_labels(std::span<const std::string> detector_labels) const {
  for (const Product& product : products_) {
    if (product.label.empty()) continue;
    if (std::ranges::find(detector_labels, product.label) != detector_labels.end()) continue;
    const auto same = std::ranges::find_if(detector_labels, [&](const std::string& label) {
      return spelling_key(label) == spelling_key(product.label);
    });
    const std::string hint = same == detector_labels.end()
                                 ? "leave it empty to sell by key or barcode only"
                                 : format("did you mean '{}'?", *same);
    return error(Code::kInvalidArgument,
                 "catalogue: SKU '{}': the detector knows no label '{}'; {}", product.sku.value(),
                 product.label, hint);
  }
  return {};
}

}  // namespace tillsight
