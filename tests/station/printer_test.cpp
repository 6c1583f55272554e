// Goal: a receipt comes out whole or is said not to have, and nobody waits for a printer for ever.
// Method: a file and a pipe stand for devices, a listening socket of the test's own for a printer
// in the net that answers as Epson's do.
#include "tillsight/station/printer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <string>
#include <thread>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/station/escpos.hpp"

namespace tillsight {
namespace {

using ::testing::HasSubstr;

/// Takes one receipt, and says of its paper what the test wants.
class NetPrinter {
 public:
  explicit NetPrinter(std::string answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = std::bit_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_, any, size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, any, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~NetPrinter() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }

  Printer address() const { return *Printer::parse("127.0.0.1:" + std::to_string(port_)); }
  /// Everything that came, once the line is closed.
  std::string received() {
    thread_.join();
    return received_;
  }

 private:
  void serve() {
    const int line = ::accept(listener_, nullptr, nullptr);
    std::size_t asked = 0;
    char block[4096];
    while (true) {
      const ssize_t size = ::read(line, block, sizeof block);
      if (size <= 0) break;
      received_.append(block, static_cast<std::size_t>(size));
      while (asked < answers_.size() && questions() > asked) {
        EXPECT_EQ(::send(line, &answers_[asked++], 1, MSG_NOSIGNAL), 1);
      }
    }
    ::close(line);
  }
  std::size_t questions() const {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = received_.find(kAskPaper, at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  }

  const std::string answers_;
  int listener_ = -1;
  int port_ = 0;
  std::string received_;
  std::thread thread_;
};

TEST(Printer, PrintsToAPrinterInTheNet) {
  NetPrinter printer("\x12\x12");
  ASSERT_TRUE(printer.address().print("receipt").ok());
  EXPECT_EQ(printer.received(), std::string(kAskPaper) + "receipt" + std::string(kAskPaper));
}

TEST(Printer, WithoutPaperIsGivenNothing) {
  NetPrinter printer("\x72");
  const Status printed = printer.address().print("receipt");
  ASSERT_FALSE(printed.ok());
  EXPECT_EQ(printed.error().code(), Code::kUnavailable);
  EXPECT_THAT(printed.error().message(), HasSubstr("out of paper; put a new roll in"));
  EXPECT_EQ(printer.received(), kAskPaper);
}

TEST(Printer, WhosePaperEndsInTheReceiptHasNotPrintedIt) {
  NetPrinter printer("\x12\x72");
  EXPECT_FALSE(printer.address().print("receipt").ok());
}

TEST(Printer, ThatSaysNothingIsTakenToHavePaper) {
  NetPrinter printer("");
  EXPECT_TRUE(printer.address().print("receipt").ok());
}

TEST(Printer, MayBeADeviceThatOnlyListens) {
  const TempDir folder;
  const std::string device = folder / "lp0";
  ASSERT_TRUE(write_file_atomically(device, "").ok());
  ASSERT_TRUE(Printer::parse(device)->print("one ").ok());
  ASSERT_TRUE(Printer::parse(device)->print("two").ok());
  EXPECT_EQ(*read_file(device), "one two");
}

TEST(Printer, ThatIsGoneIsNamedWithARemedy) {
  const Status gone = Printer::parse("/dev/tillsight/none")->print("receipt");
  ASSERT_FALSE(gone.ok());
  EXPECT_THAT(gone.error().message(), HasSubstr("printer /dev/tillsight/none: "));
  EXPECT_THAT(gone.error().message(), HasSubstr("is it plugged in"));
  EXPECT_THAT(Printer::parse("127.0.0.1:1")->print("receipt").error().message(),
              HasSubstr("is it switched on"));
}

TEST(Printer, ThatTakesNothingIsLeftAtAStop) {
  const TempDir folder;
  const std::string pipe = folder / "lp0";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  int stop[2];
  ASSERT_EQ(::pipe(stop), 0);
  ASSERT_EQ(::write(stop[1], "x", 1), 1);
  const Status stopped = Printer::parse(pipe)->print(std::string(1'000'000, 'x'), stop[0]);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  ::close(stop[0]);
  ::close(stop[1]);
}

TEST(Printer, AddressesAreDevicesOrHostAndPort) {
  for (const char* const good : {"/dev/usb/lp0", "192.168.1.50:9100", "printer.local:9100"}) {
    EXPECT_TRUE(Printer::parse(good).ok()) << good;
  }
  for (const char* const bad : {"", "lp0", "printer", ":9100", "host:", "host:port", "h:123456"}) {
    EXPECT_FALSE(Printer::parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace tillsight
