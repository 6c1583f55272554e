/// \file
/// The tables of hub.db and persons.db. What others may rely on are the views, named v_…; their
/// columns are described in docs/head-office.md.
#pragma once

#include <string_view>

#include "tillsight/sql/migration.hpp"

namespace tillsight::hub {

inline constexpr std::string_view kSalesFile = "hub.db";
inline constexpr std::string_view kPersonsFile = "persons.db";

const sql::Schema& sales_schema();
const sql::Schema& persons_schema();

}  // namespace tillsight::hub
