/// \file
/// Proves a till's journal: every event is what was sealed, none is missing, and what they add up
/// to. Reads beside a running till, a slice at a time, so that its log never waits for the auditor.
///
/// **Threads** thread-safe.
#pragma once

#include <filesystem>
#include <functional>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/audit.hpp"

namespace tillsight {

/// Adds the journal in `file` to `audit`. Needs no key: persons are not looked at.
/// \param progress told from 0 to 1.
/// \return an error if the file cannot be read at all; what is wrong in it is in the audit.
Status audit_journal(const std::filesystem::path& file, Audit& audit,
                     const std::function<void(double)>& progress);

}  // namespace tillsight
