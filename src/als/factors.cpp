#include "tillsight/als/factors.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace tillsight::als {

constexpr std::align_val_t kCacheLine{64};

void Factors::Free::operator()(float* data) const {
  ::operator delete[](data, kCacheLine);
}

Factors::Factors(std::uint32_t rows, std::uint32_t rank)
    : rows_(rows), rank_(rank), data_(new (kCacheLine) float[std::size_t{rows} * rank]()) {}

Factors::Factors(Factors&& other) noexcept
    : rows_(std::exchange(other.rows_, 0)),
      rank_(std::exchange(other.rank_, 0)),
      data_(std::move(other.data_)) {}

Factors& Factors::operator=(Factors&& other) noexcept {
  rows_ = std::exchange(other.rows_, 0);
  rank_ = std::exchange(other.rank_, 0);
  data_ = std::move(other.data_);
  return *this;
}

Factors Factors::copy() const {
  Factors other(rows_, rank_);
  std::ranges::copy(values(), other.values().begin());
  return other;
}

}  // namespace tillsight::als
