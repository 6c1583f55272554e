// Goal: what the kernel calls an input device is found, grabbed and read.
// Method: umockdev puts a device under /dev/input that answers like the kernel's and plays recorded
// events; this program runs inside it (CMakeLists.txt).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tillsight/queue/doorbell.hpp"
#include "tillsight/station/input_devices.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

TEST(KernelDevice, IsGrabbedAndRead) {
  const SystemClock clock;
  const Doorbell bell;
  InputDevices devices({"/dev/input/event*", "/dev/input/none"}, clock);
  EXPECT_EQ(devices.state(DeviceRole::kKeypad), "ok");
  std::vector<std::string> keys;
  const MonotonicTime deadline = clock.monotonic_now() + std::chrono::seconds(20);
  while (keys.size() < 6 && clock.monotonic_now() < deadline) {
    devices.run_once(milliseconds(100), bell.fd(), [&](InputDevices::Input input) {
      if (const auto* const key = std::get_if<Key>(&input)) keys.emplace_back(name(*key));
    });
  }
  EXPECT_THAT(keys, ElementsAre("4", "0", "1", "enter", "times", "num"));
}

}  // namespace
}  // namespace tillsight
