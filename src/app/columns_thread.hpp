/// \file
/// The hub's columns thread: extends the columnar copy after commits, at most every five seconds.
///
/// It reads the database over a connection of its own; what goes wrong is logged once and tried
/// again, and costs nobody an answer.
///
/// **Threads** thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <thread>

#include "tillsight/core/mutex.hpp"

namespace tillsight::app {

class ColumnsThread {
 public:
  /// Begins with what is missing. \pre the folder holds a database.
  explicit ColumnsThread(std::filesystem::path hub_folder);

  /// Something was committed.
  void wake();

 private:
  void run(const std::stop_token& stop);

  // Constant after construction.
  const std::filesystem::path folder_;
  // Thread-safe on its own.
  CondVar due_;
  // Guarded by mutex_.
  Mutex mutex_;
  bool is_due_ TILLSIGHT_GUARDED_BY(mutex_) = false;
  // Ends before all of them go.
  std::jthread thread_;
};

}  // namespace tillsight::app
