// Goal: the loops compiled for any machine and those for a faster one do the same arithmetic.
// Method: both tables, where the machine has both, against plain loops and against each other.
#include "als/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "als/panels.hpp"
#include "als/sweep.hpp"

namespace tillsight::als {
namespace {

std::vector<const Kernels*> tables() {
  std::vector<const Kernels*> result = {&generic_kernels()};
  if (avx2_kernels() != nullptr) result.push_back(avx2_kernels());
  return result;
}

TEST(Kernels, FastestTableIsOneOfThoseTested) {
  EXPECT_EQ(&kernels(), tables().back());
}

TEST(Kernels, GramIsTheSumOfOuterProducts) {
  for (const Kernels* table : tables()) {
    for (std::size_t size = table->tile; size <= 80; size += table->tile) {
      const Factors rows = random_factors(37, static_cast<std::uint32_t>(size), 3, size);
      Factors c(static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(size));
      table->gram(rows.values().data(), 37, size, c.values().data());
      for (std::uint32_t i = 0; i < size; ++i) {
        for (std::uint32_t j = 0; j <= i; ++j) {
          double sum = 0;
          for (std::uint32_t l = 0; l < 37; ++l) {
            sum += static_cast<double>(rows.row(l)[i]) * static_cast<double>(rows.row(l)[j]);
          }
          ASSERT_NEAR(static_cast<double>(c.row(i)[j]), sum, 1e-4) << table->name << size;
        }
      }
    }
  }
}

TEST(Kernels, ProductIsRowsTimesPanels) {
  constexpr std::uint32_t kRank = 13;
  const Factors a = random_factors(6, kRank, 2, 1);
  const Factors b = random_factors(50, kRank, 2, 2);
  for (const Kernels* table : tables()) {
    const Panels panels(*table, b.values().data(), 50, kRank);
    const std::size_t width = panels.panels() * panels.width();
    std::vector<float> packed(kRank * table->tile_rows);
    std::vector<float> out(table->tile_rows * width);
    panels.multiply(a.values().data(), 5, packed.data(), 0, panels.panels(), out.data());
    for (std::uint32_t r = 0; r < 6; ++r) {
      for (std::uint32_t c = 0; c < 50; ++c) {
        float sum = 0;
        for (std::uint32_t l = 0; l < kRank; ++l) sum += a.row(r)[l] * b.row(c)[l];
        ASSERT_NEAR(out[r * width + c], r < 5 ? sum : 0, 1e-5) << table->name;
      }
    }
  }
}

TEST(Kernels, NextAboveFindsEachScoreAboveTheThresholdAndNoOther) {
  std::vector<float> scores(203, 1);
  const std::vector<std::size_t> high = {0, 1, 31, 32, 63, 90, 127, 200, 202};
  for (const std::size_t at : high) scores[at] = 2;
  for (const Kernels* table : tables()) {
    std::vector<std::size_t> found;
    for (std::size_t at = table->next_above(scores.data(), 0, scores.size(), 1); at < scores.size();
         at = table->next_above(scores.data(), at + 1, scores.size(), 1)) {
      found.push_back(at);
    }
    EXPECT_EQ(found, high) << table->name;
  }
}

TEST(Kernels, TablesSolveTheSameRows) {
  constexpr std::uint32_t kRank = 27;
  const Factors h = random_factors(60, kRank, 2, 5);
  std::vector<std::uint32_t> columns(60);
  for (std::uint32_t i = 0; i < 60; ++i) columns[i] = i;
  std::vector<std::vector<float>> solutions;
  for (const Kernels* table : tables()) {
    std::vector<float> w(kRank * 4, 0.1F);
    const HalfSweep sweep{.h = h.values().data(), .w = w.data(), .rank = kRank};
    std::vector<SweepRow> rows;
    for (std::uint32_t i = 0; i < 4; ++i) {
      rows.push_back(
          {.columns = columns.data(), .size = 60 - i * 17, .row = i, .regularisation = 0.5F});
    }
    Factors scratch(1, static_cast<std::uint32_t>(scratch_floats(*table, kRank, 60)));
    table->solve_blocks(sweep, rows.data(), 3, 10, scratch.values().data());
    table->solve_steps(sweep, rows[3], 5, scratch.values().data());
    solutions.push_back(w);
  }
  for (std::size_t i = 0; i < solutions.front().size(); ++i) {
    EXPECT_NEAR(solutions.front()[i], solutions.back()[i], 1e-5);
  }
}

}  // namespace
}  // namespace tillsight::als
