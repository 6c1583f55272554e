#include "exchange/shoppers.hpp"

#include <algorithm>

#include "tillsight/core/check.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::exchange {
namespace {

constexpr int kTastes = 6;
constexpr int kFavourites = 3;
constexpr double kFavourite = 6;
constexpr double kSecondTaste = 0.25;
constexpr double kWithCompanion = 0.35;
constexpr double kOneMore = 0.62;
constexpr std::size_t kLinesMax = 12;
constexpr std::string_view kByThePiece = "Grocery";
/// Of this price, in minor units, half as much is sold as of what is nearly free.
constexpr double kHalfAsOften = 40'000;

constexpr std::string_view kFirstNames[] = {
    "Asha",  "Ravi",   "Meera", "Arjun",  "Lakshmi", "Vikram", "Priya", "Suresh",
    "Anita", "Kiran",  "Divya", "Rahul",  "Sunita",  "Manoj",  "Kavya", "Nikhil",
    "Pooja", "Sanjay", "Geeta", "Amit",   "Radha",   "Vijay",  "Nisha", "Deepak",
    "Leela", "Rohan",  "Uma",   "Harish", "Swati",   "Gopal",  "Jaya",  "Naveen"};
constexpr std::string_view kLastNames[] = {
    "Rao",   "Sharma",   "Iyer",   "Patel", "Nair",   "Reddy", "Gupta", "Das",
    "Menon", "Joshi",    "Singh",  "Kumar", "Shah",   "Bose",  "Mehta", "Pillai",
    "Verma", "Kulkarni", "Chopra", "Sen",   "Bhat",   "Desai", "Roy",   "Saxena",
    "Naidu", "Mishra",   "Gill",   "Hegde", "Kapoor", "Dutta", "Jain",  "Thomas"};

std::vector<std::string> aisles_of(const Catalogue& catalogue) {
  std::vector<std::string> aisles;
  for (const Product& product : catalogue.products()) {
    if (std::ranges::find(aisles, product.aisle) == aisles.end()) aisles.push_back(product.aisle);
  }
  return aisles;
}

/// Of each product the next one of its aisle, in an order by chance.
std::vector<std::size_t> pair_up(std::span<const Product> products, Random& random) {
  std::vector<std::size_t> order(products.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    std::swap(order[i], order[any_of(random, i + 1)]);
  }
  std::vector<std::size_t> companions(products.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    companions[order[i]] = order[i];
    for (std::size_t step = 1; step < order.size(); ++step) {
      const std::size_t other = order[(i + step) % order.size()];
      if (products[other].aisle != products[order[i]].aisle) continue;
      companions[order[i]] = other;
      break;
    }
  }
  return companions;
}

std::vector<double> frequencies(int count, Random& random) {
  std::vector<double> weights;
  for (int i = 0; i < count; ++i) weights.push_back(0.85 + 0.3 * random.next_unit());
  return weights;
}

}  // namespace

Weights::Weights(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) up_to_.push_back(sum += weight);
  TILLSIGHT_CHECK(sum > 0, "nothing to draw from");
}

std::size_t Weights::draw(Random& random) const {
  const double at = random.next_unit() * up_to_.back();
  const auto found = std::ranges::upper_bound(up_to_, at);
  return std::min(static_cast<std::size_t>(found - up_to_.begin()), up_to_.size() - 1);
}

std::size_t any_of(Random& random, std::size_t count) {
  return std::min(static_cast<std::size_t>(random.next_unit() * static_cast<double>(count)),
                  count - 1);
}

bool happens(Random& random, double probability) {
  return random.next_unit() < probability;
}

Shoppers::Shoppers(const Catalogue& catalogue, int count, Random& random)
    : catalogue_(catalogue),
      aisles_(aisles_of(catalogue)),
      companions_(pair_up(catalogue.products(), random)),
      frequency_(frequencies(count, random)) {
  std::vector<std::vector<double>> tastes;
  for (int i = 0; i < kTastes; ++i) tastes.push_back(taste(random));
  for (int i = 0; i < count; ++i) shoppers_.push_back(make(i, tastes, random));
}

std::vector<double> Shoppers::taste(Random& random) const {
  std::vector<double> by_aisle;
  for (std::size_t i = 0; i < aisles_.size(); ++i) {
    const double liking = random.next_unit();
    by_aisle.push_back(0.1 + 3 * liking * liking * liking);
  }
  std::vector<double> weights;
  for (const Product& product : catalogue_.products()) {
    const auto aisle = std::ranges::find(aisles_, product.aisle) - aisles_.begin();
    const auto price = static_cast<double>(product.unit_price.minor_units());
    weights.push_back(by_aisle[static_cast<std::size_t>(aisle)] * (0.5 + random.next_unit()) /
                      (1 + price / kHalfAsOften));
  }
  return weights;
}

Shopper Shoppers::make(int number, std::span<const std::vector<double>> tastes,
                       Random& random) const {
  std::vector<double> weights = tastes[any_of(random, tastes.size())];
  const std::vector<double>& second = tastes[any_of(random, tastes.size())];
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] += kSecondTaste * second[i];
  for (int i = 0; i < kFavourites; ++i) weights[any_of(random, weights.size())] *= kFavourite;
  const auto index = static_cast<std::size_t>(number);
  // Every pair of names once, neighbours unlike.
  const auto first = index % std::size(kFirstNames);
  const auto last = (index / std::size(kFirstNames) + first) % std::size(kLastNames);
  return {std::string(kFirstNames[first]), std::string(kLastNames[last]),
          format("+447700900{:03}", number), Weights(weights)};
}

std::vector<Picked> Shoppers::fill_basket(const Shopper& shopper, Random& random) const {
  std::vector<Picked> basket;
  std::size_t product = shopper.taste.draw(random);
  do {
    const bool there = std::ranges::find(basket, product, &Picked::product) != basket.end();
    if (!there) {
      const bool pieces = catalogue_.products()[product].aisle == kByThePiece;
      const std::size_t most = pieces ? 6 : (happens(random, 0.1) ? 3 : 1);
      basket.push_back({product, 1 + static_cast<int>(any_of(random, most))});
    }
    const bool goes_with = happens(random, kWithCompanion);
    product = goes_with ? companions_[product] : shopper.taste.draw(random);
  } while (basket.size() < kLinesMax && happens(random, kOneMore));
  return basket;
}

}  // namespace tillsight::exchange
