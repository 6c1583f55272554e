/// \file
/// What any model has to beat: the simple ways of recommending.
///
/// **Ownership** models that read a customer's row borrow its matrix, which must outlive them.
/// **Threads** thread-compatible. **Example** tests/als/baselines_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"

namespace tillsight::als {

/// The same for everybody: the items with the most buyers. Of the purchases of the last days it is
/// recent popularity.
class Popularity final : public Model {
 public:
  /// \param bought customers × items; only which pairs are there counts.
  explicit Popularity(const Matrix& bought);

  std::uint32_t customers() const override { return customers_; }
  std::uint32_t items() const override { return static_cast<std::uint32_t>(buyers_.size()); }
  void score(std::uint32_t customer, std::span<float> scores) const override;
  /// Of each item.
  std::span<const std::uint32_t> buyers() const { return buyers_; }

 private:
  std::uint32_t customers_;
  std::vector<std::uint32_t> buyers_;
};

/// What the customer has bought most, and behind it what `rest` says.
class BuyAgain final : public Model {
 public:
  /// \param weighed what each pair weighs: visits, perhaps by age. \pre both outlive the model and
  /// have the same shape
  BuyAgain(const Matrix& weighed, const Model& rest) : weighed_(weighed), rest_(rest) {}

  std::uint32_t customers() const override { return weighed_.rows(); }
  std::uint32_t items() const override { return weighed_.columns(); }
  void score(std::uint32_t customer, std::span<float> scores) const override;

 private:
  const Matrix& weighed_;
  const Model& rest_;
};

/// Another model's order, with what the customer has bought before brought forward: both made
/// comparable by the customer's own spread.
class Blend final : public Model {
 public:
  /// \param share of what was bought before, 0 to 1. \pre both outlive the model and have the same
  /// shape
  Blend(const Model& model, const Matrix& weighed, float share)
      : model_(model), weighed_(weighed), share_(share) {}

  std::uint32_t customers() const override { return model_.customers(); }
  std::uint32_t items() const override { return model_.items(); }
  void score(std::uint32_t customer, std::span<float> scores) const override;

 private:
  const Model& model_;
  const Matrix& weighed_;
  const float share_;
};

struct NeighbourSettings {
  std::uint32_t neighbours = 100;  ///< of an item, the nearest; ≥ 1
  float shrinkage = 10;            ///< ≥ 0: how little is believed of items with few buyers
};

/// Items that were bought by the same customers, by the cosine of their columns:
/// s_ij = Σ_u r_ui r_uj / (‖r_i‖ ‖r_j‖ + shrinkage); a customer's score is Σ_{j bought} r_uj s_ji.
/// **Source** Sarwar et al. 2001; Deshpande, Karypis 2004.
class ItemNeighbours final : public Model {
 public:
  ItemNeighbours(const Matrix& bought, const NeighbourSettings& settings);

  std::uint32_t customers() const override { return bought_.rows(); }
  std::uint32_t items() const override { return bought_.columns(); }
  void score(std::uint32_t customer, std::span<float> scores) const override;
  /// What each item of `bought` adds to the score of `item`, in their order.
  std::vector<float> shares(const Matrix::Row& bought, std::uint32_t item) const;

 private:
  const Matrix& bought_;
  Matrix similar_;  ///< items × items: of each its nearest
};

}  // namespace tillsight::als
