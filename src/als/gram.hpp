/// \file
/// The Gram matrix of factors, and its eigenbasis.
#pragma once

#include <vector>

#include "tillsight/als/factors.hpp"

namespace tillsight::als {

/// HᵀH: rank × rank, both triangles. Slices are summed in float32 and added up in double, in an
/// order that the number of threads does not change.
std::vector<double> gram_of(const Factors& h, int threads);

struct Eigenbasis {
  std::vector<float> values;   ///< ascending, none below zero
  std::vector<float> vectors;  ///< row j is the jth
};
/// \param symmetric rank × rank
Eigenbasis eigenbasis_of(const std::vector<double>& symmetric, std::size_t rank);

}  // namespace tillsight::als
