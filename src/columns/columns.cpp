#include "tillsight/columns/columns.hpp"

#include <limits>

#include "columns/folder.hpp"
#include "columns/rows.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::columns {

class ViewBuilder {
 public:
  /// \return kDataLoss: a file is not what was written; without the files it works.
  static Result<std::shared_ptr<const Columns>> build(const std::filesystem::path& hub_folder,
                                                      Mapped mapped) {
    TILLSIGHT_ASSIGN(sql::Connection db, hub::open_for_reading(hub_folder, hub::Persons::kHidden));
    TILLSIGHT_ASSIGN(const auto snapshot, sql::Transaction::snapshot(db));
    TILLSIGHT_ASSIGN(const HubState hub, read_state(db));
    if (mapped.manifest.epoch != hub.epoch || mapped.manifest.cursor > hub.newest) mapped = {};
    bool renamed = false;
    TILLSIGHT_TRY(
        follow_changes(db, mapped.segments, mapped.dictionaries, mapped.manifest.changes, renamed));
    TILLSIGHT_ASSIGN(
        Slice tail, read_slice(db, mapped.manifest.cursor, std::numeric_limits<std::int64_t>::max(),
                               mapped.dictionaries));
    std::shared_ptr<Columns> view(new Columns());
    view->cursor_ = tail.cursor;
    view->segments_ = std::move(mapped.segments);
    for (auto& [partition, builder] : tail.builders) {
      view->segments_.push_back(Segment::in_memory(builder.finish()));
    }
    for (std::size_t i = 0; i < kFields; ++i) {
      view->dictionaries_[i] =
          std::make_shared<const Dictionary>(std::move(mapped.dictionaries[i]));
    }
    return std::shared_ptr<const Columns>(std::move(view));
  }
};

Result<std::shared_ptr<const Columns>> Columns::open(const std::filesystem::path& hub_folder,
                                                     const Columns* previous) {
  auto mapped = map_folder(hub_folder / kFolder, previous ? previous->segments_ : Segments());
  if (mapped.ok()) {
    auto view = ViewBuilder::build(hub_folder, std::move(mapped).value());
    if (view.ok() || view.error().code() != Code::kDataLoss) return view;
    log::warning("columns: {}; hub.db is read instead", view.error().message());
    forget_damaged(hub_folder);
  } else if (mapped.error().code() != Code::kNotFound) {
    log::warning("columns: {}; hub.db is read instead", mapped.error().message());
  }
  return ViewBuilder::build(hub_folder, {});
}

std::int64_t Columns::invoices() const {
  std::int64_t sum = 0;
  for (const auto& segment : segments_) sum += static_cast<std::int64_t>(segment->invoices());
  return sum;
}

std::int64_t Columns::lines() const {
  std::int64_t sum = 0;
  for (const auto& segment : segments_) sum += static_cast<std::int64_t>(segment->lines());
  return sum;
}

std::int64_t Columns::lines_in_memory() const {
  std::int64_t sum = 0;
  for (const auto& segment : segments_) {
    if (segment->is_in_memory()) sum += static_cast<std::int64_t>(segment->lines());
  }
  return sum;
}

std::int64_t Columns::bytes() const {
  std::int64_t sum = 0;
  for (const auto& segment : segments_) {
    if (!segment->is_in_memory()) sum += static_cast<std::int64_t>(segment->bytes());
  }
  return sum;
}

std::uint32_t Columns::codes(Field field) const {
  TILLSIGHT_CHECK(is_text(field), "codes of a field that has none");
  return dictionaries_[index(field)]->size();
}

std::string_view Columns::text(Field field, std::uint32_t code) const {
  TILLSIGHT_CHECK(code < codes(field), "a code that was never given");
  return dictionaries_[index(field)]->text(code);
}

std::optional<std::uint32_t> Columns::find(Field field, std::string_view text) const {
  TILLSIGHT_CHECK(is_text(field), "a text of a field that has none");
  return dictionaries_[index(field)]->find(text);
}

void forget_damaged(const std::filesystem::path& hub_folder) {
  std::error_code none;
  std::filesystem::remove(hub_folder / kFolder / kManifest, none);
}

}  // namespace tillsight::columns
