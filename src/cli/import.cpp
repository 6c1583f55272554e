#include "tillsight/exchange/import.hpp"

#include <iostream>

#include "cli/hub_commands.hpp"
#include "cli/progress.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/app/stop_signals.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  HubChoice hub;
  std::vector<std::string> files;
  std::string mapping;
  std::string source;
  std::string rejects;
};

using exchange::ImportSummary;

Result<exchange::Mapping> mapping_of(const Options& options, const std::string& file) {
  exchange::Mapping mapping = exchange::own_mapping(exchange::form_of(file));
  mapping.source = "history";
  if (!options.mapping.empty()) {
    TILLSIGHT_ASSIGN(mapping, exchange::load_mapping(options.mapping));
  }
  if (options.source.empty()) return mapping;
  const Status named = exchange::check_source(options.source);
  if (!named.ok()) return named.error().with_context("--source");
  mapping.source = options.source;
  return mapping;
}

Result<ImportSummary> import_one(const Options& options, const std::string& file,
                                 hub::HubStore& store, const app::StopSignals& stop) {
  TILLSIGHT_ASSIGN(const exchange::Mapping mapping, mapping_of(options, file));
  const exchange::ImportCall call{
      file, options.rejects.empty() ? file + ".rejects.csv" : options.rejects};
  ProgressBar bar(format("importing {}", std::filesystem::path(file).filename().string()));
  const SystemClock clock;
  return exchange::import_file(call, mapping, store, clock, [&](double done) {
    bar.show(done);
    return !stop.stop_requested();
  });
}

Status import(const Options& options) {
  const app::StopSignals stop;
  if (!options.rejects.empty() && options.files.size() > 1) {
    return error(Code::kInvalidArgument, "--rejects names one file; import the files one by one");
  }
  TILLSIGHT_ASSIGN(const app::HubSettings settings, options.hub.settings());
  const SystemClock clock;
  SystemRandom random;
  TILLSIGHT_ASSIGN(hub::HubStore store, app::open_hub_store(settings, clock, random));
  std::int64_t rejected = 0;
  for (const std::string& file : options.files) {
    TILLSIGHT_ASSIGN(const ImportSummary summary, import_one(options, file, store, stop));
    std::cout << format("{}: {} rows = {} stored + {} there already + {} rejected; {} new invoices",
                        file, summary.rows, summary.stored, summary.already, summary.rejected,
                        summary.invoices)
              << std::endl;
    rejected += summary.rejected;
    if (summary.stopped) {
      return error(Code::kCancelled, "{}: stopped before its end; run the same command to go on",
                   file);
    }
  }
  if (rejected == 0) return {};
  return error(Code::kAborted,
               "{} rows were rejected; {} says which and why, correct them and import again",
               rejected, options.rejects.empty() ? "FILE.rejects.csv" : options.rejects);
}

}  // namespace

void add_import(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("import", "invoices of another system, into head office's database");
  command->footer(
      "Reads CSV and JSON Lines (.jsonl) as docs/import.md has them, or any file that a mapping\n"
      "explains. What is there already stays: an import that was interrupted is run again. Rows\n"
      "that cannot be taken go to FILE.rejects.csv with line and reason. The hub must be stopped.\n"
      "Exit status 0: every row is in; 1: stopped, or rows were rejected.\n\n"
      "Examples:\n"
      "  tillsight import history.jsonl\n"
      "  tillsight import OnlineRetail.csv --mapping config/mappings/online-retail.toml");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->files, "CSV, or JSON Lines")->required();
  command->add_option("--mapping", options->mapping, "what the columns of a foreign file mean");
  command->add_option("--source", options->source,
                      "what counts these invoices; default: the mapping's, or history");
  command->add_option("--rejects", options->rejects,
                      "where rejected rows go; default: FILE.rejects.csv");
  command->add_option("--config", options->hub.config, "head office's settings file")
      ->capture_default_str();
  command->add_option("--data", options->hub.data, "a data folder instead of the settings' own");
  command->callback([&run, options] { run = [options] { return import(*options); }; });
}

}  // namespace tillsight::cli
