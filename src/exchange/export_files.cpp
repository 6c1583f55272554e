#include "tillsight/exchange/export_files.hpp"

#include <algorithm>
#include <optional>

#include "exchange/documents.hpp"
#include "exchange/export_sink.hpp"

namespace tillsight::exchange {
namespace {

constexpr int kRowsAtOnce = 2'000;

Status check(const ExportCall& call) {
  const SetInfo* const set = find_set(call.selection.set);
  if (set == nullptr) return {};  // the reader says what there is
  if (call.form == ExportForm::kMongoJsonLines && set->name != "invoices") {
    return error(Code::kInvalidArgument,
                 "mongo-jsonl has whole invoices; export invoices, or choose csv or jsonl");
  }
  if ((call.by_date && !set->has_dates) || (call.by_store && !set->has_tills)) {
    return error(Code::kInvalidArgument, "--partition: {} have no {}; leave it out", set->name,
                 call.by_date && !set->has_dates ? "date" : "store");
  }
  if (call.folder.empty() && (call.by_date || call.by_store)) {
    return error(Code::kInvalidArgument, "--partition needs a folder; name one with --out");
  }
  return {};
}

std::string_view cell(const SetReader& reader, const Row& row, std::string_view name) {
  const auto found = std::ranges::find(reader.columns(), name);
  if (found == reader.columns().end()) return {};
  const auto* const text =
      std::get_if<std::string>(&row[static_cast<std::size_t>(found - reader.columns().begin())]);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

}  // namespace

Result<ExportSummary> export_set(const std::filesystem::path& hub_folder, const ExportCall& call,
                                 const WriteText& write, const GoOn& go_on) {
  TILLSIGHT_TRY(check(call));
  TILLSIGHT_ASSIGN(SetReader reader, SetReader::open(hub_folder, call.selection));
  std::optional<Documents> documents;
  if (call.form == ExportForm::kMongoJsonLines) {
    TILLSIGHT_ASSIGN(Documents opened, Documents::open(hub_folder, call.selection));
    documents.emplace(std::move(opened));
  }
  std::string head;
  if (call.form == ExportForm::kCsv) append_csv(head, reader.columns());
  ExportSink sink(call, write, std::move(head));
  TILLSIGHT_TRY(sink.begin());
  ExportSummary summary;
  for (bool more = true; more;) {
    if (!go_on(reader.done())) {
      return error(Code::kCancelled, "export: stopped before its end; nothing is kept of it");
    }
    TILLSIGHT_ASSIGN(const std::vector<Row> rows, reader.next(kRowsAtOnce));
    more = rows.size() == static_cast<std::size_t>(kRowsAtOnce) && !reader.cursor().empty();
    for (const Row& row : rows) {
      std::string text;
      if (documents) {
        TILLSIGHT_ASSIGN(text, documents->document(reader.columns(), row));
        if (text.empty()) continue;
      } else if (call.form == ExportForm::kCsv) {
        append_csv(text, row);
      } else {
        append_json(text, reader.columns(), row);
        text += '\n';
      }
      TILLSIGHT_TRY(sink.add(cell(reader, row, "date"), cell(reader, row, "store"), text));
      ++summary.rows;
    }
  }
  summary.cursor = reader.cursor();
  TILLSIGHT_ASSIGN(summary.files, sink.finish());
  return summary;
}

}  // namespace tillsight::exchange
