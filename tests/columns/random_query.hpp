/// \file
/// Questions as random as a seed, and the same in SQL over the views.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tillsight/columns/query.hpp"

namespace tillsight::columns {

class RandomQuery {
 public:
  explicit RandomQuery(std::mt19937& engine, bool one_currency)
      : engine_(engine), one_currency_(one_currency) {}

  Query next();
  /// \pre `query` is of next()
  static std::string sql_of(const Query& query);

 private:
  int below(int bound) { return static_cast<int>(engine_() % static_cast<unsigned>(bound)); }
  std::string random_condition();

  std::mt19937& engine_;
  const bool one_currency_;
};

}  // namespace tillsight::columns
