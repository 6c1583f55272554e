/// \file
/// Vectors of as many floats as the target's registers hold, in the compiler's own notation: SSE2,
/// AVX2 and NEON from one text. Only kernels.cpp includes it, once for each target.
#pragma once

#include <cstddef>

namespace tillsight::als {
namespace {

#ifdef __AVX2__
constexpr std::size_t kLanes = 8;
#else
constexpr std::size_t kLanes = 4;
#endif

using Vector [[gnu::vector_size(kLanes * 4)]] = float;
using Loose [[gnu::vector_size(kLanes * 4), gnu::aligned(4), gnu::may_alias]] = float;
using Mask [[gnu::vector_size(kLanes * 4)]] = int;

inline Vector load(const float* from) {
  return *reinterpret_cast<const Loose*>(from);
}
inline void store(float* to, Vector value) {
  *reinterpret_cast<Loose*>(to) = value;
}
inline Vector all(float value) {
  return Vector{} + value;
}
inline float sum(Vector value) {
  float total = 0;
  for (std::size_t i = 0; i < kLanes; ++i) total += value[i];
  return total;
}

/// Rows become columns: kLanes vectors of kLanes lanes.
inline void transpose(Vector* v) {
#ifdef __AVX2__
  Vector t[8];
  for (std::size_t i = 0; i < 8; i += 2) {
    t[i] = __builtin_shuffle(v[i], v[i + 1], Mask{0, 8, 1, 9, 4, 12, 5, 13});
    t[i + 1] = __builtin_shuffle(v[i], v[i + 1], Mask{2, 10, 3, 11, 6, 14, 7, 15});
  }
  Vector u[8];
  for (std::size_t i = 0; i < 8; i += 4) {
    for (std::size_t j = 0; j < 2; ++j) {
      u[i + 2 * j] = __builtin_shuffle(t[i + j], t[i + j + 2], Mask{0, 1, 8, 9, 4, 5, 12, 13});
      u[i + 2 * j + 1] =
          __builtin_shuffle(t[i + j], t[i + j + 2], Mask{2, 3, 10, 11, 6, 7, 14, 15});
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    v[i] = __builtin_shuffle(u[i], u[i + 4], Mask{0, 1, 2, 3, 8, 9, 10, 11});
    v[i + 4] = __builtin_shuffle(u[i], u[i + 4], Mask{4, 5, 6, 7, 12, 13, 14, 15});
  }
#else
  const Vector a = __builtin_shuffle(v[0], v[1], Mask{0, 4, 1, 5});
  const Vector b = __builtin_shuffle(v[0], v[1], Mask{2, 6, 3, 7});
  const Vector c = __builtin_shuffle(v[2], v[3], Mask{0, 4, 1, 5});
  const Vector d = __builtin_shuffle(v[2], v[3], Mask{2, 6, 3, 7});
  v[0] = __builtin_shuffle(a, c, Mask{0, 1, 4, 5});
  v[1] = __builtin_shuffle(a, c, Mask{2, 3, 6, 7});
  v[2] = __builtin_shuffle(b, d, Mask{0, 1, 4, 5});
  v[3] = __builtin_shuffle(b, d, Mask{2, 3, 6, 7});
#endif
}

inline float dot(const float* a, const float* b, std::size_t size) {
  Vector even{};
  Vector odd{};
  std::size_t i = 0;
  for (; i + 2 * kLanes <= size; i += 2 * kLanes) {
    even += load(a + i) * load(b + i);
    odd += load(a + i + kLanes) * load(b + i + kLanes);
  }
  float total = sum(even + odd);
  for (; i < size; ++i) total += a[i] * b[i];
  return total;
}

/// to += factor · from
inline void add(float* to, const float* from, float factor, std::size_t size) {
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) store(to + i, load(to + i) + load(from + i) * factor);
  for (; i < size; ++i) to[i] += factor * from[i];
}

inline void clear(float* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = 0;
}

}  // namespace
}  // namespace tillsight::als
