#include <map>
#include <nlohmann/json.hpp>

#include "app/hub_answers.hpp"
#include "app/hub_parameters.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::days kWeek{7};
constexpr int kLatest = 12;
constexpr std::string_view kWholeDay = "24";

/// Trade of one date up to a time of day, by currency and hour.
constexpr std::string_view kTrade = R"sql(
SELECT currency, CAST(substr(time, 1, 2) AS INTEGER),
       sum(iif(kind = 'refund', -gross, gross)), count(*) FILTER (WHERE kind = 'sale'),
       count(*) FILTER (WHERE kind = 'refund'), max(time)
FROM invoice
WHERE date = ?1 AND time < ?2 AND kind <> 'void' AND (?3 IS NULL OR store = ?3)
GROUP BY 1, 2)sql";

constexpr std::string_view kTills = R"sql(
SELECT count(*), count(*) FILTER (WHERE state = 'online'), coalesce(sum(unsynced), 0),
       coalesce(sum(missing), 0), min(nullif(oldest_unsynced, '')),
       count(*) FILTER (WHERE camera <> 'ok' OR disk <> 'ok' OR clock <> 'ok')
FROM v_tills WHERE ?1 IS NULL OR store = ?1)sql";

struct Hour {
  std::int64_t revenue = 0;
  std::int64_t invoices = 0;
  std::int64_t refunds = 0;
};
struct Day {
  std::map<std::string, std::map<int, Hour>> currencies;
  std::string last;  ///< time of the last invoice
};

Result<Day> trade(sql::Connection& db, const std::string& date, std::string_view until,
                  const std::optional<std::string>& store) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare(kTrade));
  rows.bind(date, until, store);
  Day day;
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return day;
    day.currencies[std::string(rows.text(0))][static_cast<int>(rows.integer(1))] = {
        rows.integer(2), rows.integer(3), rows.integer(4)};
    day.last = std::max(day.last, std::string(rows.text(5)));
  }
}

Hour sum(const std::map<int, Hour>& hours) {
  Hour all;
  for (const auto& [_, hour] : hours) {
    all.revenue += hour.revenue;
    all.invoices += hour.invoices;
    all.refunds += hour.refunds;
  }
  return all;
}

/// \return what clocks show where something was sold last; in UTC if nothing was.
Result<LocalTime> wall(sql::Connection& db, UtcTime now, const std::optional<std::string>& store) {
  TILLSIGHT_ASSIGN(auto newest, db.prepare("SELECT time_zone FROM invoice "
                                           "WHERE ?1 IS NULL OR store = ?1 "
                                           "ORDER BY event_id DESC LIMIT 1"));
  newest.bind(store);
  TILLSIGHT_ASSIGN(const bool any, newest.step());
  TILLSIGHT_ASSIGN(const TimeZone zone, TimeZone::find(any ? newest.text(0) : "UTC"));
  return zone.to_local(now);
}

Result<Json> tills(sql::Connection& db, const std::optional<std::string>& store) {
  TILLSIGHT_ASSIGN(auto row, db.prepare(kTills));
  TILLSIGHT_TRY(row.bind(store).step());
  Json json = {{"known", row.integer(0)},    {"online", row.integer(1)},
               {"unsynced", row.integer(2)}, {"missing", row.integer(3)},
               {"oldest_unsynced", nullptr}, {"troubled", row.integer(5)}};
  if (!row.is_null(4)) json["oldest_unsynced"] = row.text(4);
  return json;
}

/// \return of the last day on which something was sold anywhere.
Result<Json> newest_date(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto row, db.prepare("SELECT max(date) FROM invoice"));
  TILLSIGHT_TRY(row.step());
  return row.is_null(0) ? Json(nullptr) : Json(row.text(0));
}

/// \return the cursor after which the last few invoices of the date come.
Result<std::string> latest(sql::Connection& db, const std::string& date,
                           const std::optional<std::string>& store) {
  TILLSIGHT_ASSIGN(auto row, db.prepare("SELECT event_id FROM invoice WHERE date = ?1 AND "
                                        "(?2 IS NULL OR store = ?2) ORDER BY event_id DESC "
                                        "LIMIT 1 OFFSET ?3"));
  row.bind(date, store, kLatest);
  TILLSIGHT_ASSIGN(const bool any, row.step());
  return any ? format("{}", row.integer(0)) : std::string("0");
}

Json currencies_json(const Day& day, const Day& before, const Day& whole_before) {
  Json list = Json::array();
  std::map<std::string, bool> codes;
  for (const Day* one : {&day, &before}) {
    for (const auto& [code, _] : one->currencies) codes[code] = true;
  }
  const auto hours_of = [](const Day& one, const std::string& code) {
    const auto found = one.currencies.find(code);
    return found == one.currencies.end() ? std::map<int, Hour>() : found->second;
  };
  for (const auto& [code, _] : codes) {
    const std::map<int, Hour> hours = hours_of(day, code);
    const std::map<int, Hour> hours_before = hours_of(whole_before, code);
    const Hour now = sum(hours);
    const Hour then = sum(hours_of(before, code));
    Json by_hour = Json::array();
    for (int hour = 0; hour < 24; ++hour) {
      const auto at = hours.find(hour);
      const auto then_at = hours_before.find(hour);
      if (at == hours.end() && then_at == hours_before.end()) continue;
      by_hour.push_back(
          {{"hour", hour},
           {"revenue", at == hours.end() ? 0 : at->second.revenue},
           {"invoices", at == hours.end() ? 0 : at->second.invoices},
           {"revenue_before", then_at == hours_before.end() ? 0 : then_at->second.revenue}});
    }
    list.push_back({{"currency", code},
                    {"revenue", now.revenue},
                    {"invoices", now.invoices},
                    {"refunds", now.refunds},
                    {"revenue_before", then.revenue},
                    {"invoices_before", then.invoices},
                    {"hours", by_hour}});
  }
  return list;
}

}  // namespace

Result<web::HubAnswer> answer_today(const std::filesystem::path& folder, UtcTime now,
                                    const web::HubQuestion& question) {
  if (question.form != web::Form::kJson) {
    return error(Code::kInvalidArgument, "format: today comes as json only").with_id("format");
  }
  HubParameters parameters(question.parameters);
  TILLSIGHT_ASSIGN(const auto asked, parameters.date("date"));
  TILLSIGHT_ASSIGN(const std::string store_id, parameters.id("store"));
  TILLSIGHT_TRY(parameters.finish());
  const std::optional<std::string> store =
      store_id.empty() ? std::nullopt : std::optional(store_id);
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(folder, hub::Persons::kHidden));
  // One state for all of it; it ends with the connection.
  TILLSIGHT_TRY(db.execute("BEGIN"));
  TILLSIGHT_ASSIGN(const LocalTime local, wall(db, now, store));
  const auto date = asked.value_or(local.date);
  const std::string date_before = to_string(std::chrono::sys_days(date) - kWeek);
  const bool running = date == local.date;
  const std::string until = running ? time_of_day_text(local.time_of_day) : std::string(kWholeDay);
  TILLSIGHT_ASSIGN(const Day day, trade(db, to_string(date), kWholeDay, store));
  TILLSIGHT_ASSIGN(const Day before, trade(db, date_before, until, store));
  TILLSIGHT_ASSIGN(const Day whole_before, trade(db, date_before, kWholeDay, store));
  TILLSIGHT_ASSIGN(const Json till_figures, tills(db, store));
  TILLSIGHT_ASSIGN(const Json newest, newest_date(db));
  TILLSIGHT_ASSIGN(const std::string latest_after, latest(db, to_string(date), store));
  const Json json = {{"date", to_string(date)},
                     {"until", running ? Json(until) : Json(nullptr)},
                     {"date_before", date_before},
                     {"newest_date", newest},
                     {"latest_after", latest_after},
                     {"last_invoice", day.last.empty() ? Json(nullptr) : Json(day.last)},
                     {"currencies", currencies_json(day, before, whole_before)},
                     {"tills", till_figures}};
  web::HubAnswer answer;
  answer.text = json.dump() + "\n";
  return answer;
}

}  // namespace tillsight::app
