#include "columns/kernels.hpp"

#include <algorithm>

#include "columns/widths.hpp"

namespace tillsight::columns {
namespace {

/// Calls `call(i, entry)` for each row, compiled for the width and for whether rows were picked.
template <typename Call>
void for_entries(const Stored& stored, const Rows& rows, Call call) {
  with_width(stored.width, [&]<typename Entry>(Entry) {
    const Entries<Entry> entries(stored, rows.first);
    if (rows.rows == nullptr) {
      for (std::size_t i = 0; i < rows.count; ++i) call(i, entries[i]);
    } else {
      for (std::size_t i = 0; i < rows.count; ++i) call(i, entries[rows.rows[i]]);
    }
  });
}

}  // namespace

template <typename Key>
void add_groups(const Stored& stored, const Rows& rows, const Axis& axis, Key stride, Key* keys) {
  if (axis.table.empty()) {
    const Key base = static_cast<Key>(stored.base);
    for_entries(stored, rows, [=](std::size_t i, std::int64_t entry) {
      keys[i] += (base + static_cast<Key>(entry)) * stride;
    });
  } else {
    const std::uint32_t* const table = axis.table.data() + (stored.base - axis.least);
    for_entries(stored, rows,
                [=](std::size_t i, std::int64_t entry) { keys[i] += table[entry] * stride; });
  }
}
template void add_groups(const Stored&, const Rows&, const Axis&, std::uint32_t, std::uint32_t*);
template void add_groups(const Stored&, const Rows&, const Axis&, std::uint64_t, std::uint64_t*);

template <typename T>
void expand(const T* from, const std::uint32_t* lines, std::size_t invoices, T* to) {
  for (std::size_t invoice = 0; invoice < invoices; ++invoice) {
    const T value = from[invoice];
    const std::size_t count = lines[invoice];
    // Most invoices have few lines: always writing some saves a branch that nobody can foretell.
    for (std::size_t i = 0; i < kExpandSlack; ++i) to[i] = value;
    for (std::size_t i = kExpandSlack; i < count; ++i) to[i] = value;
    to += count;
  }
}
template void expand(const std::uint8_t*, const std::uint32_t*, std::size_t, std::uint8_t*);
template void expand(const std::uint32_t*, const std::uint32_t*, std::size_t, std::uint32_t*);
template void expand(const std::uint64_t*, const std::uint32_t*, std::size_t, std::uint64_t*);

void keep_by(const Stored& stored, const Rows& rows, const TableTest& test, std::uint8_t* keep) {
  const std::uint8_t* const table = test.keep.data() + (stored.base - test.least);
  for_entries(stored, rows, [=](std::size_t i, std::int64_t entry) { keep[i] &= table[entry]; });
}

void keep_by(const Stored& stored, const Rows& rows, const NumberTest& test, std::uint8_t* keep) {
  const std::int64_t base = stored.base;
  for_entries(stored, rows, [&, base](std::size_t i, std::int64_t entry) {
    if (!holds(test, base + entry)) keep[i] = 0;
  });
}

std::size_t pick(const std::uint8_t* keep, std::size_t count, std::uint32_t* rows) {
  std::size_t picked = 0;
  for (std::size_t i = 0; i < count; ++i) {
    rows[picked] = static_cast<std::uint32_t>(i);
    picked += keep[i];
  }
  return picked;
}

template <typename T>
void gather(const std::uint32_t* rows, std::size_t count, T* values) {
  // In place: a row's number is never below its place.
  for (std::size_t i = 0; i < count; ++i) values[i] = values[rows[i]];
}
template void gather(const std::uint32_t*, std::size_t, std::uint32_t*);
template void gather(const std::uint32_t*, std::size_t, std::uint64_t*);

void add_sums(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
              std::int64_t* sums) {
  const std::int64_t base = stored.base;
  if (sign > 0) {
    for_entries(stored, rows,
                [=](std::size_t i, std::int64_t entry) { sums[ids[i]] += base + entry; });
  } else {
    for_entries(stored, rows,
                [=](std::size_t i, std::int64_t entry) { sums[ids[i]] -= base + entry; });
  }
}

std::int64_t sum(const Stored& stored, const Rows& rows) {
  std::int64_t total = 0;
  for_entries(stored, rows, [&total](std::size_t, std::int64_t entry) { total += entry; });
  return total + stored.base * static_cast<std::int64_t>(rows.count);
}

void add_ones(const std::uint32_t* ids, std::size_t count, std::int64_t* sums) {
  for (std::size_t i = 0; i < count; ++i) ++sums[ids[i]];
}

void mark(const std::uint32_t* ids, std::size_t count, std::uint8_t* touched) {
  for (std::size_t i = 0; i < count; ++i) touched[ids[i]] = 1;
}

void lower(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
           std::int64_t* least) {
  const std::int64_t base = stored.base;
  for_entries(stored, rows, [=](std::size_t i, std::int64_t entry) {
    least[ids[i]] = std::min(least[ids[i]], sign * (base + entry));
  });
}

void raise(const Stored& stored, const Rows& rows, const std::uint32_t* ids, int sign,
           std::int64_t* greatest) {
  const std::int64_t base = stored.base;
  for_entries(stored, rows, [=](std::size_t i, std::int64_t entry) {
    greatest[ids[i]] = std::max(greatest[ids[i]], sign * (base + entry));
  });
}

void add_invoices(const std::uint32_t* ids, const std::uint32_t* invoices, std::size_t count,
                  std::uint32_t* last, std::int64_t* sums) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t id = ids[i];
    sums[id] += last[id] != invoices[i] ? 1 : 0;
    last[id] = invoices[i];
  }
}

}  // namespace tillsight::columns
