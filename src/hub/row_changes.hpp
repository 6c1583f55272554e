/// \file
/// Two versions of a sorted list of ranges, each a row: only the rows that differ are written. A
/// till that numbers with holes must not make every batch of everybody rewrite a table.
#pragma once

#include <utility>

#include "tillsight/core/result.hpp"

namespace tillsight::hub {

/// \param before, after sorted by `first`, which is the row's key.
/// \param erase takes the key of a row that is gone, \param put a row that is new or has changed.
template <typename Ranges, typename Erase, typename Put>
Status write_changes(const Ranges& before, const Ranges& after, Erase erase, Put put) {
  auto was = before.begin();
  for (const auto& is : after) {
    for (; was != before.end() && was->first < is.first; ++was) TILLSIGHT_TRY(erase(was->first));
    const bool same_key = was != before.end() && was->first == is.first;
    if (!same_key || !(*was == is)) TILLSIGHT_TRY(put(is));
    if (same_key) ++was;
  }
  for (; was != before.end(); ++was) TILLSIGHT_TRY(erase(was->first));
  return {};
}

}  // namespace tillsight::hub
