#include "columns/segment_builder.hpp"

#include <algorithm>

#include "columns/checksum.hpp"
#include "columns/widths.hpp"

namespace tillsight::columns {
namespace {

constexpr std::size_t kAlignment = 64;

struct Summed {
  Field sum;
  Field of;
};
constexpr std::array<Summed, 5> kSums = {{
    {Field::kSumQuantity, Field::kQuantity},
    {Field::kSumDiscount, Field::kDiscount},
    {Field::kSumNet, Field::kNet},
    {Field::kSumTax, Field::kTax},
    {Field::kSumGross, Field::kGross},
}};

std::uint64_t width_of(std::uint64_t span) {
  if (span == 0) return 0;
  if (span <= 0xFF) return 1;
  if (span <= 0xFFFF) return 2;
  return span <= 0xFFFF'FFFF ? 4 : 8;
}

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

/// A base of 0 costs the loops nothing, so it is taken where it takes no more room.
StoredHead head_of(const std::vector<std::int64_t>& values) {
  StoredHead head;
  if (values.empty()) return head;
  const auto [least, greatest] = std::ranges::minmax(values);
  head.least = least;
  head.greatest = greatest;
  head.width = width_of(distance(least, greatest));
  const bool from_zero =
      head.width > 0 && least >= 0 && width_of(distance(0, greatest)) == head.width;
  head.base = from_zero ? 0 : least;
  return head;
}

void append(const StoredHead& head, const std::vector<std::int64_t>& values, std::string& bytes) {
  with_width(static_cast<std::uint32_t>(head.width), [&]<typename Entry>(Entry) {
    if constexpr (!std::is_same_v<Entry, Nothing>) {
      bytes.resize(head.offset + values.size() * sizeof(Entry));
      char* to = bytes.data() + head.offset;
      for (const std::int64_t value : values) {
        const auto entry = static_cast<Entry>(distance(head.base, value));
        std::memcpy(to, &entry, sizeof entry);
        to += sizeof entry;
      }
    }
  });
}

}  // namespace

void SegmentBuilder::add_invoice(const Row& invoice) {
  for (std::size_t i = 0; i < kFields; ++i) {
    if (!of_line(static_cast<Field>(i))) values_[i].push_back(invoice[i]);
  }
  values_[index(Field::kFirstLine)].back() = static_cast<std::int64_t>(lines());
  values_[index(Field::kLines)].back() = 0;
  for (const Summed& summed : kSums) values_[index(summed.sum)].back() = 0;
}

void SegmentBuilder::add_line(const Row& line) {
  for (std::size_t i = index(Field::kSku); i < kFields; ++i) values_[i].push_back(line[i]);
  ++values_[index(Field::kLines)].back();
  for (const Summed& summed : kSums) {
    values_[index(summed.sum)].back() += line[index(summed.of)];
  }
}

std::string SegmentBuilder::finish() {
  return encode_segment(
      invoices(), lines(),
      [this](Field field) -> const std::vector<std::int64_t>& { return values_[index(field)]; });
}

std::string encode_segment(
    std::size_t invoices, std::size_t lines,
    const std::function<const std::vector<std::int64_t>&(Field field)>& values) {
  SegmentHead head;
  head.magic = kSegmentMagic;
  head.invoices = invoices;
  head.lines = lines;
  std::string bytes(sizeof head, '\0');
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::vector<std::int64_t>& of_field = values(static_cast<Field>(i));
    StoredHead& field = head.fields[i] = head_of(of_field);
    bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment);
    field.offset = bytes.size();
    append(field, of_field, bytes);
    field.checksum = checksum(std::string_view(bytes).substr(field.offset));
  }
  head.lines_max = static_cast<std::uint64_t>(head.fields[index(Field::kLines)].greatest);
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

std::string join_segments(const Segment& before, const Segment& after) {
  std::vector<std::int64_t> joined;
  const auto values = [&](Field field) -> const std::vector<std::int64_t>& {
    const std::size_t split = before.rows(field);
    joined.resize(split + after.rows(field));
    decode(before.stored(field), 0, split, joined.data());
    decode(after.stored(field), 0, after.rows(field), joined.data() + split);
    if (field == Field::kFirstLine) {
      for (std::size_t i = split; i < joined.size(); ++i) {
        joined[i] += static_cast<std::int64_t>(before.lines());
      }
    }
    return joined;
  };
  return encode_segment(before.invoices() + after.invoices(), before.lines() + after.lines(),
                        values);
}

std::uint64_t head_checksum(std::string_view bytes) {
  return checksum(bytes.substr(0, sizeof(SegmentHead)));
}

}  // namespace tillsight::columns
