// Goal: a clerk sells with a keypad and a scanner alone, and both may be pulled out in mid-sale.
// Method: the whole till with all its threads, no broker; pipes carry real input_event records from
// the test's keypad, and what the till shows is read from its socket.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "app/till_client.hpp"
#include "tests/app/scripted_eyes.hpp"
#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;
using Json = TillClient::Json;

constexpr milliseconds kPatience{30'000};

class KeypadTill : public ::testing::Test {
 protected:
  KeypadTill() {
    settings_.store.id = StoreId("S01");
    settings_.id = TillId("T01");
    settings_.catalogue = std::filesystem::path(source_dir()) / "config" / "catalogue.csv";
    settings_.journal = folder_ / "till.db";
    settings_.socket = folder_ / "till.sock";
    settings_.frames_per_second = 60;
    settings_.mqtt.port = 1;  // nobody listens there
    settings_.mqtt.client_id = "S01-T01";
    settings_.input.keypad = folder_ / "pad*";
    settings_.input.scanner = folder_ / "gun*";
    EXPECT_TRUE(write_file_atomically(folder_ / "lp0", "").ok());
    settings_.printer = *Printer::parse((folder_ / "lp0").string());
    till_ = std::thread([this] {
      const Status ended =
          run_till(settings_, scripted_eyes(scene_, settings_, clock_), clock_, random_, stop_);
      EXPECT_TRUE(ended.ok()) << ended.error().message();
    });
    connect();
  }

  ~KeypadTill() override {
    ::kill(::getpid(), SIGTERM);
    till_.join();
  }

  void connect() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!client_ && std::chrono::steady_clock::now() < deadline) {
      auto client = TillClient::connect(settings_.socket);
      if (client.ok()) client_.emplace(std::move(client).value());
      if (!client_) stop_.wait(milliseconds(10));
    }
    ASSERT_TRUE(client_.has_value());
  }

  /// The view of the sale once it is as wanted.
  Json view(const char* what, const std::function<bool(const Json&)>& wanted) {
    auto line = client_->wait_for(
        what, [&](const Json& json) { return json["event"] == "sale" && wanted(json); }, kPatience,
        stop_);
    EXPECT_TRUE(line.ok()) << line.error().message();
    return line.ok() ? *line : Json();
  }
  Json at_step(std::string_view step) {
    return view(step.data(), [&](const Json& json) { return json["prompt"]["step"] == step; });
  }

  /// A device whose events come through a pipe.
  class Device {
   public:
    Device(std::filesystem::path file, const StopSignals& stop) : file_(std::move(file)) {
      EXPECT_EQ(::mkfifo(file_.c_str(), 0600), 0);
      const auto deadline = std::chrono::steady_clock::now() + kPatience;
      while (fd_ < 0 && std::chrono::steady_clock::now() < deadline) {
        fd_ = ::open(file_.c_str(), O_WRONLY | O_NONBLOCK);
        if (fd_ < 0) stop.wait(milliseconds(10));
      }
      EXPECT_GE(fd_, 0) << "the till did not take " << file_;
    }
    void pull_out() {
      std::filesystem::remove(file_);
      ::close(fd_);
    }
    void press(std::initializer_list<int> codes) { write(codes, milliseconds(150)); }
    void burst(std::initializer_list<int> codes) { write(codes, milliseconds(2)); }

   private:
    void write(std::initializer_list<int> codes, milliseconds apart) {
      for (const int code : codes) {
        now_ += apart;
        for (const int value : {1, 0}) {
          input_event event{};
          event.input_event_sec = now_.count() / 1000;
          event.input_event_usec = now_.count() % 1000 * 1000;
          event.type = EV_KEY;
          event.code = static_cast<std::uint16_t>(code);
          event.value = value;
          EXPECT_EQ(::write(fd_, &event, sizeof event), ssize_t{sizeof event});
        }
      }
    }

    std::filesystem::path file_;
    int fd_ = -1;
    milliseconds now_{1'000};
  };

  /// Waits until the paper shows it.
  void expect_printed(std::string_view text) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto shown = [&] { return read_file(folder_ / "lp0")->find(text) != std::string::npos; };
    while (!shown() && std::chrono::steady_clock::now() < deadline) stop_.wait(milliseconds(10));
    EXPECT_TRUE(shown()) << text << " is not in " << *read_file(folder_ / "lp0");
  }

  TempDir folder_;
  TillSettings settings_;
  Scene scene_;
  SystemClock clock_;
  SystemRandom random_;
  StopSignals stop_;
  std::thread till_;
  std::optional<TillClient> client_;
};

TEST_F(KeypadTill, SellsWithKeypadAndScannerAlone) {
  Device pad(folder_ / "pad", stop_);
  Device gun(folder_ / "gun", stop_);
  scene_.show("bottle");
  view("the question", [](const Json& json) { return json["asks"] == 1; });
  pad.press({KEY_KPENTER});
  at_step("choose");
  pad.press({KEY_KP2});
  view("the answer", [](const Json& json) {
    return json["asks"] == 0 && json["lines"].size() == 1 &&
           json["lines"][0]["sku"] == "bottle-steel";
  });
  // "2000000000091" is a product of the shipped list.
  gun.burst({KEY_2, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_0, KEY_9,
             KEY_1, KEY_ENTER});
  view("the scanned product", [](const Json& json) { return json["lines"].size() == 2; });
  pad.press({KEY_KP3, KEY_KPASTERISK});
  view("three of it", [](const Json& json) { return json["lines"][1]["quantity"] == 3; });
  pad.press({KEY_KPSLASH, KEY_KP1, KEY_KP9, KEY_KP8, KEY_KP7, KEY_KP6, KEY_KP5, KEY_KP4, KEY_KP3,
             KEY_KP2, KEY_KP1, KEY_KP0, KEY_KPENTER});
  view("the customer", [](const Json& json) { return json["customer"].is_string(); });
  pad.press({KEY_KPENTER, KEY_KP2, KEY_KPENTER});
  const auto committed = client_->wait_for(
      "the receipt", [](const Json& json) { return json["event"] == "committed"; }, kPatience,
      stop_);
  ASSERT_TRUE(committed.ok()) << committed.error().message();
  EXPECT_NE(committed->value("receipt", "").find("Paid by card"), std::string::npos);
  scene_.show("");
  pad.press({KEY_KPENTER});
  view("the next sale", [](const Json& json) { return json["state"] == "open"; });
}

TEST_F(KeypadTill, PrintsWhatIsSoldAndOnceMoreAsACopy) {
  Device pad(folder_ / "pad", stop_);
  pad.press({KEY_KP2, KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP0,
             KEY_KP0, KEY_KP0, KEY_KP9, KEY_KP1, KEY_KPENTER});
  view("the product", [](const Json& json) { return json["lines"].size() == 1; });
  pad.press({KEY_KPENTER, KEY_KP1, KEY_KPENTER});
  expect_printed("Paid by cash");
  EXPECT_EQ(read_file(folder_ / "lp0")->find("COPY"), std::string::npos);
  pad.press({KEY_KPSLASH, KEY_KP7, KEY_KPENTER});
  expect_printed("COPY");
}

TEST_F(KeypadTill, GoesOnWithAnotherKeypadAndNothingHalfTyped) {
  Device first(folder_ / "pad1", stop_);
  first.press({KEY_KP1, KEY_KP2});
  view("two digits", [](const Json& json) { return json["prompt"]["typed"] == "12"; });
  first.pull_out();
  view("no digits", [](const Json& json) { return json["prompt"]["typed"] == ""; });
  Device second(folder_ / "pad2", stop_);
  second.press({KEY_KP7});
  view("the next digit", [](const Json& json) { return json["prompt"]["typed"] == "7"; });
}

}  // namespace
}  // namespace tillsight::app
