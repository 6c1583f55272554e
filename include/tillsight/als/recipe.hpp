/// \file
/// A way of recommending with all its settings, and what comes of it on some days of sales.
///
/// **Threads** training starts threads that end with the call; what is trained is
/// thread-compatible. **Example** tests/als/recipe_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/als/baselines.hpp"
#include "tillsight/als/ease.hpp"
#include "tillsight/als/explain.hpp"
#include "tillsight/als/explicit_als.hpp"
#include "tillsight/als/implicit_als.hpp"
#include "tillsight/als/interactions.hpp"

namespace tillsight::als {

enum class Kind {
  kPopularity,
  kRecentPopularity,
  kBuyAgain,
  kNeighbours,
  kExplicit,  ///< as the system that Tillsight replaces; quantities
  kImplicit,
  kEase,
};
inline constexpr int kKinds = 7;
std::string_view name(Kind kind);  ///< "popularity"
/// Those that a model has to beat.
constexpr bool is_baseline(Kind kind) {
  return kind <= Kind::kNeighbours;
}
/// Whether what was bought before may be brought forward in it.
constexpr bool can_blend(Kind kind) {
  return kind == Kind::kNeighbours || kind == Kind::kImplicit || kind == Kind::kEase;
}

struct Recipe {
  Kind kind = Kind::kPopularity;
  Weighing weighing{};            ///< of the matrix that is learnt from
  std::int32_t recent_days = 28;  ///< of recent popularity
  NeighbourSettings neighbours{};
  ExplicitSettings ratings{};
  ImplicitSettings factors{};
  EaseSettings ease{};
  float again = 0;  ///< share of what was bought before, if the kind can_blend()
};
std::string title(const Recipe& recipe);     ///< "iALS + bought before"
std::string settings(const Recipe& recipe);  ///< "rank 64, regularisation 0.003"

/// What a customer's purchases of the last weeks weigh more, where "bought before" is counted.
inline constexpr double kAgainHalfLifeDays = 60;

/// A recipe's outcome. **Ownership** moves are cheap; models borrow from their Trained.
class Trained {
 public:
  /// \param before the purchases to learn from, of `interactions`. \param today the day from which
  /// age is counted: the first that is not known.
  /// \return kInvalidArgument for settings out of range, kFailedPrecondition if nobody has bought
  /// anything, kResourceExhausted if the catalogue is too large for the kind.
  static Result<Trained> train(const Recipe& recipe, const Interactions& interactions,
                               std::span<const Purchase> before, std::int32_t today);

  /// With `recipe().again` of what was bought before.
  const Model& model() const { return *model_; }
  /// The same training with another share. \pre can_blend(recipe().kind)
  std::unique_ptr<Model> blended(float share) const;
  const Recipe& recipe() const { return recipe_; }
  /// What each customer had bought: customers × items, days by age.
  const Matrix& bought() const { return *again_; }
  std::span<const std::uint32_t> buyers() const { return popularity_->buyers(); }

  /// Why an item stands in a customer's list: what they bought that speaks most for it. None where
  /// the kind does not know.
  std::vector<Reason> reasons(std::uint32_t customer, std::uint32_t item, std::size_t count) const;

 private:
  Trained() = default;
  Status train_base(std::span<const Purchase> before, const Interactions& interactions,
                    std::int32_t today);
  std::vector<float> shares(const Matrix::Row& own, std::uint32_t item) const;

  Recipe recipe_;
  // On the heap: models borrow them, also after a move.
  std::unique_ptr<Matrix> again_;
  std::unique_ptr<Matrix> weighed_;
  std::unique_ptr<Popularity> popularity_;
  std::unique_ptr<Model> base_;
  std::unique_ptr<FoldIn> fold_in_;
  std::unique_ptr<Model> blend_;
  const Model* model_ = nullptr;
};

}  // namespace tillsight::als
