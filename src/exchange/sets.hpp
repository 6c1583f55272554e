/// \file
/// Where each set's rows come from.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "tillsight/exchange/export.hpp"

namespace tillsight::exchange {

/// Texts of SQL; none of them ever comes from a caller.
struct SetReader::Source {
  SetInfo info;
  std::span<const std::string_view> columns;
  std::string_view from;    ///< a view, or a join of one
  std::string_view event;   ///< the cursor's first part; empty: no cursor
  std::string_view part;    ///< its second; empty: none
  std::string_view order;   ///< without a cursor
  bool by_date = false;     ///< the index of invoices by date says where to begin
  bool recommends = false;  ///< reads what a training has stored
};

std::span<const SetReader::Source> sources();

}  // namespace tillsight::exchange
