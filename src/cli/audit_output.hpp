/// \file
/// An audit for a person, a spreadsheet and a program, and what a program reads back.
#pragma once

#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/audit.hpp"

namespace tillsight::cli {

std::string audit_table(const Audit& audit);
/// A header line, and a row for each period and tax rate; amounts are plain decimals.
std::string audit_csv(const Audit& audit);
std::string audit_json(const Audit& audit);

/// \return what differences() needs, kInvalidArgument unless `json` is from audit_json().
Result<Audit> parse_audit(std::string_view json);

}  // namespace tillsight::cli
