/// \file
/// The inner loops of training and ranking, compiled once for any machine of the architecture and,
/// on x86-64, once more for AVX2 with FMA; which of them runs is found out at run time. Only plain
/// pointers cross this border: an inline function of a library, compiled twice with different
/// options, would be merged by the linker into one that some machine cannot run.
///
/// **Shapes** factors are rank floats a row, without gaps. A "batch" is as many rows as a vector
/// has lanes: each step of their Cholesky factorisations is one vector operation on all of them.
/// **Threads** thread-safe: what they write is the caller's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tillsight::als {

/// What all rows of a half sweep share. Solves (α₀HᵀH + Σ a h hᵀ + λ_u 1) w = Σ a t h for each row.
struct HalfSweep {
  const float* h = nullptr;  ///< the other side's factors
  float* w = nullptr;        ///< this side's: where the results go, and where warm starts come from
  std::size_t rank = 0;
  const float* base = nullptr;  ///< α₀HᵀH: rank × rank; null for none
  /// For rows shorter than the rank, in the eigenbasis of `base`; null if there is none.
  const float* rotated = nullptr;   ///< H·Q, shaped as h
  const float* rotation = nullptr;  ///< Qᵀ: row j is the jth eigenvector
  const float* spectrum = nullptr;  ///< the eigenvalues of `base`
};

/// One row: its entries (columns name rows of h), λ_u and where it stands in w.
struct SweepRow {
  const std::uint32_t* columns = nullptr;
  const float* roots = nullptr;    ///< √a of each entry; null: `root` for all
  const float* targets = nullptr;  ///< t of each entry; null: 1 for all
  std::size_t size = 0;
  std::uint32_t row = 0;
  float root = 1;
  float regularisation = 0;
};

struct Kernels {
  const char* name;
  std::size_t lanes;  ///< rows of a batch
  std::size_t tile;   ///< sizes are padded to a multiple of it
  std::size_t tile_rows;

  /// c += rowsᵀ·rows, at least its lower triangle. \pre size is a multiple of `tile`; c is size ×
  /// size
  void (*gram)(const float* rows, std::size_t count, std::size_t size, float* c);
  /// The rows' coordinates in blocks of `block`, each exactly, one after the other: with one block
  /// this is the exact solution. \param scratch of scratch_floats(). \pre count <= lanes
  void (*solve_blocks)(const HalfSweep& sweep, const SweepRow* rows, std::size_t count,
                       std::size_t block, float* scratch);
  /// The exact solution through systems as large as the rows are long.
  void (*solve_short)(const HalfSweep& sweep, const SweepRow* rows, std::size_t count,
                      float* scratch);
  /// Steps of the conjugate gradient from where the row stands.
  void (*solve_steps)(const HalfSweep& sweep, const SweepRow& row, std::size_t steps,
                      float* scratch);
  float (*dot)(const float* a, const float* b, std::size_t size);
  /// out[r][c] = Σ_l a[l·tile_rows + r] · b[c / tile][l·tile + c % tile] for `panels` panels of b.
  void (*product)(const float* a, const float* b, std::size_t depth, std::size_t panels, float* out,
                  std::size_t stride);
  /// The first index from `from` on whose score is greater; size if none is.
  std::size_t (*next_above)(const float* scores, std::size_t from, std::size_t size,
                            float threshold);
};

/// Floats of scratch that any solve of rows of at most `longest` entries needs.
std::size_t scratch_floats(const Kernels& kernels, std::size_t rank, std::size_t longest);

const Kernels& generic_kernels();
/// \return null on a machine without them.
const Kernels* avx2_kernels();
/// The fastest that this machine can run.
const Kernels& kernels();

constexpr std::size_t padded(std::size_t size, std::size_t tile) {
  return (size + tile - 1) / tile * tile;
}

}  // namespace tillsight::als
