#include <iostream>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/hub/audit.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  std::string name;
  std::string date;
  std::string from;
  std::string to;
  std::string store;
  std::string till;
  std::optional<int> limit;
  std::string format = "table";
  std::string data;
  std::string config = "config/hub.toml";
};

Result<std::optional<std::chrono::year_month_day>> optional_date(const std::string& text,
                                                                 std::string_view what) {
  if (text.empty()) return std::optional<std::chrono::year_month_day>();
  const auto date = parse_date(text);
  if (!date.ok()) return date.error().with_context(what);
  return std::optional(*date);
}

Result<eda::ReportRequest> request_of(const Options& options) {
  eda::ReportRequest request;
  request.name = options.name;
  TILLSIGHT_ASSIGN(request.date, optional_date(options.date, "DATE"));
  TILLSIGHT_ASSIGN(request.from, optional_date(options.from, "--from"));
  TILLSIGHT_ASSIGN(request.to, optional_date(options.to, "--to"));
  request.store = options.store;
  request.till = options.till;
  request.limit = options.limit;
  return request;
}

Result<std::filesystem::path> data_folder(const Options& options) {
  if (!options.data.empty()) return std::filesystem::path(options.data);
  TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(options.config));
  return settings.data;
}

/// A figure that lacks sales must not look like one that has them all.
Status warn_of_missing(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(folder, hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(auto missing,
                   db.prepare("SELECT coalesce(sum(last - first + 1), 0), count("
                              "DISTINCT store || '/' || till), min(since) FROM v_gaps "
                              "WHERE since < ?"));
  TILLSIGHT_TRY(missing.bind(to_iso8601(SystemClock().utc_now() - hub::kOnItsWay)).step());
  if (missing.integer(0) > 0) {
    log::warning("report: {} events of {} tills are not here yet, since {}; see 'tillsight audit'",
                 missing.integer(0), missing.integer(1), missing.text(2));
  }
  return {};
}

Status report(const Options& options) {
  TILLSIGHT_ASSIGN(const eda::ReportRequest request, request_of(options));
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, data_folder(options));
  TILLSIGHT_ASSIGN(const eda::Report result, eda::Reports(folder).run(request));
  if (options.format == "csv") {
    std::cout << eda::to_csv(result);
  } else if (options.format == "json") {
    std::cout << eda::to_json(result);
  } else {
    std::cout << eda::to_table(result);
  }
  return warn_of_missing(folder);
}

}  // namespace

namespace {

void add_options(CLI::App& command, const eda::ReportInfo& info, Options& options) {
  if (info.of_a_date) {
    command.add_option("DATE", options.date, "the day, as 2026-11-23")->required();
  } else {
    command.add_option("--from", options.from, "first business day that counts");
    command.add_option("--to", options.to, "last business day that counts");
  }
  command.add_option("--store", options.store, "only this store");
  command.add_option("--till", options.till, "only tills of this name");
  command.add_option("--limit", options.limit,
                     info.rows > 0 ? format("rows at most [{}]", info.rows) : "rows at most");
  command.add_option("--format", options.format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command.add_option("--data", options.data, "head office's data folder, instead of --config");
  command.add_option("--config", options.config, "head office's settings file")
      ->capture_default_str();
}

std::string footer_of(const eda::ReportInfo& info) {
  return format(
      "{}\n\nSales that were paid count, by business day; refunds are taken off the revenue, which "
      "is with\ntax, in a column for each currency; voids do not count unless it says so. The last "
      "line is\nof the whole range, also of what a limit cut off.\n\nExample:\n  tillsight report "
      "{} "
      "{}",
      info.counts, info.name,
      info.of_a_date ? "2026-11-23 --format csv" : "--from 2026-01-01 --to 2026-03-31");
}

}  // namespace

void add_report(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("report", "what head office asks its database");
  command->footer(
      "What exactly a report counts is in its own help.\n\n"
      "Examples:\n"
      "  tillsight report busiest-days --from 2026-01-01 --to 2026-03-31\n"
      "  tillsight report sales-on 2026-11-23 --format csv\n"
      "  tillsight report bought-together --help");
  command->require_subcommand(1);
  for (const eda::ReportInfo& info : eda::known_reports()) {
    CLI::App* kind = command->add_subcommand(std::string(info.name), std::string(info.what));
    kind->footer(footer_of(info));
    const auto options = std::make_shared<Options>();
    options->name = info.name;
    add_options(*kind, info, *options);
    kind->callback([&run, options] { run = [options] { return report(*options); }; });
  }
}

}  // namespace tillsight::cli
