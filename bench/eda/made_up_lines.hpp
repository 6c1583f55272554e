/// \file
/// Millions of lines for benchmarks, straight into a head office's tables, and as CSV for a rival.
#pragma once

#include <cstdint>
#include <filesystem>

namespace tillsight::bench {

/// A chain of 50 stores over five years, 5,000 items, 100,000 customers of whom three in four say
/// who they are; some refunds and voids. The same every time.
/// \param hub a folder with an empty head office; cursors go on from `first_invoice`.
/// \param csv also written, without voids, refunds negative; empty: not.
/// \return how many lines.
std::int64_t make_up_lines(const std::filesystem::path& hub, std::int64_t first_invoice,
                           std::int64_t invoices, const std::filesystem::path& csv);

}  // namespace tillsight::bench
