/// \file
/// A shop's years, made up: seasons, weekdays, hours, and customers with tastes, so that reports
/// and recommendations have something to find before the first real year is over.
///
/// Every invoice says `origin: synthetic`, and so does whatever counts it. Its customers' phones
/// are the thousand that Ofcom keeps for drama (+44 7700 900000 to 900999): they are nobody's.
///
/// The same settings and price list give the same bytes.
///
/// **Threads** thread-compatible. **Source** the shape of the history that the original project
/// came with: 2018 to 2022, 1,300 to 1,800 invoices a month, top customers with about 125 visits.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/exchange/import.hpp"
#include "tillsight/exchange/mapping.hpp"

namespace tillsight::exchange {

inline constexpr int kSyntheticCustomersMax = 1'000;

struct HistorySettings {
  std::chrono::year_month_day from{std::chrono::year(2018), std::chrono::month(1),
                                   std::chrono::day(1)};
  std::chrono::year_month_day to{std::chrono::year(2022), std::chrono::month(12),
                                 std::chrono::day(31)};
  std::int64_t invoices = 92'000;
  int customers = kSyntheticCustomersMax;
  std::uint64_t seed = 1;
  std::string store = "S01";
  int tills = 3;  ///< T01, T02, …
  std::string currency = "INR";
  std::string time_zone = "Asia/Kolkata";
};

/// Writes a file that `tillsight import` reads.
/// \param catalogue what the shop sells; at least one product, with prices in the currency.
/// \return kAlreadyExists if there is such a file, kInvalidArgument for settings that make no
/// sense, kCancelled if `go_on` said so; `file` is then not there.
Status generate_history(const std::filesystem::path& file, Form form,
                        const HistorySettings& settings, const Catalogue& catalogue,
                        const GoOn& go_on);

}  // namespace tillsight::exchange
