/// \file
/// Head office's invoice lines as columns: a read-only view of one state of hub.db.
///
/// What the files in `columns/` of the hub's folder reach is mapped; what came since, and what they
/// cannot give (missing, damaged, of another database), is read from hub.db into memory. So a view
/// is always exact and current, also with the hub stopped, and only slower without the files.
///
/// Rows lie in segments: the invoices of one month, kind and currency, in order of their cursor,
/// the lines of an invoice together and in their order.
///
/// **Threads** a view does not change; any number of threads may read it. **Ownership** views share
/// what is mapped; the files may be replaced or deleted meanwhile, but not cut short.
/// **Errors** kDataLoss: a file is not what was written; see forget_damaged().
///
/// **Example** tests/columns/query_test.cpp
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tillsight/columns/field.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::columns {

class Dictionary;
class Segment;

using Dictionaries = std::array<std::shared_ptr<const Dictionary>, kFields>;
using Segments = std::vector<std::shared_ptr<const Segment>>;

class Columns {
 public:
  /// \param previous an older view of the same folder: what it has mapped is used again.
  /// \return kNotFound if `hub_folder` holds no database.
  static Result<std::shared_ptr<const Columns>> open(const std::filesystem::path& hub_folder,
                                                     const Columns* previous = nullptr);

  /// The newest invoice's cursor. 0: there is none.
  std::int64_t cursor() const { return cursor_; }
  std::int64_t invoices() const;
  std::int64_t lines() const;
  /// How many of the lines are not in the files, but in memory.
  std::int64_t lines_in_memory() const;
  /// What the mapped files take, of the disk and at most of memory.
  std::int64_t bytes() const;

  /// Codes of a text field are 0 to this, exclusive. \pre is_text(field)
  std::uint32_t codes(Field field) const;
  /// \pre code < codes(field)
  std::string_view text(Field field, std::uint32_t code) const;
  std::optional<std::uint32_t> find(Field field, std::string_view text) const;

  /// Shared, so that an answer outlives its view.
  std::shared_ptr<const Dictionary> dictionary(Field field) const {
    return dictionaries_[index(field)];
  }
  const Segments& segments() const { return segments_; }

 private:
  friend class ViewBuilder;
  Columns() = default;

  Dictionaries dictionaries_;
  Segments segments_;
  std::int64_t cursor_ = 0;
};

/// After kDataLoss: deletes the manifest of the files, if this user may, so that nobody trusts them
/// any more; the hub builds them anew, and until then every view is read from hub.db.
void forget_damaged(const std::filesystem::path& hub_folder);

}  // namespace tillsight::columns
