/// \file
/// Half an iteration: one side's factors from the other's, each row on its own. Both objectives,
/// implicit and explicit, are this with other weights and targets.
///
/// **Threads** starts threads that end with the call; a row's result does not depend on which.
#pragma once

#include <cstdint>
#include <vector>

#include "tillsight/als/factors.hpp"
#include "tillsight/als/implicit_als.hpp"
#include "tillsight/als/matrix.hpp"

namespace tillsight::als {

/// One side's entries as the kernels take them. Borrows the matrix, which must outlive it.
struct Entries {
  const Matrix* matrix = nullptr;
  float root = 1;                      ///< √a of every entry where `roots` is empty
  std::vector<float> roots{};          ///< √a of each, in the order of the matrix
  bool values_are_targets = false;     ///< t = r; otherwise t = 1
  std::vector<std::uint32_t> order{};  ///< the rows, longest first: neighbours cost the same
};

/// λ_u = λ (n_u + α₀ · rows of h)^ν and how rows are solved.
struct SweepRules {
  float unobserved_weight = 0;
  float regularisation = 0;
  float frequency_exponent = 1;
  Solver solver = Solver::kCholesky;  ///< not kAutomatic
  std::size_t block = 0;
  std::size_t steps = 0;
};

Entries entries_of(const Matrix& matrix, const ImplicitSettings& settings);
Entries entries_of_ratings(const Matrix& matrix);
SweepRules rules_of(const ImplicitSettings& settings);
float regularisation_of(const SweepRules& rules, std::size_t entries, std::size_t others);
/// √a of a rating.
float root_of(const ImplicitSettings& settings, float rating);

/// w from h.
void half_sweep(const Entries& entries, const SweepRules& rules, const Factors& h, Factors& w,
                int threads);

/// Σ_S a (⟨w,h⟩ − t)² + α₀ Σ ⟨w,h⟩² + both sides' regularisation.
double loss_of(const Entries& entries, const SweepRules& rules, const Factors& w, const Factors& h,
               int threads);

/// Normal around 0, of the given deviation / √rank.
Factors random_factors(std::uint32_t rows, std::uint32_t rank, float deviation, std::uint64_t seed);

}  // namespace tillsight::als
