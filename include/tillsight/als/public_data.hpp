/// \file
/// The common public test sets of recommenders, and the measures of their published tables.
///
/// **Threads** thread-compatible. **Example** tests/als/public_data_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::als {

/// Both halves over the same customers and items; every pair has the value 1.
struct PublicData {
  Matrix train_set;
  Matrix test_set;
  std::size_t below_rating = 0;  ///< left out: rated lower than asked for
};

/// Reads two forms, told apart by the file's first line:
///   - a line a customer, `user item item …`, separated by blanks;
///   - a line a rating, `user,item[,rating[,…]]`, separated by commas or tabs, with or without a
///     header (of two columns: one whose first says "user").
/// \param least_rating pairs rated lower do not count.
/// \return kNotFound without a file; kInvalidArgument ("train.csv:12: …") for what is not such a
/// line, and for a training file without a pair.
Result<PublicData> read_public(const std::filesystem::path& train_file,
                               const std::filesystem::path& test_file, float least_rating = 0);

/// A training set parted once more, so that settings can be chosen without the test.
struct Slice {
  Matrix rest;
  Matrix held;
};
/// Holds back every pair with the chance `share`, but never a customer's only one.
Slice hold_back(const Matrix& train_set, double share, std::uint64_t seed);

/// Means over the customers who have something in the test and in training, of lists that leave out
/// what they had in training.
struct PublicScores {
  double recall_20 = 0;  ///< hits among 20 / items in the test, as UltraGCN and SimpleX count
  double recall_50 = 0;
  double bounded_recall_20 = 0;  ///< hits / min(20, items in the test), as Mult-VAE and iALS count
  double bounded_recall_50 = 0;
  double ndcg_20 = 0;
  double ndcg_100 = 0;
  std::size_t customers = 0;
  std::size_t without_training = 0;  ///< customers of the test who are left out
};
PublicScores judge_public(const Model& model, const Matrix& train_set, const Matrix& test_set,
                          int threads = 0);

}  // namespace tillsight::als
