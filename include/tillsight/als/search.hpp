/// \file
/// The contest: every kind of model with some settings each. The validation days choose the
/// settings and the winner; the test days, which nothing was chosen by, say what that is worth.
///
/// **Threads** starts threads that end with the call. **Example** tests/als/search_test.cpp
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/als/evaluate.hpp"
#include "tillsight/als/recipe.hpp"

namespace tillsight::als {

/// The recipes that are tried, those with the same training together.
std::vector<Recipe> grid();

/// One line of the table.
struct Row {
  Recipe recipe;         ///< the settings that were best on the validation days
  double chosen_by = 0;  ///< NDCG@20 there
  Judgement judgement;   ///< on the test days, trained on everything before them
};

/// Of all items, or of items new to the customer.
struct Table {
  Judged judged = Judged::kAll;
  std::vector<Row> rows;       ///< best on the validation days first; a kind, with and without
                               ///< what was bought before, once each
  std::size_t customers = 0;   ///< who were judged
  std::int64_t strangers = 0;  ///< customers who were new, and left out
  std::int64_t new_items = 0;  ///< purchases of items that were new, and left out

  const Row& winner() const { return rows.front(); }
  /// The best of the simple ways, by the validation days.
  const Row& best_baseline() const;
};

struct Contest {
  std::optional<Days> days;   ///< none: leave-one-out
  std::vector<Table> tables;  ///< all items, then new ones; a view that nobody can be judged in
                              ///< is not there
  std::vector<std::string> left_out;  ///< recipes that could not be trained, and why
};

/// Told how much is done, 0 to 1. \return false to stop.
using OnDone = std::function<bool(double)>;

/// Split by time. \return kCancelled if it was told to stop; kFailedPrecondition if there is too
/// little to judge by.
Result<Contest> hold_contest(const Interactions& interactions, const std::vector<Recipe>& recipes,
                             const OnDone& on_done = {});

/// Leave-one-out: one purchase of each customer judges, one before it chooses.
Result<Contest> hold_contest_leaving_one_out(const Interactions& interactions,
                                             const std::vector<Recipe>& recipes, std::uint64_t seed,
                                             const OnDone& on_done = {});

/// A recipe beside the winner: trained and judged as the rows of the table were.
/// \pre the contest was split by time. \return as Trained::train.
Result<Row> judge_beside(const Table& table, const Days& days, const Recipe& recipe,
                         const Interactions& interactions);

/// Which model wins and by how much, as a sentence.
std::string verdict(const Table& table);

}  // namespace tillsight::als
