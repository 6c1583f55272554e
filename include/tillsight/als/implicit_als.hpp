/// \file
/// Matrix factorisation of what was bought, by alternating least squares: iALS.
///
/// Minimises  L(W, H) = Σ_{(u,i) ∈ S} a_ui (⟨w_u, h_i⟩ − 1)² + α₀ Σ_u Σ_i ⟨w_u, h_i⟩²
///                      + λ ( Σ_u (|I_u| + α₀|I|)^ν ‖w_u‖² + Σ_i (|U_i| + α₀|U|)^ν ‖h_i‖² ),
/// S: the pairs of the matrix; a_ui: the confidence in one; I_u, U_i: the items of a customer, the
/// customers of an item. docs/recommendations.md explains it.
///
/// **Numbers** factors are float32; the sums over all customers or items (Gram matrix, loss) are
/// double, where float32 would lose the small against the many.
/// **Threads** the calls start threads that end with them; factors are the same on any number.
/// **Errors** kInvalidArgument for a matrix without a pair and for settings out of range.
/// **Source** Hu, Koren, Volinsky 2008; Rendle, Krichene, Zhang, Koren 2021 (arXiv 2110.14037, the
/// objective); the same 2021 (arXiv 2110.14044, the subspace solver).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

/// a_ui from the rating r.
enum class Confidence {
  kBinary,       ///< α
  kLinear,       ///< α·r
  kLogarithmic,  ///< α·log(1 + r/ε)
};

enum class Solver {
  kAutomatic,          ///< Cholesky below rank 128, then subspaces
  kCholesky,           ///< each row exactly
  kConjugateGradient,  ///< some steps from where the row stood
  kSubspace,           ///< iALS++: blocks of the row's coordinates, each exactly
};

struct ImplicitSettings {
  std::uint32_t rank = 64;
  std::uint32_t iterations = 16;
  Confidence confidence = Confidence::kBinary;
  float alpha = 1;                 ///< α > 0
  float epsilon = 1;               ///< ε > 0
  float unobserved_weight = 0.1F;  ///< α₀ ≥ 0
  float regularisation = 0.01F;    ///< λ ≥ 0
  float frequency_exponent = 1;    ///< ν, 0 to 1
  Solver solver = Solver::kAutomatic;
  std::uint32_t steps = 3;   ///< of the conjugate gradient, ≥ 1
  std::uint32_t block = 64;  ///< coordinates of a subspace, ≥ 1
  /// Training stops when an iteration lowers the loss by less than this share of it; 0: never.
  double least_gain = 0;
  float deviation = 0.1F;  ///< of the start: each factor normal around 0, this / √rank
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: as many as the machine has
};

/// \param start where to begin instead of at random, a model of the same shape and rank; borrowed,
/// may be null.
Result<FactorModel> train(const Matrix& bought, const ImplicitSettings& settings,
                          const OnProgress& on_progress = {}, const FactorModel* start = nullptr);

/// L(W, H). \pre the model has the matrix's shape
double loss(const Matrix& bought, const FactorModel& model, const ImplicitSettings& settings);

/// Factors of a customer who is new or has bought since, without training again: exactly the row
/// that a half sweep with these item factors gives. Made once for a model, asked often.
///
/// **Ownership** borrows `items`, which must outlive it. **Threads** thread-compatible.
class FoldIn {
 public:
  FoldIn(const Factors& items, const ImplicitSettings& settings);
  ~FoldIn();
  FoldIn(FoldIn&&) noexcept;
  FoldIn& operator=(FoldIn&&) noexcept;

  /// \param bought what a row of the matrix would hold: items ascending, none twice.
  /// \return w_u; all zero for who has bought nothing. kInvalidArgument for an item that the model
  /// does not have and for values that a Matrix would refuse.
  Result<std::vector<float>> row(const Matrix::Row& bought) const;

  /// What each item of `bought` adds to ⟨w_u, h_item⟩, in their order; together they are that
  /// score.
  Result<std::vector<float>> shares(const Matrix::Row& bought, std::uint32_t item) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace tillsight::als
