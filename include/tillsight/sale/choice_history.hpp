/// \file
/// What this store's clerks chose before, for each thing that the camera says.
///
/// **Threads** thread-compatible.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/learnt_choice.hpp"

namespace tillsight {

class ChoiceHistory {
 public:
  void add(std::span<const LearntChoice> learnt);

  /// `candidates` and whatever was chosen for `label` before, what was chosen most first; among
  /// equals in the order given. What the price list has no more is left out.
  std::vector<Sku> ranked(const std::string& label, std::vector<Sku> candidates,
                          const Catalogue& catalogue) const;

 private:
  std::map<std::string, std::map<Sku, std::int64_t>, std::less<>> counts_;
};

/// What a paid sale teaches: of each thing that the camera saw and the clerk spoke about.
std::vector<LearntChoice> learnt_from(const std::vector<BasketLine>& lines);

/// \return what the camera calls the line's first object; empty if it saw none.
std::string camera_label(const BasketLine& line);

}  // namespace tillsight
