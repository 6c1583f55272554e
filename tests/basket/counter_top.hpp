/// \file
/// A counter for tests: things are put on it and taken off, and the camera looks every 100 ms.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/snapshot.hpp"

namespace tillsight::testing {

inline constexpr std::chrono::milliseconds kFrame{100};

/// Apple, orange and banana have a label each, "bottle" stands for two products, rice has none.
inline Catalogue fruit_shop() {
  const auto product = [](std::string sku, std::string label, std::string aisle, int price,
                          int tax_bp) {
    Product p;
    p.sku = Sku(sku);
    p.name = std::move(sku);
    p.label = std::move(label);
    p.aisle = std::move(aisle);
    p.unit_price = Money::minor(price);
    p.tax = TaxRate(tax_bp);
    return p;
  };
  std::vector<Product> products = {product("apple", "apple", "Grocery", 200, 0),
                                   product("orange", "orange", "Grocery", 2000, 0),
                                   product("banana", "banana", "Grocery", 300, 500),
                                   product("water", "bottle", "Drinks", 1999, 1800),
                                   product("steel", "bottle", "Kitchen", 44900, 1200),
                                   product("lemon", "", "Grocery", 500, 500),
                                   product("rice", "", "Grocery", 9950, 500)};
  products.back().barcode = "2000000000015";
  return Catalogue(std::move(products), "v1");
}

class CounterTop {
 public:
  ObjectId put(const std::string& label, bool sure = true,
               std::vector<Candidate> alternatives = {}) {
    StableObject object;
    object.id = ObjectId(next_id_++);
    object.best = {label, sure ? 0.9F : 0.4F};
    object.alternatives = std::move(alternatives);
    object.sure = sure;
    objects_.push_back(std::move(object));
    return objects_.back().id;
  }
  void lift(ObjectId id) {
    std::erase_if(objects_, [&](const StableObject& object) { return object.id == id; });
  }
  void clear() { objects_.clear(); }
  /// What the camera says about it from now on.
  void reads(ObjectId id, const std::string& label, bool sure = true) {
    StableObject& object = *std::ranges::find(objects_, id, &StableObject::id);
    object.best = {label, sure ? 0.9F : 0.4F};
    object.sure = sure;
  }
  void restart_camera() { next_id_ = 1, objects_.clear(); }

  Snapshot look() {
    now_ += kFrame;
    for (StableObject& object : objects_) object.seen = now_;
    return {++frame_, now_, objects_};
  }
  MonotonicTime now() const { return now_; }
  const std::vector<StableObject>& objects() const { return objects_; }

 private:
  std::vector<StableObject> objects_;
  std::uint64_t next_id_ = 1;
  std::int64_t frame_ = 0;
  MonotonicTime now_{std::chrono::hours(1)};
};

}  // namespace tillsight::testing
