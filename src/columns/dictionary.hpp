/// \file
/// The texts of one field and their codes; and dictionary parts, the files in which they stand.
///
/// A code is given once and for ever. Parts are files of the texts that came with an extension.
///
/// **Threads** const calls from many threads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/mapped_file.hpp"
#include "tillsight/columns/columns.hpp"
#include "tillsight/columns/field.hpp"

namespace tillsight::columns {

class Dictionary {
 public:
  Dictionary() { texts_.emplace_back(); }
  Dictionary(Dictionary&&) = default;
  Dictionary& operator=(Dictionary&&) = default;

  std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }
  std::string_view text(std::uint32_t code) const { return texts_[code]; }
  /// Looks through all of them. The older of two that are equal does not occur: see rename().
  std::optional<std::uint32_t> find(std::string_view text) const;

  /// \return the text's code, a new one if need be.
  std::uint32_t code_of(std::string_view text);
  /// The next code, of a text that outlives this.
  void append_borrowed(std::string_view text) { texts_.push_back(text); }
  void rename(std::uint32_t code, std::string_view text);
  /// Files that append_borrowed() gave texts of.
  void keep(std::shared_ptr<const MappedFile> file) { files_.push_back(std::move(file)); }

 private:
  void index(std::uint32_t code);
  void index_all();

  std::vector<std::string_view> texts_;
  std::deque<std::string> own_;
  std::vector<std::shared_ptr<const MappedFile>> files_;
  std::vector<std::uint32_t> slots_;  // code, or 0: free; empty: not built
};

/// A Dictionary for each text field, to be filled.
using OpenDictionaries = std::array<Dictionary, kFields>;

/// How many texts of each field; 0 of the others.
using Counts = std::array<std::uint32_t, kFields>;
Counts counts_of(const OpenDictionaries& dictionaries);

/// The texts from `from` (a code of each field) to `to` as a part's bytes.
std::string encode_part(const OpenDictionaries& dictionaries, const Counts& from, const Counts& to);

/// Adds what a part holds. \return kDataLoss if it does not go on where `dictionaries` end.
Status add_part(const std::shared_ptr<const MappedFile>& part, OpenDictionaries& dictionaries);

}  // namespace tillsight::columns
