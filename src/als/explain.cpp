#include "tillsight/als/explain.hpp"

#include <algorithm>

namespace tillsight::als {

std::vector<Reason> reasons(const Matrix::Row& bought, std::span<const float> shares,
                            std::uint32_t item, std::size_t count) {
  std::vector<Reason> result;
  float total = 0;
  for (std::size_t i = 0; i < bought.size(); ++i) {
    if (!(shares[i] > 0) || bought.columns[i] == item) continue;
    result.push_back({bought.columns[i], shares[i]});
    total += shares[i];
  }
  std::ranges::stable_sort(result,
                           [](const Reason& a, const Reason& b) { return a.share > b.share; });
  if (result.size() > count) result.resize(count);
  for (Reason& reason : result) reason.share /= total;
  return result;
}

}  // namespace tillsight::als
