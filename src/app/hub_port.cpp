#include "app/hub_port.hpp"

#include <limits>

#include "app/hub_answers.hpp"
#include "app/hub_orders.hpp"
#include "app/hub_socket.hpp"
#include "tillsight/app/training.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/exchange/export.hpp"
#include "tillsight/hub/access.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::app {
namespace {

constexpr std::string_view kReports = "reports/";
constexpr std::string_view kCustomers = "customers/";

web::Scope scope_of(hub::Scope scope) {
  switch (scope) {
    case hub::Scope::kRead: return web::Scope::kRead;
    case hub::Scope::kPersons: return web::Scope::kPersons;
    case hub::Scope::kAdmin: return web::Scope::kAdmin;
  }
  check_failed("scope is known", "a scope outside its enumeration");
}

/// Empty before the first training.
std::string training_metrics(const std::filesystem::path& folder) {
  std::string text;
  const auto gauge = [&text](std::string_view name, std::int64_t value) {
    text += format("# TYPE tillsight_hub_{0} gauge\ntillsight_hub_{0} {1}\n", name, value);
  };
  if (auto models = hub::Recommendations::open(folder); models.ok()) {
    const auto versions = models->versions();
    if (versions.ok()) gauge("model_version", versions->front().version);
  }
  const auto record = read_training(folder);
  if (!record.ok() || !record->ended) return text;
  const auto ended = std::chrono::floor<std::chrono::seconds>(*record->ended);
  gauge("training_ended_seconds", ended.time_since_epoch().count());
  gauge("training_failed", record->failed ? 1 : 0);
  return text;
}

}  // namespace

HubData::HubData(HubSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock), reports_(settings_.data) {}

Result<std::vector<web::TokenHolder>> HubData::holders() {
  TILLSIGHT_ASSIGN(const std::vector<hub::Token> tokens, hub::list_tokens(settings_.data));
  std::vector<web::TokenHolder> holders;
  for (const hub::Token& token : tokens) {
    if (!token.holds(clock_.utc_now())) continue;
    holders.push_back({token.id, token.name, scope_of(token.scope), token.hash});
  }
  return holders;
}

Result<web::HubAnswer> HubData::answer(const web::HubQuestion& question) {
  const std::string& about = question.about;
  if (about == "today") return answer_today(settings_.data, clock_.utc_now(), question);
  if (about == "models") return answer_models(settings_, clock_.utc_now(), question);
  if (about == "reports") return answer_report_list(question);
  if (about.starts_with(kReports)) {
    const MutexLock lock(reports_mutex_);
    return answer_report(reports_, about.substr(kReports.size()), question);
  }
  if (about.starts_with(kCustomers)) {
    return answer_customer(settings_.data, about.substr(kCustomers.size()), question);
  }
  return answer_rows(settings_.data, question);
}

Result<std::vector<web::HubNews>> HubData::news(std::int64_t after, int count_max) {
  exchange::Selection selection;
  selection.set = "invoices";
  selection.after = {after, std::numeric_limits<std::int64_t>::max()};
  TILLSIGHT_ASSIGN(auto reader, exchange::SetReader::open(settings_.data, std::move(selection)));
  TILLSIGHT_ASSIGN(const std::vector<exchange::Row> rows, reader.next(count_max));
  std::vector<web::HubNews> news;
  for (const exchange::Row& row : rows) {
    web::HubNews& one = news.emplace_back();
    one.cursor = std::get<std::int64_t>(row.front());
    exchange::append_json(one.json, reader.columns(), row);
  }
  return news;
}

Result<std::int64_t> HubData::newest() {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(settings_.data, hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(auto newest, db.prepare("SELECT coalesce(max(event_id), 0) FROM invoice"));
  TILLSIGHT_TRY(newest.step());
  return newest.integer(0);
}

Status HubData::record_person_read(const std::string& who, const std::string& what) {
  const HubOrder order{HubOrder::What::kRecordPersonRead, {}, who, what};
  TILLSIGHT_ASSIGN(const std::string answer, call_hub(settings_.data, to_json(order)));
  TILLSIGHT_ASSIGN(const std::string said, parse_answer(answer));
  return {};
}

void HubData::mark_used(std::int64_t token_id) {
  const MutexLock lock(mutex_);
  used_.push_back(token_id);
}

void HubData::note_uses() {
  std::vector<std::int64_t> used;
  {
    const MutexLock lock(mutex_);
    used.swap(used_);
  }
  for (const std::int64_t id : used) {
    const HubOrder order{HubOrder::What::kMarkTokenUsed, id, "web", {}};
    const auto answer = call_hub(settings_.data, to_json(order));
    if (!answer.ok()) log::debug("web: {}", answer.error().message());
  }
}

Result<std::string> HubData::metrics() {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(settings_.data, hub::Persons::kShown));
  TILLSIGHT_ASSIGN(auto row, db.prepare(R"sql(
SELECT (SELECT coalesce(max(id), 0) FROM event),
       (SELECT count(*) FROM till),
       (SELECT count(*) FROM till WHERE state = 'online'),
       (SELECT coalesce(sum(unsynced), 0) FROM till),
       (SELECT coalesce(sum(last - first + 1), 0) FROM v_gaps),
       (SELECT count(*) FROM conflict),
       (SELECT count(*) FROM persons.quarantine))sql"));
  TILLSIGHT_TRY(row.step());
  std::string text;
  int column = 0;
  for (const auto& [name, type] :
       {std::pair{"newest_cursor", "counter"}, std::pair{"tills", "gauge"},
        std::pair{"tills_online", "gauge"}, std::pair{"unsynced_events", "gauge"},
        std::pair{"missing_events", "gauge"}, std::pair{"conflicts", "gauge"},
        std::pair{"quarantined_messages", "gauge"}}) {
    text += format("# TYPE tillsight_hub_{0} {1}\ntillsight_hub_{0} {2}\n", name, type,
                   row.integer(column++));
  }
  return text + training_metrics(settings_.data);
}

}  // namespace tillsight::app
