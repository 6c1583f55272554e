#include "tillsight/exchange/export_files.hpp"

#include <iostream>

#include "cli/caller.hpp"
#include "cli/hub_commands.hpp"
#include "cli/progress.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::cli {
namespace {

using exchange::ExportForm;

struct Options {
  HubChoice hub;
  std::string set;
  std::string form = "csv";
  std::string after;
  std::string from;
  std::string to;
  std::string store;
  std::string till;
  std::vector<std::string> partition;
  std::string out = "-";
  bool names = false;
};

Result<std::optional<std::chrono::year_month_day>> optional_date(const std::string& text,
                                                                 std::string_view what) {
  if (text.empty()) return std::optional<std::chrono::year_month_day>();
  const auto date = parse_date(text);
  if (!date.ok()) return date.error().with_context(what);
  return std::optional(*date);
}

Result<exchange::ExportCall> call_of(const Options& options) {
  exchange::ExportCall call;
  call.selection.set = options.set;
  if (!options.after.empty()) {
    TILLSIGHT_ASSIGN(call.selection.after, exchange::parse_cursor(options.after));
  }
  TILLSIGHT_ASSIGN(call.selection.from, optional_date(options.from, "--from"));
  TILLSIGHT_ASSIGN(call.selection.to, optional_date(options.to, "--to"));
  call.selection.store = options.store;
  call.selection.till = options.till;
  call.form = options.form == "csv"     ? ExportForm::kCsv
              : options.form == "jsonl" ? ExportForm::kJsonLines
                                        : ExportForm::kMongoJsonLines;
  if (options.out != "-") call.folder = options.out;
  for (const std::string& by : options.partition) {
    call.by_date = call.by_date || by == "date";
    call.by_store = call.by_store || by == "store";
  }
  const exchange::SetInfo* const set = exchange::find_set(options.set);
  if (set != nullptr && set->names_persons && !options.names) {
    return error(Code::kInvalidArgument, "{}: names people; add --names, which goes on record",
                 options.set);
  }
  call.selection.persons = options.names && set != nullptr && !set->names_persons;
  return call;
}

/// Nobody's name leaves before that is on record.
Status record(const Options& options) {
  if (!options.names) return {};
  TILLSIGHT_ASSIGN(const app::HubSettings settings, options.hub.settings());
  const app::HubOrder order{
      app::HubOrder::What::kRecordPersonRead, {}, "user " + caller(), "export " + options.set};
  TILLSIGHT_ASSIGN(const std::string said, app::give_order(settings, order));
  return {};
}

Status write_out(std::string_view text) {
  std::cout << text;
  if (std::cout) return {};
  return error(Code::kUnavailable,
               "standard output: cannot be written; is the reader still there?");
}

Status run_export(const Options& options) {
  const app::StopSignals stop;
  TILLSIGHT_ASSIGN(const exchange::ExportCall call, call_of(options));
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, options.hub.folder());
  TILLSIGHT_TRY(record(options));
  std::optional<exchange::ExportSummary> summary;
  {
    ProgressBar bar(format("exporting {}", options.set));
    TILLSIGHT_ASSIGN(summary, exchange::export_set(folder, call, write_out, [&](double done) {
                       bar.show(done);
                       return !stop.stop_requested();
                     }));
  }
  std::cout.flush();
  // Beside the rows, not among them.
  std::cerr << format("{}: {} rows{}{}\n", options.set, summary->rows,
                      call.folder.empty() ? "" : format(" in {} files", summary->files),
                      summary->cursor.empty()
                          ? ""
                          : format("; for what comes after them: --after {}", summary->cursor));
  return {};
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("SET", options.set, "which rows")->required();
  command.add_option("--format", options.form, "csv, jsonl or mongo-jsonl")
      ->check(CLI::IsMember({"csv", "jsonl", "mongo-jsonl"}))
      ->capture_default_str();
  command.add_option("--after", options.after, "only what came after this cursor");
  command.add_option("--from", options.from, "first date on the receipt");
  command.add_option("--to", options.to, "last date on the receipt");
  command.add_option("--store", options.store, "only this store");
  command.add_option("--till", options.till, "only tills of this name");
  command.add_option("--partition", options.partition, "files by date, by store, or date,store")
      ->delimiter(',')
      ->check(CLI::IsMember({"date", "store"}));
  command.add_option("--out", options.out, "a folder that is not there yet; -: standard output")
      ->capture_default_str();
  command.add_flag("--names", options.names, "with names and phones; that goes on record");
  command.add_option("--config", options.hub.config, "head office's settings file")
      ->capture_default_str();
  command.add_option("--data", options.hub.data, "a data folder instead of the settings' own");
}

}  // namespace

void add_export(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("export", "head office's rows, for other programs");
  std::string footer = "Sets:\n";
  for (const exchange::SetInfo& set : exchange::sets()) {
    footer += format("  {:<12}{}\n", set.name, set.what);
  }
  command->footer(
      footer +
      "\nThe columns are those of the views in docs/head-office.md. Customers are pseudonyms "
      "unless\n"
      "--names is given. mongo-jsonl has invoices as mongoimport takes them, and as\n"
      "'tillsight import --mapping config/mappings/original.toml' reads them. A hub may run.\n\n"
      "Examples:\n"
      "  tillsight export lines --from 2026-11-01 --to 2026-11-30 > november.csv\n"
      "  tillsight export invoices --format jsonl --partition date,store --out invoices\n"
      "  tillsight export invoices --format mongo-jsonl --names > invoices.json");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->callback([&run, options] { run = [options] { return run_export(*options); }; });
}

}  // namespace tillsight::cli
