/// \file
/// Latent factors: a dense matrix of float32, one row for each customer or item.
///
/// **Shapes** rows × rank, row-major, without gaps; the first row is aligned to a cache line.
/// **Ownership** moves are cheap; a copy is asked for with `copy()`.
/// **Threads** thread-compatible; different rows may be written at the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace tillsight::als {

class Factors {
 public:
  Factors() = default;
  /// All zero. \pre the memory can be had: rows × rank × 4 bytes
  Factors(std::uint32_t rows, std::uint32_t rank);
  Factors(Factors&& other) noexcept;
  Factors& operator=(Factors&& other) noexcept;

  Factors copy() const;

  std::uint32_t rows() const { return rows_; }
  std::uint32_t rank() const { return rank_; }
  /// \pre index < rows()
  std::span<float> row(std::uint32_t index) {
    return {data_.get() + std::size_t{index} * rank_, rank_};
  }
  std::span<const float> row(std::uint32_t index) const {
    return {data_.get() + std::size_t{index} * rank_, rank_};
  }
  /// All rows, one after the other: what a model's file holds.
  std::span<float> values() { return {data_.get(), std::size_t{rows_} * rank_}; }
  std::span<const float> values() const { return {data_.get(), std::size_t{rows_} * rank_}; }

 private:
  struct Free {
    void operator()(float* data) const;
  };

  std::uint32_t rows_ = 0;
  std::uint32_t rank_ = 0;
  std::unique_ptr<float[], Free> data_;
};

}  // namespace tillsight::als
