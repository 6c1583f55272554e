#include "app/demo_past.hpp"

#include "app/demo_clerk.hpp"
#include "tillsight/als/use.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/exchange/history.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kInvoices = 6'000;
constexpr int kCustomers = 300;

/// The year that ends yesterday.
Result<exchange::HistorySettings> last_year(const Clock& clock) {
  exchange::HistorySettings settings;
  TILLSIGHT_ASSIGN(const TimeZone zone, TimeZone::find(settings.time_zone));
  const std::chrono::sys_days today(zone.to_local(clock.utc_now()).date);
  settings.from = today - std::chrono::days(365);
  settings.to = today - std::chrono::days(1);
  settings.invoices = kInvoices;
  settings.customers = kCustomers;
  return settings;
}

Status import_year(const HubSettings& settings, const fs::path& catalogue_file, const Clock& clock,
                   const exchange::GoOn& go_on) {
  TILLSIGHT_ASSIGN(const exchange::HistorySettings year, last_year(clock));
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(year.currency));
  TILLSIGHT_ASSIGN(const Catalogue catalogue, Catalogue::load(catalogue_file, currency));
  const fs::path file = settings.data.parent_path() / "history.jsonl";
  TILLSIGHT_TRY(
      exchange::generate_history(file, exchange::Form::kJsonLines, year, catalogue, go_on));
  SystemRandom random;
  TILLSIGHT_ASSIGN(hub::HubStore store, open_hub_store(settings, clock, random));
  exchange::Mapping mapping = exchange::own_mapping(exchange::Form::kJsonLines);
  mapping.source = "history";
  const fs::path rejects = file.string() + ".rejects.csv";
  TILLSIGHT_ASSIGN(const exchange::ImportSummary imported,
                   exchange::import_file({file, rejects}, mapping, store, clock, go_on));
  tell(format("{}: {} rows = {} stored + {} rejected, every one marked as synthetic", file.string(),
              imported.rows, imported.stored, imported.rejected));
  return {};
}

/// Who came most often, and what the model in use says of them.
Status meet_regular(const fs::path& data, Past& past) {
  eda::ReportRequest best{"top-customers"};
  best.limit = 1;
  TILLSIGHT_ASSIGN(const eda::Report report, eda::Reports(data).run(best));
  const auto column = std::ranges::find(
      report.columns, "phone", [](const eda::Column& one) { return std::string_view(one.name); });
  if (report.rows.empty() || column == report.columns.end()) {
    return error(Code::kNotFound, "the made-up year has no customers");
  }
  past.phone = std::get<std::string>(report.rows[0][column - report.columns.begin()]);
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(data, hub::Persons::kShown));
  TILLSIGHT_ASSIGN(auto find, db.prepare("SELECT pseudonym FROM persons.person WHERE phone = ?"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(past.phone).step());
  if (!found) return error(Code::kNotFound, "the made-up year's best customer has no pseudonym");
  TILLSIGHT_ASSIGN(auto recommendations, hub::Recommendations::open(data));
  TILLSIGHT_ASSIGN(past.may_want, recommendations.of(find.text(0), hub::kRecommendedMost));
  return {};
}

}  // namespace

Result<Past> make_past(const fs::path& hub_settings, const fs::path& catalogue,
                       const StopSignals& stop) {
  const SystemClock clock;
  const exchange::GoOn go_on = [&](double) { return !stop.stop_requested(); };
  TILLSIGHT_ASSIGN(const HubSettings settings, load_hub_settings(hub_settings));
  Past past;
  TILLSIGHT_TRY(import_year(settings, catalogue, clock, go_on));
  TILLSIGHT_ASSIGN(const als::InUse trained,
                   als::train_for_use(settings.data, {}, als::grid(), clock, go_on));
  tell(trained.verdict);
  TILLSIGHT_TRY(meet_regular(settings.data, past));
  return past;
}

}  // namespace tillsight::app
