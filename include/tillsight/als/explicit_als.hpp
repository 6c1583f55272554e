/// \file
/// Matrix factorisation of ratings, as Spark's ALS does it: ALS-WR.
///
/// Minimises  Σ_{(u,i) ∈ S} (r_ui − ⟨w_u, h_i⟩)² + λ ( Σ_u |I_u| ‖w_u‖² + Σ_i |U_i| ‖h_i‖² ).
/// It predicts how much of an item a customer takes who takes it, not whether: for parity with the
/// system that Tillsight replaces, and to be measured beside the others.
///
/// **Threads**, **Errors** as in implicit_als.hpp.
/// **Source** Zhou, Wilkinson, Schreiber, Pan 2008; Spark MLlib, `ALS` with `implicitPrefs =
/// false`.
#pragma once

#include <cstdint>
#include <span>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

struct ExplicitSettings {
  std::uint32_t rank = 10;
  std::uint32_t iterations = 10;
  float regularisation = 0.01F;  ///< λ ≥ 0, scaled by the number of a row's ratings
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as the machine has
};

Result<FactorModel> train(const Matrix& ratings, const ExplicitSettings& settings,
                          const OnProgress& on_progress = {}, const FactorModel* start = nullptr);

/// The sum that training minimises. \pre the model has the matrix's shape
double loss(const Matrix& ratings, const FactorModel& model, const ExplicitSettings& settings);

/// How far predictions are from ratings that training has not seen.
struct RatingError {
  double rmse = 0;
  double mae = 0;
  std::size_t counted = 0;
  /// Left out, as Spark's `coldStartStrategy = "drop"` does: the customer or the item has no rating
  /// in training.
  std::size_t dropped = 0;
};

/// \param train_set the matrix that `model` was trained on.
RatingError rating_error(const FactorModel& model, const Matrix& train_set,
                         std::span<const Rating> test);

}  // namespace tillsight::als
