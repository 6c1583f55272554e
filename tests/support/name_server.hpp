/// \file
/// A name server for a network namespace: every name is this machine, as long as it answers.
///
/// **Threads** thread-safe; answers in a thread of its own.
#pragma once

#include <atomic>
#include <thread>

namespace tillsight::test {

class NameServer {
 public:
  /// Listens on port 53 of loopback. \pre inside a NetworkNamespace.
  NameServer();
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  /// Questions are no longer answered, which is how a name server usually fails.
  void fall_silent() { silent_ = true; }
  void answer_again() { silent_ = false; }
  /// How many questions came while it was silent.
  int unanswered() const { return unanswered_; }

 private:
  void run(const std::stop_token& stop);
  void answer_one();

  const int socket_;
  const int wake_fd_;
  std::atomic<bool> silent_{false};
  std::atomic<int> unanswered_{0};
  std::jthread thread_;
};

}  // namespace tillsight::test
