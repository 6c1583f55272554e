#include "tillsight/exchange/history.hpp"

#include <iostream>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/shipped.hpp"
#include "tillsight/app/stop_signals.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  std::string file;
  std::string prices = shipped("config/catalogue.csv");
  std::string from = "2018-01-01";
  std::string to = "2022-12-31";
  exchange::HistorySettings settings;
};

Status generate(const Options& options) {
  const app::StopSignals stop;
  exchange::HistorySettings settings = options.settings;
  TILLSIGHT_ASSIGN(settings.from, parse_date(options.from));
  TILLSIGHT_ASSIGN(settings.to, parse_date(options.to));
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(settings.currency));
  TILLSIGHT_ASSIGN(const Catalogue catalogue, Catalogue::load(options.prices, currency));
  {
    ProgressBar bar("making history");
    TILLSIGHT_TRY(exchange::generate_history(options.file, exchange::form_of(options.file),
                                             settings, catalogue, [&](double done) {
                                               bar.show(done);
                                               return !stop.stop_requested();
                                             }));
  }
  std::cout << format("{}: {} invoices of {} customers, {} to {}, all of them synthetic\n",
                      options.file, settings.invoices, settings.customers, options.from,
                      options.to);
  return {};
}

void add_options(CLI::App& command, Options& options) {
  exchange::HistorySettings& settings = options.settings;
  command.add_option("FILE", options.file, "a .jsonl or .csv that does not exist yet")->required();
  command.add_option("--prices", options.prices, "the price list")->capture_default_str();
  command.add_option("--from", options.from, "first day")->capture_default_str();
  command.add_option("--to", options.to, "last day")->capture_default_str();
  command.add_option("--invoices", settings.invoices, "how many")->capture_default_str();
  command.add_option("--customers", settings.customers, "1 to 1000")->capture_default_str();
  command.add_option("--seed", settings.seed, "the same seed makes the same file")
      ->capture_default_str();
  command.add_option("--store", settings.store, "where it was sold")->capture_default_str();
  command.add_option("--tills", settings.tills, "how many the store has")->capture_default_str();
  command.add_option("--currency", settings.currency, "of the price list")->capture_default_str();
  command.add_option("--time-zone", settings.time_zone, "the store's")->capture_default_str();
}

}  // namespace

void add_history(CLI::App& app, Run& run) {
  CLI::App* history = app.add_subcommand("history", "sales of years that never were");
  history->require_subcommand(1);
  history->footer("Example:\n  tillsight history generate history.jsonl");
  CLI::App* command = history->add_subcommand(
      "generate", "writes a made-up history with seasons, habits and tastes");
  command->footer(
      "Every invoice of it says that it is synthetic, and so does whatever counts it; its phones\n"
      "are numbers that belong to nobody.\n\n"
      "Examples:\n"
      "  tillsight history generate history.jsonl\n"
      "  tillsight import history.jsonl");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->callback([&run, options] { run = [options] { return generate(*options); }; });
}

}  // namespace tillsight::cli
