/// \file
/// Where the page's actions come in: read here, completed by the station thread like any other.
///
/// **Threads** thread-safe.
#pragma once

#include "app/till_queues.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/web/kiosk_server.hpp"

namespace tillsight::app {

class PagePort final : public web::KioskPort {
 public:
  /// \param queues of the till that sells now, borrowed; null: none does, and the page is told.
  void lead_to(TillQueues* queues) {
    const MutexLock lock(mutex_);
    queues_ = queues;
  }
  Answer act(std::string_view lines) override;

 private:
  Mutex mutex_;
  TillQueues* queues_ TILLSIGHT_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace tillsight::app
