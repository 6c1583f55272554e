/// \file
/// A selection cut into chunks that a cache holds, and the rows of each that its tests leave.
///
/// An invoice is never cut in two.
///
/// **Threads** thread-compatible: a Picker a thread.
#pragma once

#include <cstdint>
#include <vector>

#include "columns/filter.hpp"
#include "columns/kernels.hpp"

namespace tillsight::columns {

struct Chunk {
  const SegmentWork* work = nullptr;
  std::size_t first_invoice = 0;
  std::size_t invoices = 0;
  std::size_t first_line = 0;
  std::size_t lines = 0;
};

/// \param selection must outlive the chunks.
std::vector<Chunk> chunks_of(const Selection& selection, bool by_line);

/// Reads what `fields` the chunks need, once, so that damage is found before anything is counted.
Status verify(const Selection& selection, const std::vector<Field>& fields, int threads);

/// The rows of a chunk that are left, of lines or of invoices.
class Picker {
 public:
  void pick(const Chunk& chunk, bool by_line);

  /// Rows of the level that was asked for.
  const Rows& rows() const { return rows_; }
  std::size_t rows_before() const { return before_; }  ///< the tests
  /// Of each invoice of the chunk. \pre by line
  const std::uint32_t* lines() const { return lines_.data(); }

 private:
  void test(const Chunk& chunk, bool of_lines, std::size_t first, std::vector<std::uint8_t>& keep);

  Rows rows_;
  std::size_t before_ = 0;
  std::vector<std::uint32_t> lines_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint8_t> keep_invoice_;
  std::vector<std::uint8_t> keep_;
  std::vector<std::uint32_t> picked_;
};

}  // namespace tillsight::columns
