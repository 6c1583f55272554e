/// \file
/// What every way of recommending is to those who rank with it: scores of items for a customer.
///
/// **Threads** thread-compatible: many threads may ask one model at the same time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "tillsight/als/factors.hpp"

namespace tillsight::als {

class FactorModel;

class Model {
 public:
  virtual ~Model() = default;

  /// Of the training matrix.
  virtual std::uint32_t customers() const = 0;
  virtual std::uint32_t items() const = 0;
  /// The greater the better; only the order within one customer means something.
  /// \pre customer < customers(), scores.size() == items()
  virtual void score(std::uint32_t customer, std::span<float> scores) const = 0;
  /// \return this model, if its scores are products of factors; borrowed, null otherwise.
  virtual const FactorModel* as_factors() const { return nullptr; }

 protected:
  Model() = default;
  Model(const Model&) = default;
  Model& operator=(const Model&) = default;
  Model(Model&&) = default;
  Model& operator=(Model&&) = default;
};

/// A score is the product of a customer's and an item's factors: what both ALS trainers give.
class FactorModel final : public Model {
 public:
  FactorModel() = default;
  /// \pre both have the same rank
  FactorModel(Factors customer_factors, Factors item_factors);

  std::uint32_t customers() const override { return customer_factors.rows(); }
  std::uint32_t items() const override { return item_factors.rows(); }
  std::uint32_t rank() const { return item_factors.rank(); }
  void score(std::uint32_t customer, std::span<float> scores) const override;
  const FactorModel* as_factors() const override { return this; }
  FactorModel copy() const;

  Factors customer_factors;  ///< W: customers × rank
  Factors item_factors;      ///< H: items × rank
};

/// How far a training is.
struct Progress {
  std::uint32_t iteration;  ///< iterations done
  std::uint32_t iterations;
  /// As it stands now, for who measures along the way.
  const FactorModel& model;
};

/// Called after every iteration, by the thread that trains. \return false to stop there: the model
/// as it stands is the result.
using OnProgress = std::function<bool(const Progress&)>;

}  // namespace tillsight::als
