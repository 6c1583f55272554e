// libFuzzer's way in: TILLSIGHT_FUZZ_TARGET names the decoder. `./dev fuzz` runs them all.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/targets.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/log.hpp"

namespace {

const tillsight::fuzz::Target& chosen() {
  const char* name = std::getenv("TILLSIGHT_FUZZ_TARGET");
  for (const auto& target : tillsight::fuzz::targets()) {
    if (name != nullptr && target.name == name) return target;
  }
  tillsight::check_failed("TILLSIGHT_FUZZ_TARGET names no target; see tests/fuzz/targets.cpp", "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tillsight::fuzz::Target& target = [&]() -> const tillsight::fuzz::Target& {
    tillsight::log::set_level(tillsight::log::Level::kError);
    return chosen();
  }();
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
