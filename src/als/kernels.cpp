#include "als/kernels.hpp"

#include "als/lanes.hpp"
#include "als/tiles.hpp"

// Everything but the table at the end has internal linkage: the two compilations share nothing.
namespace tillsight::als {
namespace {

constexpr std::size_t kGathered = 64;  // rows: with 64 coordinates they fill a first-level cache

float root_of(const SweepRow& row, std::size_t entry) {
  return row.roots != nullptr ? row.roots[entry] : row.root;
}
float target_of(const SweepRow& row, std::size_t entry) {
  return row.targets != nullptr ? row.targets[entry] : 1.0F;
}

/// Scratch of a batch: kLanes systems apart, then together, lane beside lane.
struct Batch {
  Batch(float* scratch, std::size_t padded_size) : size(padded_size) {
    apart = scratch;
    together = reinterpret_cast<Vector*>(apart + kLanes * size * size);
    right = together + size * size;
    inverse = right + size;
    gathered = reinterpret_cast<float*>(inverse + size);
    rest = gathered + (kGathered > size ? kGathered : size) * size;
  }

  std::size_t size;
  float* apart;
  Vector* together;
  Vector* right;
  Vector* inverse;
  float* gathered;
  float* rest;
};

/// Puts lane after lane beside each other, plus the base that all share and what is each one's own
/// on the diagonal; coordinates from `size` on become those of the identity.
void interleave(const Batch& batch, const float* base, std::size_t base_stride, std::size_t size,
                Vector diagonal) {
  const std::size_t end = padded(size, 4);
  for (std::size_t i = 0; i < end; ++i) {
    Vector* row = batch.together + i * batch.size;
    for (std::size_t j = 0; j <= i; j += kLanes) {
      Vector v[kLanes];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        v[lane] = load(batch.apart + (lane * batch.size + i) * batch.size + j);
      }
      transpose(v);
      for (std::size_t t = 0; t < kLanes; ++t) row[j + t] = v[t];
    }
    if (i >= size) {
      for (std::size_t j = 0; j < i; ++j) row[j] = Vector{};
      row[i] = all(1);
      continue;
    }
    if (base != nullptr) {
      for (std::size_t j = 0; j <= i; ++j) row[j] += base[i * base_stride + j];
    }
    row[i] += diagonal;
  }
}

void solve_together(const Batch& batch, std::size_t size) {
  const std::size_t end = padded(size, 4);
  factorise(batch.together, batch.size, end, batch.inverse);
  substitute(batch.together, batch.size, end, batch.inverse, batch.right);
}

/// A block of coordinates of one row in its batch.
struct Block {
  const HalfSweep& sweep;
  const SweepRow& row;
  std::size_t first;
  std::size_t size;
  std::size_t lane;
  /// s − V·w, where V has a row √a·h for each entry and s is √a·t; null: w counts as zero.
  float* residual;
};

/// The system of one lane: VᵀV, and on the right Vᵀ·residual.
void accumulate(const Batch& batch, const Block& block) {
  float* c = batch.apart + block.lane * batch.size * batch.size;
  float* right = batch.rest;
  clear(right, batch.size);
  const std::size_t whole = block.size / kLanes * kLanes;
  for (std::size_t from = 0; from < block.row.size; from += kGathered) {
    const std::size_t left = block.row.size - from;
    const std::size_t count = left < kGathered ? left : kGathered;
    for (std::size_t entry = 0; entry < count; ++entry) {
      const std::size_t at = from + entry;
      const float* h = block.sweep.h + block.row.columns[at] * block.sweep.rank + block.first;
      float* to = batch.gathered + entry * batch.size;
      const float root = root_of(block.row, at);
      const float s =
          block.residual != nullptr ? block.residual[at] : root * target_of(block.row, at);
      std::size_t i = 0;
      for (; i < whole; i += kLanes) {
        const Vector v = load(h + i) * root;
        store(to + i, v);
        store(right + i, load(right + i) + v * s);
      }
      for (; i < block.size; ++i) {
        to[i] = h[i] * root;
        right[i] += to[i] * s;
      }
      for (; i < batch.size; ++i) to[i] = 0;
    }
    (from == 0 ? gram<false> : gram<true>)(batch.gathered, count, batch.size, c);
  }
}

void set_right(const Batch& batch, const Block& block) {
  const HalfSweep& sweep = block.sweep;
  const float* w = sweep.w + block.row.row * sweep.rank;
  for (std::size_t i = 0; i < batch.size; ++i) batch.right[i][block.lane] = batch.rest[i];
  if (block.residual == nullptr) return;
  for (std::size_t i = 0; i < block.size; ++i) {
    float less = block.row.regularisation * w[block.first + i];
    if (sweep.base != nullptr)
      less += dot(sweep.base + (block.first + i) * sweep.rank, w, sweep.rank);
    batch.right[i][block.lane] -= less;
  }
}

void residual_of(const HalfSweep& sweep, const SweepRow& row, float* residual) {
  const float* w = sweep.w + row.row * sweep.rank;
  for (std::size_t entry = 0; entry < row.size; ++entry) {
    const float y = dot(sweep.h + row.columns[entry] * sweep.rank, w, sweep.rank);
    residual[entry] = root_of(row, entry) * (target_of(row, entry) - y);
  }
}

/// w takes the lane's solution, and the residual follows.
void take_step(const Batch& batch, const Block& block) {
  const HalfSweep& sweep = block.sweep;
  float* w = sweep.w + block.row.row * sweep.rank + block.first;
  if (block.residual == nullptr) {
    for (std::size_t i = 0; i < block.size; ++i) w[i] = batch.right[i][block.lane];
    return;
  }
  float* step = batch.rest;
  for (std::size_t i = 0; i < block.size; ++i) {
    step[i] = batch.right[i][block.lane];
    w[i] += step[i];
  }
  for (std::size_t entry = 0; entry < block.row.size; ++entry) {
    const float* h = sweep.h + block.row.columns[entry] * sweep.rank + block.first;
    block.residual[entry] -= root_of(block.row, entry) * dot(h, step, block.size);
  }
}

void solve_blocks(const HalfSweep& sweep, const SweepRow* rows, std::size_t count,
                  std::size_t block_size, float* scratch) {
  const bool exact = block_size >= sweep.rank;
  const std::size_t largest = exact ? sweep.rank : block_size;
  const Batch batch(scratch, padded(largest, kTile));
  float* residuals[kLanes] = {};
  float* next = batch.rest + batch.size;
  for (std::size_t lane = 0; lane < count && !exact; ++lane) {
    residuals[lane] = next;
    next += rows[lane].size;
    residual_of(sweep, rows[lane], residuals[lane]);
  }
  for (std::size_t first = 0; first < sweep.rank; first += largest) {
    const std::size_t size = sweep.rank - first < largest ? sweep.rank - first : largest;
    Vector diagonal = all(1);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (lane >= count) {
        clear(batch.apart + lane * batch.size * batch.size, batch.size * batch.size);
        for (std::size_t i = 0; i < batch.size; ++i) batch.right[i][lane] = 0;
        continue;
      }
      const Block block{sweep, rows[lane], first, size, lane, residuals[lane]};
      accumulate(batch, block);
      set_right(batch, block);
      diagonal[lane] = rows[lane].regularisation;
    }
    const float* base = sweep.base == nullptr ? nullptr : sweep.base + first * sweep.rank + first;
    interleave(batch, base, sweep.rank, size, diagonal);
    solve_together(batch, size);
    for (std::size_t lane = 0; lane < count; ++lane) {
      take_step(batch, {sweep, rows[lane], first, size, lane, residuals[lane]});
    }
  }
}

/// In the eigenbasis w = D⁻¹Vᵀ y with (1 + V D⁻¹ Vᵀ) y = s, D = spectrum + λ_u: the entries' own
/// system. \param inverse_roots D^(−1/2)
void accumulate_short(const Batch& batch, const HalfSweep& sweep, const SweepRow& row,
                      std::size_t lane, float* inverse_roots) {
  const std::size_t rank = sweep.rank;
  for (std::size_t i = 0; i < rank; ++i) {
    inverse_roots[i] = 1.0F / __builtin_sqrtf(sweep.spectrum[i] + row.regularisation);
  }
  for (std::size_t i = 0; i < batch.size; ++i) batch.right[i][lane] = 0;
  for (std::size_t from = 0; from < batch.size; from += kLanes) {
    const float* h[kLanes];
    float root[kLanes];
    for (std::size_t e = 0; e < kLanes; ++e) {
      const bool there = from + e < row.size;
      h[e] = sweep.rotated + (there ? row.columns[from + e] : row.columns[0]) * rank;
      root[e] = there ? root_of(row, from + e) : 0.0F;
      if (there) batch.right[from + e][lane] = root[e] * target_of(row, from + e);
    }
    std::size_t i = 0;
    for (; i + kLanes <= rank; i += kLanes) {
      Vector v[kLanes];
      const Vector scale = load(inverse_roots + i);
      for (std::size_t e = 0; e < kLanes; ++e) v[e] = load(h[e] + i) * scale * root[e];
      transpose(v);
      for (std::size_t t = 0; t < kLanes; ++t) {
        store(batch.gathered + (i + t) * batch.size + from, v[t]);
      }
    }
    for (; i < rank; ++i) {
      for (std::size_t e = 0; e < kLanes; ++e) {
        batch.gathered[i * batch.size + from + e] = h[e][i] * inverse_roots[i] * root[e];
      }
    }
  }
  gram<false>(batch.gathered, rank, batch.size, batch.apart + lane * batch.size * batch.size);
}

void finish_short(const Batch& batch, const HalfSweep& sweep, const SweepRow& row, std::size_t lane,
                  float* turned) {
  const std::size_t rank = sweep.rank;
  clear(turned, rank);
  for (std::size_t entry = 0; entry < row.size; ++entry) {
    const float y = batch.right[entry][lane] * root_of(row, entry);
    add(turned, sweep.rotated + row.columns[entry] * rank, y, rank);
  }
  float* w = sweep.w + row.row * rank;
  clear(w, rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const float x = turned[i] / (sweep.spectrum[i] + row.regularisation);
    add(w, sweep.rotation + i * rank, x, rank);
  }
}

void solve_short(const HalfSweep& sweep, const SweepRow* rows, std::size_t count, float* scratch) {
  std::size_t longest = 1;
  for (std::size_t lane = 0; lane < count; ++lane) {
    if (rows[lane].size > longest) longest = rows[lane].size;
  }
  Batch batch(scratch, padded(longest, kTile));
  // Gathered the other way round: the rank is the depth here.
  const std::size_t depth = sweep.rank > kGathered ? sweep.rank : kGathered;
  float* vector = batch.gathered + depth * batch.size;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    // A lane without a row repeats another, whose result is the same.
    accumulate_short(batch, sweep, rows[lane < count ? lane : 0], lane, vector);
  }
  interleave(batch, nullptr, 0, longest, all(1));
  solve_together(batch, longest);
  for (std::size_t lane = 0; lane < count; ++lane) {
    finish_short(batch, sweep, rows[lane], lane, vector);
  }
}

/// to = A·from, A the row's matrix.
void times(const HalfSweep& sweep, const SweepRow& row, const float* from, float* to) {
  const std::size_t rank = sweep.rank;
  for (std::size_t i = 0; i < rank; ++i) {
    to[i] = row.regularisation * from[i];
    if (sweep.base != nullptr) to[i] += dot(sweep.base + i * rank, from, rank);
  }
  for (std::size_t entry = 0; entry < row.size; ++entry) {
    const float* h = sweep.h + row.columns[entry] * rank;
    const float root = root_of(row, entry);
    add(to, h, root * root * dot(h, from, rank), rank);
  }
}

void solve_steps(const HalfSweep& sweep, const SweepRow& row, std::size_t steps, float* scratch) {
  const std::size_t rank = sweep.rank;
  float* w = sweep.w + row.row * rank;
  float* residual = scratch;
  float* direction = residual + rank;
  float* image = direction + rank;
  times(sweep, row, w, residual);
  for (std::size_t i = 0; i < rank; ++i) residual[i] = -residual[i];
  for (std::size_t entry = 0; entry < row.size; ++entry) {
    const float root = root_of(row, entry);
    add(residual, sweep.h + row.columns[entry] * rank, root * root * target_of(row, entry), rank);
  }
  for (std::size_t i = 0; i < rank; ++i) direction[i] = residual[i];
  float norm = dot(residual, residual, rank);
  for (std::size_t step = 0; step < steps && norm > 1e-20F; ++step) {
    times(sweep, row, direction, image);
    const float curvature = dot(direction, image, rank);
    if (!(curvature > 0)) return;
    const float length = norm / curvature;
    add(w, direction, length, rank);
    add(residual, image, -length, rank);
    const float next = dot(residual, residual, rank);
    for (std::size_t i = 0; i < rank; ++i) direction[i] = residual[i] + direction[i] * next / norm;
    norm = next;
  }
}

std::size_t next_above(const float* scores, std::size_t from, std::size_t size, float threshold) {
  const Vector limit = all(threshold);
  constexpr std::size_t kStride = 4 * kLanes;
  for (; from + kStride <= size; from += kStride) {
    Mask any = load(scores + from) > limit;
    for (std::size_t v = 1; v < 4; ++v) any |= load(scores + from + v * kLanes) > limit;
    using Words [[gnu::vector_size(kLanes * 4)]] = long long;
    const Words words = reinterpret_cast<Words>(any);
    long long found = 0;
    for (std::size_t i = 0; i < kLanes / 2; ++i) found |= words[i];
    if (found != 0) break;
  }
  while (from < size && !(scores[from] > threshold)) ++from;
  return from;
}

constexpr Kernels kTable = {
#ifdef __AVX2__
    "avx2",
#elif defined(__ARM_NEON)
    "neon",
#else
    "generic",
#endif
    kLanes,      kTile,       kTileRows, gram<true>, solve_blocks,
    solve_short, solve_steps, dot,       product,    next_above};

}  // namespace

#ifdef TILLSIGHT_KERNELS_AVX2
extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels = kTable;
#else
const Kernels& generic_kernels() {
  return kTable;
}
#endif

}  // namespace tillsight::als
