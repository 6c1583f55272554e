#include <algorithm>

#include "als/kernels.hpp"

namespace tillsight::als {

#ifdef TILLSIGHT_HAS_AVX2
extern const Kernels kAvx2Kernels;

const Kernels* avx2_kernels() {
  static const bool there = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return there ? &kAvx2Kernels : nullptr;
}
#else
const Kernels* avx2_kernels() {
  return nullptr;
}
#endif

const Kernels& kernels() {
  const Kernels* avx2 = avx2_kernels();
  return avx2 != nullptr ? *avx2 : generic_kernels();
}

std::size_t scratch_floats(const Kernels& kernels, std::size_t rank, std::size_t longest) {
  const std::size_t size = padded(rank, kernels.tile);
  const std::size_t gathered = std::max<std::size_t>(128, size) * size;
  const std::size_t batch = kernels.lanes * (2 * size * size + 2 * size) + gathered + 2 * size;
  return batch + kernels.lanes * longest + 4 * size + kernels.lanes;
}

}  // namespace tillsight::als
