/// \file
/// From head office's sales to the model in use: the contest, its winner trained on all that is
/// known, the lists of every customer, stored as one new version.
///
/// What goes wrong on the way leaves the model in use as it is. Nor do worse settings take the
/// place of those in use: both are trained on the days before the test days, and the winner of the
/// validation days takes over only if it is not worse than they are on the test days. Otherwise the
/// settings in use are trained on all that is known now.
///
/// **Threads** starts threads that end with the call. **Example** tests/als/use_test.cpp
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/als/search.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::als {

struct Use {
  Judged judged = Judged::kAll;  ///< what is listed, and what the winner is chosen by
  Support support{};
  /// What is listed for nobody; none: what was left out before.
  std::optional<hub::LeftOut> left_out{};
};

/// What a new model has to be as good as.
struct Incumbent {
  Judged judged = Judged::kAll;
  std::string title;
  std::string settings;
};

/// Whose settings are put in use: the winner's, or those in use if they are better on the test
/// days. Settings of another view, or that `recipes` has no more, or that cannot be trained on what
/// is known now, cannot be compared, and the winner takes their place. \pre `table` is one of the
/// contest's
Result<Row> row_for_use(const Interactions& interactions, const Contest& contest,
                        const Table& table, const std::vector<Recipe>& recipes,
                        const std::optional<Incumbent>& incumbent);

/// `row`'s recipe trained on everything. A customer of whom nothing is left after refunds has no
/// list; one list is for everybody else: what was bought by most in the last weeks.
/// \return kFailedPrecondition if nothing is left to recommend.
Result<hub::NewModel> model_for_use(const Interactions& interactions, const Table& table,
                                    const Row& row, const hub::LeftOut& left_out);

struct InUse {
  std::int64_t version = 0;
  hub::ModelFacts facts;
  std::string verdict;  ///< of the contest
  std::string kept;     ///< why the settings in use stay; empty: the winner is in use
};

/// All of it, on the folder of a head office, whose hub may run.
/// \return kCancelled if it was told to stop, kFailedPrecondition if there is too little to learn
/// from.
Result<InUse> train_for_use(const std::filesystem::path& hub_folder, const Use& use,
                            const std::vector<Recipe>& recipes, const Clock& clock,
                            const OnDone& on_done = {});

}  // namespace tillsight::als
