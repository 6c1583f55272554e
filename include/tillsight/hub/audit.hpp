/// \file
/// Proves head office's database: every event is what its till sealed, none is missing, the columns
/// say what was sealed, and what it all adds up to. Reads beside a running hub, a slice at a time.
///
/// **Threads** thread-safe.
#pragma once

#include <filesystem>
#include <functional>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/audit.hpp"

namespace tillsight::hub {

/// What is missing for less than this is on its way.
inline constexpr std::chrono::minutes kOnItsWay{1};

/// Adds every journal of the database in `folder` to `audit`.
/// \param progress told from 0 to 1.
/// \return an error if the database cannot be read at all; what is wrong in it is in the audit.
Status audit_hub(const std::filesystem::path& folder, const Clock& clock, Audit& audit,
                 const std::function<void(double)>& progress);

}  // namespace tillsight::hub
