/// \file
/// XXH64: whether bytes are still those that were written. Not against malice.
///
/// **Source** Yann Collet, xxHash specification 0.1.1, with seed 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tillsight::columns {

std::uint64_t checksum(std::span<const std::byte> bytes);
inline std::uint64_t checksum(std::string_view text) {
  return checksum(std::as_bytes(std::span(text)));
}

}  // namespace tillsight::columns
