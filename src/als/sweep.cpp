#include "als/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>

#include "als/gram.hpp"
#include "als/kernels.hpp"
#include "als/panels.hpp"
#include "als/parallel.hpp"

namespace tillsight::als {
namespace {

std::vector<std::uint32_t> longest_first(const Matrix& matrix) {
  std::vector<std::uint32_t> order(matrix.rows());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return matrix.row(a).size() > matrix.row(b).size();
  });
  return order;
}

SweepRow sweep_row(const Entries& entries, const SweepRules& rules, std::uint32_t index,
                   std::size_t others) {
  const Matrix::Row row = entries.matrix->row(index);
  SweepRow result{.columns = row.columns.data(), .size = row.size(), .row = index};
  result.root = entries.root;
  if (!entries.roots.empty()) {
    result.roots =
        entries.roots.data() + (row.values.data() - entries.matrix->row(0).values.data());
  }
  if (entries.values_are_targets) result.targets = row.values.data();
  result.regularisation = regularisation_of(rules, row.size(), others);
  return result;
}

/// What short rows need: everything in the eigenbasis of the base.
struct Turned {
  Eigenbasis basis;
  Factors h;
};

Factors times_rows(const Factors& h, const std::vector<float>& vectors, int threads) {
  const Kernels& table = kernels();
  const std::size_t rank = h.rank();
  const Panels panels(table, vectors.data(), rank, rank);
  const std::size_t width = panels.panels() * panels.width();
  Factors turned(h.rows(), h.rank());
  constexpr std::size_t kRows = 240;
  in_parallel(threads, (h.rows() + kRows - 1) / kRows, [&](std::size_t, std::size_t part) {
    std::vector<float> packed(rank * table.tile_rows);
    std::vector<float> out(table.tile_rows * width);
    const std::size_t end = std::min<std::size_t>(h.rows(), (part + 1) * kRows);
    for (std::size_t from = part * kRows; from < end; from += table.tile_rows) {
      const std::size_t count = std::min(table.tile_rows, end - from);
      panels.multiply(h.values().data() + from * rank, count, packed.data(), 0, panels.panels(),
                      out.data());
      for (std::size_t r = 0; r < count; ++r) {
        std::copy_n(out.data() + r * width, rank, turned.values().data() + (from + r) * rank);
      }
    }
  });
  return turned;
}

/// Rows so short that their own system is smaller than the rank's.
std::size_t short_below(std::size_t rank) {
  return rank - rank / 8;
}

bool short_rows_pay(const Entries& entries, const SweepRules& rules, std::size_t rank) {
  if (rules.solver != Solver::kCholesky || rules.unobserved_weight <= 0 || rank < 16) return false;
  const auto count = std::ranges::count_if(entries.order, [&](std::uint32_t row) {
    return entries.matrix->row(row).size() < short_below(rank);
  });
  return static_cast<std::size_t>(count) > 8 * rank;
}

std::optional<Turned> turn(const std::vector<double>& base, const SweepRules& rules,
                           const Factors& h, int threads) {
  Turned turned{eigenbasis_of(base, h.rank()), {}};
  const float least = turned.basis.values.front() + regularisation_of(rules, 1, h.rows());
  // Below this, float32 loses what its inverse multiplies.
  if (!(least > 1e-6F * turned.basis.values.back())) return std::nullopt;
  turned.h = times_rows(h, turned.basis.vectors, threads);
  return turned;
}

/// A piece of work: so many rows of the order from `first` on, all solved in one way.
struct Work {
  std::size_t first;
  std::size_t count;
  bool is_short;
};

std::vector<Work> work_of(const Entries& entries, std::size_t lanes, std::size_t short_limit) {
  std::vector<Work> works;
  const auto size = [&](std::size_t i) { return entries.matrix->row(entries.order[i]).size(); };
  const std::size_t rows = entries.order.size();
  for (std::size_t first = 0; first < rows && size(first) > 0;) {
    const bool is_short = size(first) < short_limit;
    std::size_t count = 1;
    while (count < lanes && first + count < rows && size(first + count) > 0 &&
           (size(first + count) < short_limit) == is_short) {
      ++count;
    }
    works.push_back({first, count, is_short});
    first += count;
  }
  return works;
}

/// Runs the kernels on one piece of work after the other, each worker with its own scratch.
class Sweeping {
 public:
  Sweeping(const Entries& entries, const SweepRules& rules, const HalfSweep& sweep,
           std::size_t others, int threads)
      : entries_(entries), rules_(rules), sweep_(sweep), others_(others) {
    const std::size_t longest = entries.matrix->row(entries.order.front()).size();
    const std::size_t rank = rules.solver == Solver::kSubspace && sweep.rotated == nullptr
                                 ? std::min(rules.block, sweep.rank)
                                 : sweep.rank;
    const bool keeps_residuals = rules.solver == Solver::kSubspace;
    const std::size_t floats =
        4 * sweep.rank + scratch_floats(kernels(), rank, keeps_residuals ? longest : 0);
    for (int i = 0; i < threads; ++i) {
      scratch_.emplace_back(1, static_cast<std::uint32_t>(floats));
    }
  }

  void run(std::size_t worker, const Work& work) {
    const Kernels& table = kernels();
    float* scratch = scratch_[worker].values().data();
    std::vector<SweepRow> rows;
    for (std::size_t i = 0; i < work.count; ++i) {
      rows.push_back(sweep_row(entries_, rules_, entries_.order[work.first + i], others_));
    }
    if (work.is_short) return table.solve_short(sweep_, rows.data(), work.count, scratch);
    if (rules_.solver == Solver::kConjugateGradient) {
      for (const SweepRow& row : rows) table.solve_steps(sweep_, row, rules_.steps, scratch);
      return;
    }
    const std::size_t block = rules_.solver == Solver::kSubspace ? rules_.block : sweep_.rank;
    table.solve_blocks(sweep_, rows.data(), work.count, block, scratch);
  }

 private:
  const Entries& entries_;
  const SweepRules& rules_;
  const HalfSweep& sweep_;
  const std::size_t others_;
  std::vector<Factors> scratch_;
};

double squared_norms(const Matrix& matrix, const SweepRules& rules, const Factors& factors) {
  double total = 0;
  for (std::uint32_t row = 0; row < factors.rows(); ++row) {
    const std::span<const float> w = factors.row(row);
    const double norm = static_cast<double>(kernels().dot(w.data(), w.data(), w.size()));
    total += norm * static_cast<double>(
                        regularisation_of(rules, matrix.row(row).size(), matrix.columns()));
  }
  return total;
}

/// Of the entries of some rows: Σ a (⟨w,h⟩ − t)².
double misses(const Entries& entries, const Factors& w, const Factors& h, std::size_t from,
              std::size_t end) {
  double total = 0;
  for (std::size_t index = from; index < end; ++index) {
    const auto row = static_cast<std::uint32_t>(index);
    const SweepRow entry = sweep_row(entries, {}, row, 0);
    for (std::size_t i = 0; i < entry.size; ++i) {
      const float y = kernels().dot(w.row(row).data(), h.row(entry.columns[i]).data(), w.rank());
      const float root = entry.roots != nullptr ? entry.roots[i] : entry.root;
      const double miss =
          static_cast<double>(root * (y - (entry.targets != nullptr ? entry.targets[i] : 1.0F)));
      total += miss * miss;
    }
  }
  return total;
}

}  // namespace

float root_of(const ImplicitSettings& settings, float rating) {
  switch (settings.confidence) {
    case Confidence::kBinary: return std::sqrt(settings.alpha);
    case Confidence::kLinear: return std::sqrt(settings.alpha * rating);
    case Confidence::kLogarithmic:
      return std::sqrt(settings.alpha * std::log1p(rating / settings.epsilon));
  }
  return 1;
}

Entries entries_of(const Matrix& matrix, const ImplicitSettings& settings) {
  Entries entries{.matrix = &matrix, .order = longest_first(matrix)};
  entries.root = std::sqrt(settings.alpha);
  if (settings.confidence == Confidence::kBinary) return entries;
  entries.roots.reserve(matrix.size());
  for (std::uint32_t row = 0; row < matrix.rows(); ++row) {
    for (const float value : matrix.row(row).values) {
      entries.roots.push_back(root_of(settings, value));
    }
  }
  return entries;
}

Entries entries_of_ratings(const Matrix& matrix) {
  return {.matrix = &matrix, .values_are_targets = true, .order = longest_first(matrix)};
}

SweepRules rules_of(const ImplicitSettings& settings) {
  constexpr std::uint32_t kBlocksFrom = 128;
  Solver solver = settings.solver;
  if (solver == Solver::kAutomatic) {
    solver = settings.rank < kBlocksFrom ? Solver::kCholesky : Solver::kSubspace;
  }
  return {settings.unobserved_weight,
          settings.regularisation,
          settings.frequency_exponent,
          solver,
          settings.block,
          settings.steps};
}

float regularisation_of(const SweepRules& rules, std::size_t entries, std::size_t others) {
  const float weight =
      static_cast<float>(entries) + rules.unobserved_weight * static_cast<float>(others);
  return rules.regularisation * std::pow(weight, rules.frequency_exponent);
}

void half_sweep(const Entries& entries, const SweepRules& rules, const Factors& h, Factors& w,
                int threads) {
  const Matrix& matrix = *entries.matrix;
  HalfSweep sweep{.h = h.values().data(), .w = w.values().data(), .rank = h.rank()};
  std::vector<float> base;
  std::optional<Turned> turned;
  if (rules.unobserved_weight > 0) {
    std::vector<double> gram = gram_of(h, threads);
    for (double& value : gram) value *= static_cast<double>(rules.unobserved_weight);
    base.assign(gram.begin(), gram.end());
    sweep.base = base.data();
    if (short_rows_pay(entries, rules, h.rank())) turned = turn(gram, rules, h, threads);
  }
  if (turned) {
    sweep.rotated = turned->h.values().data();
    sweep.rotation = turned->basis.vectors.data();
    sweep.spectrum = turned->basis.values.data();
  }
  const std::vector<Work> works =
      work_of(entries, kernels().lanes, turned ? short_below(h.rank()) : 0);
  if (!works.empty()) {
    Sweeping sweeping(entries, rules, sweep, matrix.columns(), threads);
    in_parallel(threads, works.size(),
                [&](std::size_t worker, std::size_t item) { sweeping.run(worker, works[item]); });
  }
  for (auto row = entries.order.rbegin(); row != entries.order.rend(); ++row) {
    if (matrix.row(*row).size() > 0) break;
    std::ranges::fill(w.row(*row), 0.0F);
  }
}

double loss_of(const Entries& entries, const SweepRules& rules, const Factors& w, const Factors& h,
               int threads) {
  const Matrix& matrix = *entries.matrix;
  constexpr std::size_t kRows = 256;
  std::vector<double> parts((w.rows() + kRows - 1) / kRows);
  in_parallel(threads, parts.size(), [&](std::size_t, std::size_t part) {
    parts[part] =
        misses(entries, w, h, part * kRows, std::min<std::size_t>(w.rows(), (part + 1) * kRows));
  });
  double total = std::accumulate(parts.begin(), parts.end(), 0.0);
  if (rules.unobserved_weight > 0) {
    const std::vector<double> a = gram_of(w, threads);
    const std::vector<double> b = gram_of(h, threads);
    total += static_cast<double>(rules.unobserved_weight) *
             std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  }
  return total + squared_norms(matrix, rules, w) + squared_norms(matrix.transposed(), rules, h);
}

Factors random_factors(std::uint32_t rows, std::uint32_t rank, float deviation,
                       std::uint64_t seed) {
  Factors factors(rows, rank);
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal(0, deviation / std::sqrt(static_cast<float>(rank)));
  for (float& value : factors.values()) value = normal(engine);
  return factors;
}

}  // namespace tillsight::als
