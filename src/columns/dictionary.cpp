#include "columns/dictionary.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace tillsight::columns {
namespace {

constexpr std::size_t kSlotsMin = 64;

std::size_t slot_of(std::string_view text, std::size_t slots) {
  return std::hash<std::string_view>()(text) & (slots - 1);
}

void put(std::string& bytes, std::uint32_t value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes numbers and texts off the front of a part.
class PartReader {
 public:
  explicit PartReader(std::span<const std::byte> bytes)
      : left_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

  std::optional<std::uint32_t> number() {
    std::uint32_t value = 0;
    if (left_.size() < sizeof value) return std::nullopt;
    std::memcpy(&value, left_.data(), sizeof value);
    left_.remove_prefix(sizeof value);
    return value;
  }
  std::optional<std::string_view> text() {
    const auto bytes = number();
    if (!bytes || *bytes > left_.size()) return std::nullopt;
    const std::string_view text = left_.substr(0, *bytes);
    left_.remove_prefix(*bytes);
    return text;
  }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
};

Error misfit() {
  return error(Code::kDataLoss, "a dictionary part does not fit the ones before it");
}

}  // namespace

std::optional<std::uint32_t> Dictionary::find(std::string_view text) const {
  if (!slots_.empty()) {
    for (std::size_t at = slot_of(text, slots_.size());; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint32_t code = slots_[at];
      if (code == 0) return text.empty() ? std::optional(code) : std::nullopt;
      if (texts_[code] == text) return code;
    }
  }
  const auto found = std::ranges::find(texts_, text);
  if (found == texts_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - texts_.begin());
}

std::uint32_t Dictionary::code_of(std::string_view text) {
  if (text.empty()) return 0;
  if (slots_.empty()) index_all();
  if (const auto known = find(text)) return *known;
  texts_.emplace_back(own_.emplace_back(text));
  if (2 * texts_.size() > slots_.size()) {
    index_all();
  } else {
    index(size() - 1);
  }
  return size() - 1;
}

void Dictionary::rename(std::uint32_t code, std::string_view text) {
  texts_[code] = own_.emplace_back(text);
  slots_.clear();
}

void Dictionary::index(std::uint32_t code) {
  std::size_t at = slot_of(texts_[code], slots_.size());
  while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = code;
}

void Dictionary::index_all() {
  std::size_t slots = kSlotsMin;
  while (slots < 4 * texts_.size()) slots *= 2;
  slots_.assign(slots, 0);
  for (std::uint32_t code = 1; code < size(); ++code) index(code);
}

Counts counts_of(const OpenDictionaries& dictionaries) {
  Counts counts{};
  for (std::size_t i = 0; i < kFields; ++i) {
    counts[i] = is_text(static_cast<Field>(i)) ? dictionaries[i].size() : 0;
  }
  return counts;
}

std::string encode_part(const OpenDictionaries& dictionaries, const Counts& from,
                        const Counts& to) {
  std::string bytes;
  for (std::size_t i = 0; i < kFields; ++i) {
    if (from[i] == to[i]) continue;
    put(bytes, static_cast<std::uint32_t>(i));
    put(bytes, from[i]);
    put(bytes, to[i]);
    for (std::uint32_t code = from[i]; code < to[i]; ++code) {
      const std::string_view text = dictionaries[i].text(code);
      put(bytes, static_cast<std::uint32_t>(text.size()));
      bytes += text;
    }
  }
  return bytes;
}

Status add_part(const std::shared_ptr<const MappedFile>& part, OpenDictionaries& dictionaries) {
  PartReader reader(part->bytes());
  while (!reader.at_end()) {
    const auto field = reader.number();
    const auto from = reader.number();
    const auto to = reader.number();
    if (!field || !from || !to || *field >= kFields) return misfit();
    Dictionary& dictionary = dictionaries[*field];
    if (dictionary.size() != *from || *to < *from) return misfit();
    for (std::uint32_t code = *from; code < *to; ++code) {
      const auto text = reader.text();
      if (!text) return misfit();
      dictionary.append_borrowed(*text);
    }
    dictionary.keep(part);
  }
  return {};
}

}  // namespace tillsight::columns
