/// \file
/// A program that this program started, and ends: by object life, by name of its log, never by name
/// of the program.
///
/// **Ownership** The process ends with the object, and with this process however that ends.
/// **Threads** thread-bound to the thread that starts it: the kernel ends it with that thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight::app {

/// kLast: it gets the processor and the disk when nobody else wants them, and is the first to go
/// when memory runs out.
enum class Turn { kEqual, kLast };

class ChildProcess {
 public:
  /// Starts `arguments[0]` in a process group of its own, so that a Ctrl-C on the terminal is its
  /// starter's to handle. Reads nothing; what it prints goes to `log`, which is appended to.
  /// \return kNotFound if there is no such program.
  static Result<ChildProcess> start(const std::vector<std::string>& arguments,
                                    const std::filesystem::path& log, Turn turn = Turn::kEqual);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess() { stop(); }

  pid_t pid() const { return pid_; }
  /// \return whether it still runs.
  bool running();
  /// As waitpid() has it. \pre it ended by itself, and running() has said so
  int wait_status() const { return wait_status_; }
  /// SIGTERM, and SIGKILL to one that has not ended after `patience`. Does nothing the second time.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));
  /// SIGKILL: it gets no chance to tidy up.
  void kill();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = 0;  // 0: ended
  int wait_status_ = 0;
};

/// \return a loopback TCP port on which nobody listens.
Result<int> free_loopback_port();

/// \return whether somebody listens on the loopback port.
bool listens(int port);

}  // namespace tillsight::app
