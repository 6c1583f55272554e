#include "columns/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "tillsight/columns/baskets.hpp"

namespace tillsight::columns {

void in_parallel(int threads, std::size_t items,
                 const std::function<void(int worker, std::size_t item)>& each) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&](int worker) {
    for (std::size_t item = next++; item < items; item = next++) each(worker, item);
  };
  const int helpers = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads),
                                                             std::max<std::size_t>(items, 1))) -
                      1;
  std::vector<std::jthread> others;
  try {
    for (int worker = 1; worker <= helpers; ++worker) others.emplace_back(work, worker);
  } catch (const std::system_error&) {
    // No thread to be had: the others do it all.
  }
  work(0);
}

int threads_for(int asked) {
  return asked > 0 ? asked : default_threads();
}

int default_threads() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace tillsight::columns
