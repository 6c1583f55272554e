// Goal: keypads and scanners are found, read, missed and found again.
// Method: pipes in a folder stand for devices and carry real input_event records; a writer that
// closes its end is a keypad that was pulled out. A kernel's own device: kernel_device_test.cpp.
#include "tillsight/station/input_devices.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/queue/doorbell.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Bench {
 public:
  explicit Bench(std::string keypad, std::string scanner = "")
      : devices_({path(keypad), path(scanner)}, clock_) {}
  ~Bench() {
    for (const auto& [name, fd] : writers_) ::close(fd);
  }

  void plug_in(const std::string& name) {
    ASSERT_EQ(::mkfifo((folder_ / name.c_str()).c_str(), 0600), 0);
    look();
    writers_[name] = ::open((folder_ / name.c_str()).c_str(), O_WRONLY | O_NONBLOCK);
    ASSERT_GE(writers_[name], 0) << "nobody reads " << name;
  }
  void pull_out(const std::string& name) {
    std::filesystem::remove(folder_ / name.c_str());
    ::close(writers_[name]);
    writers_.erase(name);
    run();
  }
  void press(const std::string& name, int code) {
    now_us_ += 200'000;
    write(name, code);
  }
  /// As fast as a scanner.
  void burst(const std::string& name, std::initializer_list<int> codes) {
    now_us_ += 200'000;
    for (const int code : codes) {
      now_us_ += 2'000;
      write(name, code);
    }
  }
  void run() {
    devices_.run_once(milliseconds(0), bell_.fd(), [&](InputDevices::Input input) {
      if (const auto* const key = std::get_if<Key>(&input)) said_.emplace_back(name(*key));
      if (const auto* const scan = std::get_if<Scan>(&input)) said_.push_back("scan " + scan->code);
      if (std::holds_alternative<InputDevices::Gone>(input)) said_.emplace_back("gone");
    });
  }
  void pass(milliseconds time) {
    clock_.advance(time);
    run();
  }
  void look() { pass(InputDevices::kLookPeriod); }
  std::vector<std::string> said() {
    run();
    return std::exchange(said_, {});
  }
  std::string state(DeviceRole role) const { return devices_.state(role); }

 private:
  std::string path(const std::string& name) const {
    return name.empty() ? "" : (folder_ / name.c_str()).string();
  }
  void write(const std::string& name, int code) {
    for (const int value : {1, 0}) {
      input_event event{};
      event.input_event_sec = now_us_ / 1'000'000;
      event.input_event_usec = now_us_ % 1'000'000;
      event.type = EV_KEY;
      event.code = static_cast<std::uint16_t>(code);
      event.value = value;
      ASSERT_EQ(::write(writers_.at(name), &event, sizeof event), ssize_t{sizeof event});
    }
  }

  const TempDir folder_;
  FakeClock clock_;
  Doorbell bell_;
  InputDevices devices_;
  std::map<std::string, int> writers_;
  std::int64_t now_us_ = 1'000'000;
  std::vector<std::string> said_;
};

TEST(InputDevices, ReadAKeypadThatComesLater) {
  Bench bench("pad", "gun");
  EXPECT_THAT(bench.state(DeviceRole::kKeypad), HasSubstr("missing: nothing is at "));
  bench.plug_in("pad");
  EXPECT_EQ(bench.state(DeviceRole::kKeypad), "ok");
  bench.press("pad", KEY_KP4);
  bench.press("pad", KEY_KPENTER);
  EXPECT_THAT(bench.said(), ElementsAre("4", "enter"));
}

TEST(InputDevices, SayThatAKeypadIsGoneAndTakeTheNext) {
  Bench bench("pad*", "gun");
  bench.plug_in("pad1");
  bench.press("pad1", KEY_KP4);
  bench.pull_out("pad1");
  EXPECT_THAT(bench.said(), ElementsAre("4", "gone"));
  EXPECT_THAT(bench.state(DeviceRole::kKeypad), HasSubstr("missing"));
  bench.plug_in("pad2");
  bench.press("pad2", KEY_KP5);
  EXPECT_THAT(bench.said(), ElementsAre("5"));
}

TEST(InputDevices, TwoScannersDoNotMixTheirCodes) {
  Bench bench("", "gun*");
  bench.plug_in("gun1");
  bench.plug_in("gun2");
  for (const int code : {KEY_1, KEY_2, KEY_3}) {
    bench.burst("gun1", {code});
    bench.burst("gun2", {code + 4});
    bench.run();
  }
  bench.burst("gun1", {KEY_ENTER});
  bench.burst("gun2", {KEY_ENTER});
  EXPECT_THAT(bench.said(), ElementsAre("scan 123", "scan 567"));
}

TEST(InputDevices, OneDeviceMayBeBoth) {
  Bench bench("pad");
  bench.plug_in("pad");
  bench.burst("pad", {KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_ENTER});
  EXPECT_THAT(bench.said(), ElementsAre("scan 1234567"));
  bench.press("pad", KEY_KP8);
  EXPECT_THAT(bench.said(), ElementsAre());
  bench.pass(KeyStream::kHandLeast);
  EXPECT_THAT(bench.said(), ElementsAre("8"));
}

TEST(InputDevices, AreOffUnlessTheyAreNamed) {
  const Bench bench("");
  EXPECT_EQ(bench.state(DeviceRole::kKeypad), "off");
  EXPECT_EQ(bench.state(DeviceRole::kScanner), "off");
}

}  // namespace
}  // namespace tillsight
