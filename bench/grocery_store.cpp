#include "grocery_store.hpp"

#include <map>

#include "tillsight/core/csv.hpp"

namespace tillsight::bench {
namespace {

using PhotosByProduct = std::map<std::string, std::vector<GroceryPhoto>>;

Status read_split(const std::filesystem::path& folder, const std::string& name,
                  PhotosByProduct& products) {
  return read_csv(folder / (name + ".csv"), [&](CsvRow& row) -> Status {
    if (row.line == 1) return {};  // header
    if (row.fields.size() != 4) {
      return error(Code::kInvalidArgument, "{}.csv:{}: four fields are needed", name, row.line);
    }
    products[name + "/" + row.fields[1]].push_back(
        {folder / row.fields[0], row.fields[2], row.fields[3]});
    return {};
  });
}

}  // namespace

Result<GroceryHalves> load_grocery_store(const std::filesystem::path& folder) {
  PhotosByProduct products;
  TILLSIGHT_TRY(read_split(folder, "train", products));
  TILLSIGHT_TRY(read_split(folder, "val", products));
  GroceryHalves halves;
  for (auto& [product, photos] : products) {
    const std::size_t first_half = (photos.size() + 1) / 2;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      (i < first_half ? halves.choose : halves.report).push_back(std::move(photos[i]));
    }
  }
  return halves;
}

}  // namespace tillsight::bench
