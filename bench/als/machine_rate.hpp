/// \file
/// The rate of this machine's own matrix product, in GFLOP/s: what training is measured against.
#pragma once

namespace tillsight::bench {

/// float32, 1,024 × 1,024 × 1,024, one product on each thread; the best of several.
double machine_rate_gflops(int threads);

}  // namespace tillsight::bench
