/// \file
/// Randomness as a seam: the kernel's in production, a seed's in tests and in the simulator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace tillsight {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  std::uint64_t next_u64();
  /// \return uniform in [0, 1); for jitter.
  double next_unit();
};

/// getrandom(2). **Threads** thread-safe.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

/// Same seed, same bytes. **Threads** thread-compatible. Never for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace tillsight
