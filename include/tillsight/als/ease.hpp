/// \file
/// EASE: the best linear item-to-item model without an item's own weight, in closed form.
///
/// B = argmin ‖X − XB‖² + λ‖B‖² with diag(B) = 0, X the customers × items of zeros and ones. With
/// P = (XᵀX + λ1)⁻¹ it is B_ij = −P_ij / P_jj. One inverse of items × items, in double: exact, and
/// meant for catalogues of some thousand items.
///
/// **Threads**, **Errors** as in implicit_als.hpp; kResourceExhausted for more items than allowed.
/// **Source** Steck 2019 (arXiv 1905.03375).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

struct EaseSettings {
  float regularisation = 500;       ///< λ > 0
  std::uint32_t items_max = 8'000;  ///< takes 12 × items² bytes while training
  int threads = 0;                  ///< 0: as many as the machine has
};

/// **Ownership** borrows the matrix that `score` reads customers from, which must outlive it.
class EaseModel final : public Model {
 public:
  /// \param weights B, items × items, row-major. \pre their number is bought.columns()²
  EaseModel(const Matrix& bought, std::vector<float> weights);

  std::uint32_t customers() const override { return bought_->rows(); }
  std::uint32_t items() const override { return bought_->columns(); }
  void score(std::uint32_t customer, std::span<float> scores) const override;
  /// Of any customer: x_u B.
  void score(const Matrix::Row& bought, std::span<float> scores) const;
  /// What each item of `bought` adds to the score of `item`, in their order.
  std::vector<float> shares(const Matrix::Row& bought, std::uint32_t item) const;
  std::span<const float> weights() const { return weights_; }

 private:
  const Matrix* bought_;
  std::vector<float> weights_;
};

/// \param bought must outlive the model.
Result<EaseModel> train(const Matrix& bought, const EaseSettings& settings);

}  // namespace tillsight::als
