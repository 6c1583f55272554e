// Goal: receipts come out in order, each once, whenever the printer can; a sale never waits.
// Method: the printer's thread over a path where a file, as a printer, appears later.
#include <gtest/gtest.h>

#include <thread>

#include "app/till_threads.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

TEST(PrinterThread, PrintsWhatWaitedOnceThePrinterIsThere) {
  const TempDir folder;
  const std::string device = folder / "lp0";
  const Printer printer = *Printer::parse(device);
  const PagePaper paper;
  TillQueues queues(1);
  ASSERT_TRUE(queues.prints.try_push({"first\n", Sequence(1)}));
  ASSERT_TRUE(queues.prints.try_push({"an X\n", std::nullopt}));
  ASSERT_TRUE(queues.prints.try_push({"second\n", Sequence(2)}));
  std::jthread thread(
      [&](std::stop_token stop) { run_printer(printer, paper, queues, std::move(stop)); });
  const std::stop_source no_stop;
  Doorbell pause;
  const auto until = [&](auto ready) {
    for (int i = 0; i < 1000 && !ready(); ++i) {
      pause.wait(no_stop.get_token(), milliseconds(10), [] { return false; });
    }
    return ready();
  };
  ASSERT_TRUE(until([&] { return queues.printer.get().starts_with("printer " + device); }));
  ASSERT_TRUE(write_file_atomically(device, "").ok());
  ASSERT_TRUE(until([&] { return queues.printed.size() == 2; }));
  EXPECT_EQ(queues.printer.get(), "ok");
  EXPECT_EQ(queues.printed.try_pop(), Sequence(1));
  EXPECT_EQ(queues.printed.try_pop(), Sequence(2));
  const std::string paper_roll = *read_file(device);
  EXPECT_LT(paper_roll.find("first"), paper_roll.find("an X"));
  EXPECT_LT(paper_roll.find("an X"), paper_roll.find("second"));
  EXPECT_EQ(paper_roll.find("first"), paper_roll.rfind("first"));
}

}  // namespace
}  // namespace tillsight::app
