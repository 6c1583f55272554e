#include "tillsight/sale/self_figures.hpp"

#include <algorithm>
#include <utility>

namespace tillsight {

void SelfFigures::basket_has_lines(bool any, MonotonicTime now) {
  if (any && !first_line_) first_line_ = now;
  if (!any) first_line_.reset();
}

void SelfFigures::paid(const std::vector<BasketLine>& lines, MonotonicTime now) {
  std::int64_t seen = 0;
  for (const BasketLine& line : lines) {
    seen += std::ranges::count_if(line.pieces, [](const Piece& piece) { return piece.score > 0; });
  }
  ++figures_.sales;
  figures_.camera_sales += seen > 0 ? 1 : 0;
  figures_.no_touch_sales += seen > 0 && corrections_ == 0 ? 1 : 0;
  figures_.camera_items += seen;
  figures_.corrections += corrections_;
  const auto took = first_line_ ? now - *first_line_ : MonotonicTime::duration::zero();
  figures_.seconds_last = std::chrono::duration<double>(took).count();
  figures_.seconds_total += figures_.seconds_last;
  gone();
}

void SelfFigures::gone() {
  corrections_ = 0;
  first_line_.reset();
}

}  // namespace tillsight
