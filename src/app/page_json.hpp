/// \file
/// What the page is told besides the sale: the till's health, and what the camera sees.
///
/// **Threads** the functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/till_queues.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight::app {

/// What stays as it is for as long as the till runs. **Ownership** borrows; all must outlive it.
struct PageFacts {
  StoreId store;
  TillId till;
  const Catalogue& catalogue;
  const TimeZone& zone;
};

struct PageStatus {
  TillStatus till;
  std::string head_office;  ///< as head_office() says
  UtcTime now;
  std::int64_t frames = 0;  ///< that the detector has finished with
  TillFigures figures{};    ///< of the till's own work since it was started
  /// Name and state ("ok", or what is wrong) of what is plugged in or should be; "off": nobody
  /// wants it.
  std::vector<std::pair<std::string_view, std::string>> devices{};
};

/// \return "online", "away", "no network", or "refused: …" where a person must act.
/// \param trouble with the connection, or with what is published over it.
std::string head_office(bool connected, bool hub_is_there, const std::optional<Error>& trouble);

/// `{"event":"status",…}`, described in docs/clerk-actions.md.
std::string status_json(const PageStatus& status, const PageFacts& facts);
/// `{"event":"seen",…}`; boxes are fractions of the picture.
std::string seen_json(const Seen& seen, const Catalogue& catalogue);
/// Prometheus' text form.
std::string metrics_text(const PageStatus& status, const PageFacts& facts);

}  // namespace tillsight::app
