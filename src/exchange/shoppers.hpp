/// \file
/// Made-up customers and what they put into a basket.
///
/// A taste weighs the aisles; a customer has a first and a second taste and a few favourites;
/// cheap things go more often; and each product has another that is often bought with it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight::exchange {

/// Draws an index in proportion to its weight.
class Weights {
 public:
  explicit Weights(std::span<const double> weights);
  std::size_t draw(Random& random) const;

 private:
  std::vector<double> up_to_;
};

/// \return uniform from 0 to `count` − 1.
std::size_t any_of(Random& random, std::size_t count);
bool happens(Random& random, double probability);

struct Shopper {
  std::string first_name;
  std::string last_name;
  std::string phone;
  Weights taste;  ///< of the products
};

struct Picked {
  std::size_t product = 0;
  int quantity = 1;
};

class Shoppers {
 public:
  /// \param catalogue must outlive this.
  Shoppers(const Catalogue& catalogue, int count, Random& random);

  const Shopper& draw(Random& random) const { return shoppers_[frequency_.draw(random)]; }
  /// Each product once.
  std::vector<Picked> fill_basket(const Shopper& shopper, Random& random) const;

 private:
  std::vector<double> taste(Random& random) const;
  Shopper make(int number, std::span<const std::vector<double>> tastes, Random& random) const;

  const Catalogue& catalogue_;
  std::vector<std::string> aisles_;
  std::vector<std::size_t> companions_;  ///< of each product
  std::vector<Shopper> shoppers_;
  Weights frequency_;
};

}  // namespace tillsight::exchange
