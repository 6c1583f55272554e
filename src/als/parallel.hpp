/// \file
/// One loop on several threads, chunk by chunk: who is done takes the next. Nothing outlives the
/// call, so who calls it still knows no thread.
#pragma once

#include <cstddef>
#include <functional>

namespace tillsight::als {

/// Calls `each(worker, item)` once for every item below `items`, a worker's calls one after the
/// other. \param threads at least 1; if the system gives fewer, it takes fewer.
void in_parallel(int threads, std::size_t items,
                 const std::function<void(std::size_t worker, std::size_t item)>& each);

/// \param asked 0: as many as the machine has.
int threads_for(int asked);

}  // namespace tillsight::als
