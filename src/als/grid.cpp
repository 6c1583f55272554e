#include "tillsight/als/search.hpp"

namespace tillsight::als {
namespace {

void add_shares(std::vector<Recipe>& recipes, Recipe recipe) {
  for (const float share : {0.0F, 0.3F, 0.5F, 0.7F}) {
    recipe.again = share;
    recipes.push_back(recipe);
  }
}

void add_neighbours(std::vector<Recipe>& recipes) {
  for (const std::uint32_t neighbours : {100U, 400U}) {
    Recipe recipe;
    recipe.kind = Kind::kNeighbours;
    recipe.weighing.weight = Weight::kBought;
    recipe.neighbours = {neighbours, 5};
    add_shares(recipes, recipe);
  }
}

void add_factors(std::vector<Recipe>& recipes) {
  for (const float unobserved : {0.1F, 0.3F}) {
    for (const float regularisation : {0.003F, 0.01F}) {
      Recipe recipe;
      recipe.kind = Kind::kImplicit;
      recipe.weighing.weight = Weight::kVisits;
      recipe.factors.confidence = Confidence::kLogarithmic;
      recipe.factors.unobserved_weight = unobserved;
      recipe.factors.regularisation = regularisation;
      add_shares(recipes, recipe);
    }
  }
}

void add_ease(std::vector<Recipe>& recipes) {
  for (const float regularisation : {100.0F, 300.0F, 1000.0F}) {
    Recipe recipe;
    recipe.kind = Kind::kEase;
    recipe.weighing.weight = Weight::kBought;
    recipe.ease.regularisation = regularisation;
    add_shares(recipes, recipe);
  }
}

}  // namespace

std::vector<Recipe> grid() {
  std::vector<Recipe> recipes;
  for (const Kind kind : {Kind::kPopularity, Kind::kRecentPopularity, Kind::kBuyAgain}) {
    Recipe recipe;
    recipe.kind = kind;
    recipes.push_back(recipe);
  }
  Recipe ratings;
  ratings.kind = Kind::kExplicit;
  ratings.weighing.weight = Weight::kQuantity;
  recipes.push_back(ratings);
  add_neighbours(recipes);
  add_factors(recipes);
  add_ease(recipes);
  return recipes;
}

}  // namespace tillsight::als
