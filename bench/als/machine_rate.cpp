#include "bench/als/machine_rate.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace tillsight::bench {

double machine_rate_gflops(int threads) {
  constexpr int kSize = 1'024;
  constexpr int kProducts = 8;
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(kSize, kSize);
  const Eigen::MatrixXf b = Eigen::MatrixXf::Random(kSize, kSize);
  std::vector<Eigen::MatrixXf> results(static_cast<std::size_t>(threads),
                                       Eigen::MatrixXf::Zero(kSize, kSize));
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const auto start = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> workers;
      for (Eigen::MatrixXf& result : results) {
        workers.emplace_back([&] {
          for (int i = 0; i < kProducts; ++i) result.noalias() = a * b;
        });
      }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::max(best, 2.0 * kSize * kSize * kSize * kProducts * threads / 1e9 / taken.count());
  }
  return best;
}

}  // namespace tillsight::bench
