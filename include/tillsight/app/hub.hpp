/// \file
/// The daemon at head office: broker → ingest → database → acknowledgement.
///
/// One thread does it all: an acknowledgement may only follow the commit, so nothing would be won
/// by doing them side by side.
///
/// **Errors** A broker that is away is retried for ever. A database that cannot be written is
/// retried while that can help; data loss ends the daemon, loudly, with nothing acknowledged.
#pragma once

#include "tillsight/app/settings.hpp"
#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::app {

/// Runs until a stop is asked for; writes what is pending and says goodbye before it returns.
Status run_hub(const HubSettings& settings, const StopSignals& stop);

}  // namespace tillsight::app
