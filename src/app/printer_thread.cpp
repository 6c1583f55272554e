#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/station/escpos.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
/// A printer without paper is asked again this often.
constexpr milliseconds kPause{2'000};

class PrinterLoop {
 public:
  PrinterLoop(const Printer& printer, const PagePaper& paper, TillQueues& queues, int stop_fd)
      : printer_(printer), paper_(paper), queues_(queues), stop_fd_(stop_fd) {}

  /// Prints until nothing waits, the printer does not, or a stop.
  /// \return whether something waits.
  bool print_all() {
    while (waiting_ || (waiting_ = queues_.prints.try_pop())) {
      if (!print(*waiting_)) return true;
      waiting_.reset();
    }
    return false;
  }

  void finish() {
    const std::size_t left = queues_.prints.size() + (waiting_ ? 1 : 0);
    if (left > 0) log::warning("printer: {} receipt(s) were not printed; reprint them", left);
  }

 private:
  bool print(const PrintJob& job) {
    const auto bytes = escpos(job.text, paper_);
    if (!bytes.ok()) {  // no printer would take it
      say(bytes.error().message());
      return true;
    }
    const Status printed = printer_.print(*bytes, stop_fd_);
    if (!printed.ok()) {
      if (printed.error().code() != Code::kCancelled) say(printed.error().message());
      return false;
    }
    say("ok");
    // What is not noted down is only not known to be printed.
    if (job.of) (void)queues_.printed.try_push(Sequence(*job.of));
    return true;
  }

  void say(const std::string& state) {
    if (state == queues_.printer.get()) return;
    queues_.printer.set(state);
    if (state == "ok") {
      log::info("printer: ready again");
    } else {
      log::warning("{}", state);
    }
  }

  const Printer& printer_;
  const PagePaper& paper_;
  TillQueues& queues_;
  const int stop_fd_;
  std::optional<PrintJob> waiting_;
};

}  // namespace

void run_printer(const Printer& printer, const PagePaper& paper, TillQueues& queues,
                 std::stop_token stop) {
  if (printer.address().empty()) return;
  Doorbell stopped;  // the other bell also rings for the next receipt
  stopped.arm();
  const std::stop_callback wake(stop, [&] { stopped.ring(); });
  PrinterLoop loop(printer, paper, queues, stopped.fd());
  while (!stop.stop_requested()) {
    if (loop.print_all()) {
      queues.printer_bell.wait(stop, kPause, [] { return false; });
    } else {
      queues.printer_bell.wait(stop, kStopLatency, [&] { return queues.prints.size() > 0; });
    }
  }
  loop.finish();
}

}  // namespace tillsight::app
