#include "tillsight/als/recipe.hpp"

#include <array>

#include "tillsight/core/format.hpp"

namespace tillsight::als {
namespace {

std::span<const Purchase> since(std::span<const Purchase> purchases, std::int32_t day) {
  std::size_t first = purchases.size();
  while (first > 0 && purchases[first - 1].day >= day) --first;
  return purchases.subspan(first);
}

std::string_view weight_name(Weight weight) {
  switch (weight) {
    case Weight::kBought: return "bought";
    case Weight::kVisits: return "visits";
    case Weight::kQuantity: return "quantity";
  }
  check_failed("weight is known", "a weight outside its enumeration");
}

}  // namespace

std::string_view name(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kNames = {
      "popularity", "recent popularity", "bought before", "item neighbours", "explicit ALS", "iALS",
      "EASE"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string title(const Recipe& recipe) {
  return format("{}{}", name(recipe.kind), recipe.again > 0 ? " + bought before" : "");
}

std::string settings(const Recipe& recipe) {
  std::string text;
  switch (recipe.kind) {
    case Kind::kPopularity: return "";
    case Kind::kRecentPopularity: return format("{} days", recipe.recent_days);
    case Kind::kBuyAgain: text = format("half-life {} days", kAgainHalfLifeDays); break;
    case Kind::kNeighbours:
      text = format("{} neighbours, shrinkage {}, {}", recipe.neighbours.neighbours,
                    recipe.neighbours.shrinkage, weight_name(recipe.weighing.weight));
      break;
    case Kind::kExplicit:
      text = format("rank {}, {} iterations, regularisation {}, {}", recipe.ratings.rank,
                    recipe.ratings.iterations, recipe.ratings.regularisation,
                    weight_name(recipe.weighing.weight));
      break;
    case Kind::kImplicit:
      text = format("rank {}, {} iterations, unobserved {}, regularisation {}", recipe.factors.rank,
                    recipe.factors.iterations, recipe.factors.unobserved_weight,
                    recipe.factors.regularisation);
      break;
    case Kind::kEase: text = format("regularisation {}", recipe.ease.regularisation); break;
  }
  if (recipe.again > 0) text += format(", {} of what was bought before", recipe.again);
  return text;
}

Result<Trained> Trained::train(const Recipe& recipe, const Interactions& interactions,
                               std::span<const Purchase> before, std::int32_t today) {
  Trained trained;
  trained.recipe_ = recipe;
  const auto matrix = [&](const Weighing& weighing) {
    return weigh(interactions, before, weighing, today);
  };
  TILLSIGHT_ASSIGN(Matrix again, matrix({Weight::kVisits, kAgainHalfLifeDays}));
  if (again.size() == 0) {
    return error(Code::kFailedPrecondition,
                 "recommend: no known customer has bought anything yet; sell with customers' "
                 "phones, or import history");
  }
  TILLSIGHT_ASSIGN(Matrix weighed, matrix(recipe.weighing));
  trained.again_ = std::make_unique<Matrix>(std::move(again));
  trained.weighed_ = std::make_unique<Matrix>(std::move(weighed));
  trained.popularity_ = std::make_unique<Popularity>(*trained.again_);
  TILLSIGHT_TRY(trained.train_base(before, interactions, today));
  trained.model_ = trained.base_.get();
  if (recipe.again > 0 && can_blend(recipe.kind)) {
    trained.blend_ = trained.blended(recipe.again);
    trained.model_ = trained.blend_.get();
  }
  return trained;
}

Status Trained::train_base(std::span<const Purchase> before, const Interactions& interactions,
                           std::int32_t today) {
  switch (recipe_.kind) {
    case Kind::kPopularity: base_ = std::make_unique<Popularity>(*popularity_); return {};
    case Kind::kRecentPopularity: {
      const auto recent = since(before, today - recipe_.recent_days);
      TILLSIGHT_ASSIGN(const Matrix bought, weigh(interactions, recent, {Weight::kBought}, today));
      base_ = std::make_unique<Popularity>(bought);
      return {};
    }
    case Kind::kBuyAgain: base_ = std::make_unique<BuyAgain>(*again_, *popularity_); return {};
    case Kind::kNeighbours:
      base_ = std::make_unique<ItemNeighbours>(*weighed_, recipe_.neighbours);
      return {};
    case Kind::kExplicit: {
      TILLSIGHT_ASSIGN(FactorModel model, als::train(*weighed_, recipe_.ratings));
      base_ = std::make_unique<FactorModel>(std::move(model));
      return {};
    }
    case Kind::kImplicit: {
      TILLSIGHT_ASSIGN(FactorModel trained, als::train(*weighed_, recipe_.factors));
      auto model = std::make_unique<FactorModel>(std::move(trained));
      fold_in_ = std::make_unique<FoldIn>(model->item_factors, recipe_.factors);
      base_ = std::move(model);
      return {};
    }
    case Kind::kEase: {
      TILLSIGHT_ASSIGN(EaseModel model, als::train(*weighed_, recipe_.ease));
      base_ = std::make_unique<EaseModel>(std::move(model));
      return {};
    }
  }
  check_failed("kind is known", "a kind outside its enumeration");
}

std::unique_ptr<Model> Trained::blended(float share) const {
  return std::make_unique<Blend>(*base_, *again_, share);
}

std::vector<float> Trained::shares(const Matrix::Row& own, std::uint32_t item) const {
  if (recipe_.kind == Kind::kNeighbours) {
    return static_cast<const ItemNeighbours&>(*base_).shares(own, item);
  }
  if (recipe_.kind == Kind::kEase) return static_cast<const EaseModel&>(*base_).shares(own, item);
  if (!fold_in_) return {};
  auto shares = fold_in_->shares(own, item);
  return shares.ok() ? std::move(shares).value() : std::vector<float>();
}

std::vector<Reason> Trained::reasons(std::uint32_t customer, std::uint32_t item,
                                     std::size_t count) const {
  const Matrix::Row own = weighed_->row(customer);
  const std::vector<float> why = shares(own, item);
  return why.empty() ? std::vector<Reason>() : als::reasons(own, why, item, count);
}

}  // namespace tillsight::als
