/// \file
/// Head office's page beside the daemon: started when its address can be had, again when its
/// certificate is renewed, and no reason to stop storing when it cannot.
///
/// **Threads** thread-safe; it has one of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <thread>

#include "app/hub_port.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/web/hub_server.hpp"

namespace tillsight::app {

class HubPage {
 public:
  /// Without a port in the settings there is no page. \param clock, random must outlive it.
  HubPage(const HubSettings& settings, const Clock& clock, Random& random);
  ~HubPage();
  HubPage(const HubPage&) = delete;
  HubPage& operator=(const HubPage&) = delete;

  /// Something was stored.
  void wake();

 private:
  void run(const std::stop_token& stop);
  void start();
  bool certificate_changed();

  // Constant after construction.
  const HubSettings settings_;
  const Clock& clock_;
  Random& random_;
  // Touched only by the own thread.
  std::filesystem::file_time_type certificate_of_{};
  std::string failure_;
  // Thread-safe on its own.
  HubData data_;
  // Guarded by mutex_.
  Mutex mutex_;
  CondVar never_;
  std::unique_ptr<web::HubServer> server_ TILLSIGHT_GUARDED_BY(mutex_);
  // Last, so that it ends before what it uses.
  std::jthread thread_;
};

}  // namespace tillsight::app
