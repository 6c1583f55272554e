#include "als/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace tillsight::als {

void in_parallel(int threads, std::size_t items,
                 const std::function<void(std::size_t worker, std::size_t item)>& each) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&](std::size_t worker) {
    for (std::size_t item = next++; item < items; item = next++) each(worker, item);
  };
  const std::size_t workers = std::min(static_cast<std::size_t>(threads), items);
  std::vector<std::jthread> others;
  try {
    for (std::size_t worker = 1; worker < workers; ++worker) others.emplace_back(work, worker);
  } catch (const std::system_error&) {
    // No thread to be had: the others do it all.
  }
  work(0);
}

int threads_for(int asked) {
  return asked > 0 ? asked : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace tillsight::als
