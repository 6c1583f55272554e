#include "columns/segment.hpp"

#include "columns/checksum.hpp"
#include "columns/widths.hpp"

namespace tillsight::columns {
namespace {

bool lies_inside(const StoredHead& field, std::size_t rows, std::size_t bytes) {
  const bool known = field.width <= 8 && (field.width & (field.width - 1)) == 0;
  return known && field.offset % 8 == 0 && field.offset <= bytes &&
         (field.width == 0 || (bytes - field.offset) / field.width >= rows);
}

Error damaged(const std::filesystem::path& file, std::string_view what) {
  return error(Code::kDataLoss, "{}: {} is not what was written", file.string(), what);
}

}  // namespace

Segment::Segment(std::filesystem::path file, std::variant<MappedFile, std::string> content)
    : file_(std::move(file)), content_(std::move(content)) {
  if (this->content().size() < sizeof head_) return;
  std::memcpy(&head_, this->content().data(), sizeof head_);
  for (std::size_t i = 0; i < kFields; ++i) {
    const StoredHead& head = head_.fields[i];
    stored_[i] = {head.base, head.least, head.greatest, static_cast<std::uint32_t>(head.width),
                  this->content().data() + head.offset};
  }
}

std::span<const std::byte> Segment::content() const {
  if (const auto* mapped = std::get_if<MappedFile>(&content_)) return mapped->bytes();
  return std::as_bytes(std::span(std::get<std::string>(content_)));
}

Result<std::shared_ptr<const Segment>> Segment::map(const std::filesystem::path& file,
                                                    std::size_t bytes,
                                                    std::uint64_t head_checksum) {
  TILLSIGHT_ASSIGN(MappedFile mapped, MappedFile::open(file, bytes));
  if (bytes < sizeof(SegmentHead) ||
      checksum(mapped.bytes().first(sizeof(SegmentHead))) != head_checksum) {
    return damaged(file, "its head");
  }
  std::shared_ptr<Segment> segment(new Segment(file, std::move(mapped)));
  const SegmentHead& head = segment->head_;
  bool fits = head.magic == kSegmentMagic && head.invoices > 0;
  for (std::size_t i = 0; fits && i < kFields; ++i) {
    fits = lies_inside(head.fields[i], segment->rows(static_cast<Field>(i)), bytes);
  }
  if (!fits) return damaged(file, "its head");
  return std::shared_ptr<const Segment>(std::move(segment));
}

std::shared_ptr<const Segment> Segment::in_memory(std::string bytes) {
  std::shared_ptr<Segment> segment(new Segment({}, std::move(bytes)));
  for (auto& verified : segment->verified_) verified = true;
  return segment;
}

std::int64_t Segment::value(Field field, std::size_t row) const {
  std::int64_t value = 0;
  decode(stored(field), row, 1, &value);
  return value;
}

std::optional<std::size_t> Segment::find(std::int64_t cursor) const {
  const Stored& cursors = stored(Field::kCursor);
  if (cursor < cursors.least || cursor > cursors.greatest) return std::nullopt;
  std::size_t low = 0;
  for (std::size_t high = invoices(); low < high;) {
    const std::size_t middle = low + (high - low) / 2;
    (value(Field::kCursor, middle) < cursor ? low : high) =
        value(Field::kCursor, middle) < cursor ? middle + 1 : middle;
  }
  if (low == invoices() || value(Field::kCursor, low) != cursor) return std::nullopt;
  return low;
}

Status Segment::verify(Field field) const {
  std::atomic<bool>& verified = verified_[index(field)];
  if (verified.load(std::memory_order_relaxed)) return {};
  const Stored& at = stored(field);
  const std::span bytes(at.data, at.width * rows(field));
  if (checksum(bytes) != head_.fields[index(field)].checksum) {
    return damaged(file_, format("field {}", index(field)));
  }
  verified.store(true, std::memory_order_relaxed);
  return {};
}

void decode(const Stored& stored, std::size_t first, std::size_t count, std::int64_t* to) {
  with_width(stored.width, [&]<typename Entry>(Entry) {
    const Entries<Entry> entries(stored, first);
    for (std::size_t i = 0; i < count; ++i) to[i] = stored.base + entries[i];
  });
}

}  // namespace tillsight::columns
