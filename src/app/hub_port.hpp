/// \file
/// What head office's HTTP server needs, from the folder of the databases.
///
/// It reads over connections of its own, also while the hub writes; what must be written goes to
/// the running hub, over its socket.
///
/// **Threads** thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tillsight/app/settings.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/web/hub_server.hpp"

namespace tillsight::app {

inline constexpr int kPageRowsMax = 10'000;
inline constexpr int kPageRows = 1'000;

class HubData final : public web::HubPort {
 public:
  /// \param clock must outlive it.
  HubData(HubSettings settings, const Clock& clock);

  Result<std::vector<web::TokenHolder>> holders() override;
  Result<web::HubAnswer> answer(const web::HubQuestion& question) override;
  Result<std::vector<web::HubNews>> news(std::int64_t after, int count_max) override;
  Result<std::int64_t> newest() override;
  Status record_person_read(const std::string& who, const std::string& what) override;
  void mark_used(std::int64_t token_id) override;
  Result<std::string> metrics() override;

  /// Tells the hub which tokens were used since the last call.
  void note_uses();

 private:
  const HubSettings settings_;
  const Clock& clock_;
  Mutex reports_mutex_;
  eda::Reports reports_ TILLSIGHT_GUARDED_BY(reports_mutex_);
  Mutex mutex_;
  std::vector<std::int64_t> used_ TILLSIGHT_GUARDED_BY(mutex_);
};

}  // namespace tillsight::app
