/// \file
/// The loops over rows: each does one thing to all rows of a chunk, on what a cache holds.
///
/// **Shapes** rows of a field begin at `first` of the segment; `count` of them; arrays of results
/// have an entry a row. `rows`, where it is not null, holds `count` row numbers relative to
/// `first`.
///
/// **Threads** thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "columns/dimensions.hpp"
#include "columns/filter.hpp"
#include "columns/segment.hpp"

namespace tillsight::columns {

/// Arrays that expand() writes need room for this many entries more.
inline constexpr std::size_t kExpandSlack = 8;

/// Which rows of a field's array.
struct Rows {
  std::size_t first = 0;
  std::size_t count = 0;
  const std::uint32_t* rows = nullptr;
};

/// keys[i] += the row's group × `stride`. \pre rows.rows is null
template <typename Key>
void add_groups(const Stored& stored, const Rows& rows, const Axis& axis, Key stride, Key* keys);

/// Repeats entry i of `from` lines[i] times.
template <typename T>
void expand(const T* from, const std::uint32_t* lines, std::size_t invoices, T* to);

/// keep[i] becomes 0 where a test fails. \pre rows.rows is null
void keep_by(const Stored& stored, const Rows& rows, const TableTest& test, std::uint8_t* keep);
void keep_by(const Stored& stored, const Rows& rows, const NumberTest& test, std::uint8_t* keep);

/// \return how many rows are kept; their numbers are in `rows`, in order.
std::size_t pick(const std::uint8_t* keep, std::size_t count, std::uint32_t* rows);

/// values[i] = values[rows[i]]
template <typename T>
void gather(const std::uint32_t* rows, std::size_t count, T* values);

/// sums[ids[i]] += sign × the row's value
void add_sums(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
              std::int64_t* sums);
/// The sum of all rows.
std::int64_t sum(const Stored& stored, const Rows& rows);
void add_ones(const std::uint32_t* ids, std::size_t count, std::int64_t* sums);
void mark(const std::uint32_t* ids, std::size_t count, std::uint8_t* touched);
/// Least and greatest of sign × the row's value.
void lower(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
           std::int64_t* least);
void raise(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
           std::int64_t* greatest);
/// Counts an invoice once a group: last[id] is the one that was counted last.
/// \pre rows of one invoice follow each other
void add_invoices(const std::uint32_t* ids, const std::uint32_t* invoices, std::size_t count,
                  std::uint32_t* last, std::int64_t* sums);

}  // namespace tillsight::columns
