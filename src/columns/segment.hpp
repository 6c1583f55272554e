/// \file
/// Some invoices of one month, kind and currency with their lines, field by field: a file, or the
/// same bytes in memory.
///
/// **Format** a head (see SegmentHead), then an array for each field at a multiple of 64 bytes. An
/// entry is `base` plus an unsigned number of 0, 1, 2, 4 or 8 bytes in the machine's own order; a
/// field that is the same everywhere takes no room. Each field has a checksum, and so has the head.
///
/// **Threads** const calls from many threads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "columns/mapped_file.hpp"
#include "tillsight/columns/field.hpp"

namespace tillsight::columns {

/// The array of one field.
struct Stored {
  std::int64_t base = 0;
  std::int64_t least = 0;
  std::int64_t greatest = 0;
  std::uint32_t width = 0;  ///< bytes an entry
  const std::byte* data = nullptr;
};

struct StoredHead {
  std::int64_t base = 0;
  std::int64_t least = 0;
  std::int64_t greatest = 0;
  std::uint64_t offset = 0;
  std::uint64_t checksum = 0;
  std::uint64_t width = 0;
};

struct SegmentHead {
  std::uint64_t magic = 0;
  std::uint64_t invoices = 0;
  std::uint64_t lines = 0;
  std::uint64_t lines_max = 0;  ///< of one invoice
  std::array<StoredHead, kFields> fields{};
};
/// Says the format's version and the machine's order of bytes.
inline constexpr std::uint64_t kSegmentMagic = 0x0001'6C6F'4373'6854ULL;

class Segment {
 public:
  /// \param head_checksum as the manifest has it. \return kDataLoss if the head is another's.
  static Result<std::shared_ptr<const Segment>> map(const std::filesystem::path& file,
                                                    std::size_t bytes, std::uint64_t head_checksum);
  /// \pre `bytes` come from encode_segment().
  static std::shared_ptr<const Segment> in_memory(std::string bytes);

  std::size_t invoices() const { return head_.invoices; }
  std::size_t lines() const { return head_.lines; }
  std::size_t lines_max() const { return head_.lines_max; }
  std::size_t rows(Field field) const { return of_line(field) ? lines() : invoices(); }
  const Stored& stored(Field field) const { return stored_[index(field)]; }
  bool is_in_memory() const { return file_.empty(); }
  std::size_t bytes() const { return content().size(); }
  const std::filesystem::path& file() const { return file_; }

  std::int64_t value(Field field, std::size_t row) const;
  /// The first line of invoice `invoice`; of the number of invoices: the number of lines.
  std::size_t first_line(std::size_t invoice) const {
    if (invoice == invoices()) return lines();
    return static_cast<std::size_t>(value(Field::kFirstLine, invoice));
  }
  /// The row of the invoice with this cursor.
  std::optional<std::size_t> find(std::int64_t cursor) const;

  /// Reads the field's bytes, once. \return kDataLoss if they are not what was written.
  Status verify(Field field) const;

 private:
  Segment(std::filesystem::path file, std::variant<MappedFile, std::string> content);
  static Result<std::shared_ptr<const Segment>> checked(std::shared_ptr<Segment> segment);
  std::span<const std::byte> content() const;

  std::filesystem::path file_;
  std::variant<MappedFile, std::string> content_;
  SegmentHead head_;
  std::array<Stored, kFields> stored_;
  mutable std::array<std::atomic<bool>, kFields> verified_{};
};

/// Rows [first, first + count) of a field as numbers.
void decode(const Stored& stored, std::size_t first, std::size_t count, std::int64_t* to);

}  // namespace tillsight::columns
