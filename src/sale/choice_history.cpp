#include "tillsight/sale/choice_history.hpp"

#include <algorithm>
#include <utility>

namespace tillsight {

void ChoiceHistory::add(std::span<const LearntChoice> learnt) {
  for (const LearntChoice& choice : learnt) counts_[choice.label][choice.sku] += choice.count;
}

std::vector<Sku> ChoiceHistory::ranked(const std::string& label, std::vector<Sku> candidates,
                                       const Catalogue& catalogue) const {
  const auto known = counts_.find(label);
  if (known == counts_.end()) return candidates;
  for (const auto& [sku, count] : known->second) {
    const bool is_new = std::ranges::find(candidates, sku) == candidates.end();
    if (is_new && catalogue.by_sku(sku) != nullptr) candidates.push_back(sku);
  }
  std::ranges::stable_sort(candidates, std::greater(), [&](const Sku& sku) {
    const auto count = known->second.find(sku);
    return count == known->second.end() ? 0 : count->second;
  });
  return candidates;
}

std::vector<LearntChoice> learnt_from(const std::vector<BasketLine>& lines) {
  std::map<std::pair<std::string, Sku>, std::int64_t> counts;
  for (const BasketLine& line : lines) {
    if (line.asks()) continue;
    for (const Piece& piece : line.pieces) {
      if (piece.decided && piece.score > 0) ++counts[{piece.label, line.sku}];
    }
  }
  std::vector<LearntChoice> learnt;
  for (const auto& [choice, count] : counts) {
    learnt.push_back({choice.first, choice.second, count});
  }
  return learnt;
}

std::string camera_label(const BasketLine& line) {
  const auto seen =
      std::ranges::find_if(line.pieces, [](const Piece& piece) { return piece.score > 0; });
  return seen == line.pieces.end() ? "" : seen->label;
}

}  // namespace tillsight
