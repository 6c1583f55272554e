/// \file
/// A field's entries as the type that they are stored in, so that a loop is compiled for each.
#pragma once

#include <cstdint>
#include <type_traits>

#include "columns/segment.hpp"

namespace tillsight::columns {

/// Stands for entries that take no room: all are the base.
struct Nothing {};

template <typename Entry>
class Entries {
 public:
  Entries(const Stored& stored, std::size_t first)
      : data_(reinterpret_cast<const Entry*>(stored.data) + first) {}
  std::int64_t operator[](std::size_t i) const { return static_cast<std::int64_t>(data_[i]); }

 private:
  const Entry* data_;
};

template <>
class Entries<Nothing> {
 public:
  Entries(const Stored&, std::size_t) {}
  std::int64_t operator[](std::size_t) const { return 0; }
};

/// Calls `call` with a value of the type that entries of `width` bytes have.
template <typename Call>
void with_width(std::uint32_t width, Call call) {
  switch (width) {
    case 0: return call(Nothing{});
    case 1: return call(std::uint8_t{});
    case 2: return call(std::uint16_t{});
    case 4: return call(std::uint32_t{});
    default: return call(std::uint64_t{});
  }
}

}  // namespace tillsight::columns
