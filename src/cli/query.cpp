#include "tillsight/columns/query.hpp"

#include <iostream>
#include <memory>
#include <optional>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/query_output.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/columns/writer.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::cli {
namespace {

using columns::Dimension;
using columns::Measure;
using columns::Reckoning;

using Words = std::vector<std::string>;

struct Options {
  Words by;
  Words sums;
  Words averages;
  Words least;
  Words greatest;
  Words counts;
  Words where;
  Words stores;
  Words tills;
  Words order;
  std::string from;
  std::string to;
  std::optional<std::int64_t> limit;
  std::string format = "table";
  std::string data;
  std::string config = "config/hub.toml";
};

std::string footer() {
  std::string dimensions;
  for (std::size_t i = 0; i < columns::kDimensions; ++i) {
    dimensions += (i % 10 == 0 ? "\n  " : ", ");
    dimensions += name(static_cast<Dimension>(i));
  }
  return "Dimensions (--by, --where):" + dimensions +
         "\nAmounts (--sum, --avg, --min, --max, --where):\n"
         "  quantity, gross, net, tax, discount; without --sum: list_price, confidence\n"
         "Counts (--count): lines, invoices, customers (distinct)\n\n"
         "What counts: sums are sales minus refunds; counts, averages, least and greatest are of\n"
         "sales; voids do not count. Where --by or --where names the kind (--where kind=void),\n"
         "whatever it chooses counts, a refund's amounts negative. Days are business\n"
         "days, but for receipt_date. Nobody is no customer. Amounts of different currencies are "
         "never\n"
         "added up. Without a measure: --sum gross --count invoices.\n\n"
         "Conditions: item=Apple, store!=S01, hour>=17, gross>99.50 (of a line, in its currency),\n"
         "  'item in Apple,\"Tea, green\"', 'till not in T01,T02', customer= (nobody)\n\n"
         "Examples:\n"
         "  tillsight query --by month,store --sum gross,quantity --count customers\n"
         "  tillsight query --by item --sum gross --where 'weekday in Saturday,Sunday' "
         "--order gross:desc --limit 20";
}

Status add_measures(const Words& words, Reckoning reckoning, columns::Query& query) {
  for (const std::string& word : words) {
    TILLSIGHT_ASSIGN(const columns::Amount amount, columns::parse_amount(word));
    query.measures.push_back({reckoning, amount});
  }
  return {};
}

Status add_counts(const Words& words, columns::Query& query) {
  for (const std::string& word : words) {
    TILLSIGHT_ASSIGN(const Measure measure, columns::parse_count(word));
    query.measures.push_back(measure);
  }
  return {};
}

Result<std::optional<std::chrono::year_month_day>> optional_date(const std::string& text,
                                                                 std::string_view what) {
  if (text.empty()) return std::optional<std::chrono::year_month_day>();
  const auto date = parse_date(text);
  if (!date.ok()) return date.error().with_context(what);
  return std::optional(*date);
}

Result<columns::Filter> filter_of(const Options& options) {
  columns::Filter filter;
  TILLSIGHT_ASSIGN(filter.from, optional_date(options.from, "--from"));
  TILLSIGHT_ASSIGN(filter.to, optional_date(options.to, "--to"));
  for (const std::string& text : options.where) {
    auto condition = columns::parse_condition(text);
    if (!condition.ok()) return condition.error().with_context("--where");
    filter.where.push_back(std::move(condition).value());
  }
  if (!options.stores.empty()) {
    filter.where.push_back({Dimension::kStore, columns::Compare::kIn, options.stores});
  }
  if (!options.tills.empty()) {
    filter.where.push_back({Dimension::kTill, columns::Compare::kIn, options.tills});
  }
  return filter;
}

/// "gross" or "gross:desc".
Result<columns::Order> order_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string way = colon == std::string::npos ? "asc" : text.substr(colon + 1);
  if (way != "asc" && way != "desc") {
    return error(Code::kInvalidArgument, "--order: '{}' is neither asc nor desc", way);
  }
  return columns::Order{text.substr(0, colon), way == "desc"};
}

Result<columns::Query> query_of(const Options& options) {
  columns::Query query;
  for (const std::string& word : options.by) {
    auto dimension = columns::parse_dimension(word);
    if (!dimension.ok()) return dimension.error().with_context("--by");
    query.by.push_back(*dimension);
  }
  TILLSIGHT_TRY(add_measures(options.sums, Reckoning::kSum, query));
  TILLSIGHT_TRY(add_measures(options.averages, Reckoning::kAverage, query));
  TILLSIGHT_TRY(add_measures(options.least, Reckoning::kLeast, query));
  TILLSIGHT_TRY(add_measures(options.greatest, Reckoning::kGreatest, query));
  TILLSIGHT_TRY(add_counts(options.counts, query));
  if (query.measures.empty()) {
    query.measures = {{Reckoning::kSum, columns::Amount::kGross}, {Reckoning::kInvoices}};
  }
  TILLSIGHT_ASSIGN(query.filter, filter_of(options));
  for (const std::string& text : options.order) {
    TILLSIGHT_ASSIGN(columns::Order order, order_of(text));
    query.order.push_back(std::move(order));
  }
  query.limit = options.limit;
  return query;
}

std::string title_of(const columns::Query& query, const Options& options) {
  std::string title;
  for (const Measure& measure : query.measures) {
    title += (title.empty() ? "" : ", ") + name(measure);
  }
  title[0] = static_cast<char>(std::toupper(title[0]));
  for (std::size_t i = 0; i < query.by.size(); ++i) {
    title += format("{}{}", i == 0 ? " by " : ", ", name(query.by[i]));
  }
  if (query.filter.from) title += format(" from {}", to_string(*query.filter.from));
  if (query.filter.to) title += format(" to {}", to_string(*query.filter.to));
  for (std::size_t i = 0; i < options.where.size(); ++i) {
    title += format("{}{}", i == 0 ? " where " : " and ", options.where[i]);
  }
  return title;
}

Result<std::filesystem::path> data_folder(const Options& options) {
  if (!options.data.empty()) return std::filesystem::path(options.data);
  TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(options.config));
  return settings.data;
}

/// Without a hub that does it, what comes next would read years again and again.
void catch_up(const std::filesystem::path& folder) {
  if (!columns::is_far_behind(folder)) return;
  auto writer = columns::Writer::open(folder);
  if (!writer.ok()) return;  // a hub is at it, or this user may only read
  ProgressBar bar("reading");
  const auto extended = writer->extend([&bar](double done) {
    bar.show(done);
    return true;
  });
  if (!extended.ok()) log::warning("query: {}; asked without them", extended.error().message());
}

/// Whole answers to several questions of one state of the database.
class Desk {
 public:
  explicit Desk(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Status open() {
    TILLSIGHT_ASSIGN(view_, columns::Columns::open(folder_));
    return {};
  }
  Result<columns::Numbers> ask(const columns::Query& query) {
    auto answer = columns::answer_in_numbers(*view_, query);
    if (answer.ok() || answer.error().code() != Code::kDataLoss) return answer;
    log::warning("query: {}; hub.db is read instead", answer.error().message());
    columns::forget_damaged(folder_);
    TILLSIGHT_TRY(open());
    return columns::answer_in_numbers(*view_, query);
  }

 private:
  const std::filesystem::path folder_;
  std::shared_ptr<const columns::Columns> view_;
};

bool names(const columns::Query& query, Dimension dimension) {
  return std::ranges::find(query.by, dimension) != query.by.end();
}

/// The same over everything, and how much of it no till has sealed.
Status add_all(Desk& desk, const columns::Query& query, eda::Report& report) {
  // Where kinds are groups, they are not to be added up.
  if (!names(query, Dimension::kKind)) {
    TILLSIGHT_ASSIGN(const columns::Numbers all,
                     desk.ask({.measures = query.measures, .filter = query.filter}));
    add_totals(all, report);
  }
  if (names(query, Dimension::kOrigin)) return {};
  TILLSIGHT_ASSIGN(const columns::Numbers origins, desk.ask({.by = {Dimension::kOrigin},
                                                             .measures = {{Reckoning::kInvoices}},
                                                             .filter = query.filter}));
  for (std::size_t row = 0; row < origins.rows; ++row) {
    const std::string origin = std::get<std::string>(origins.value(row, 0));
    if (origin == "till") continue;
    report.totals.push_back(
        {{origin, eda::ColumnType::kInteger, {}}, origins.columns[1].numbers[row]});
  }
  return {};
}

Status query(const Options& options) {
  TILLSIGHT_ASSIGN(const columns::Query query, query_of(options));
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, data_folder(options));
  catch_up(folder);
  Desk desk(folder);
  TILLSIGHT_TRY(desk.open());
  TILLSIGHT_ASSIGN(const columns::Numbers answer, desk.ask(query));
  eda::Report report = to_report(answer, title_of(query, options));
  if (options.format == "csv") {
    std::cout << eda::to_csv(report);
    return {};
  }
  TILLSIGHT_TRY(add_all(desk, query, report));
  std::cout << (options.format == "json" ? eda::to_json(report) : eda::to_table(report));
  return {};
}

}  // namespace

void add_query(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("query", "any question on the lines of all invoices");
  command->footer(footer());
  const auto options = std::make_shared<Options>();
  const auto list = [command](const char* option, Words& words, const char* what) {
    command->add_option(option, words, what)->delimiter(',')->allow_extra_args(false);
  };
  list("--by", options->by, "dimensions that make a row");
  list("--sum", options->sums, "amounts to add up");
  list("--avg", options->averages, "amounts whose average of a line is asked for");
  list("--min", options->least, "amounts whose least is asked for");
  list("--max", options->greatest, "amounts whose greatest is asked for");
  list("--count", options->counts, "lines, invoices, customers");
  command->add_option("--where", options->where, "a condition; again: all of them hold")
      ->allow_extra_args(false);
  list("--store", options->stores, "only these stores");
  list("--till", options->tills, "only these tills");
  command->add_option("--from", options->from, "first business day, as 2026-11-23");
  command->add_option("--to", options->to, "last business day");
  list("--order", options->order, "columns to order by; gross:desc for the greatest first");
  command->add_option("--limit", options->limit, "rows at most");
  command->add_option("--format", options->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->add_option("--data", options->data, "head office's data folder, instead of --config");
  command->add_option("--config", options->config, "head office's settings file")
      ->capture_default_str();
  command->callback([&run, options] { run = [options] { return query(*options); }; });
}

}  // namespace tillsight::cli
