#include <nlohmann/json.hpp>

#include "app/hub_answers.hpp"
#include "app/hub_parameters.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNames =
    "SELECT first_name, last_name, phone FROM persons.person WHERE pseudonym = ? ORDER BY id";
constexpr std::string_view kVisits = R"sql(
SELECT currency, min(date), max(date), count(*) FILTER (WHERE kind = 'sale'),
       count(*) FILTER (WHERE kind = 'refund'), sum(iif(kind = 'refund', -gross, gross))
FROM invoice WHERE customer = ? AND kind <> 'void' GROUP BY currency ORDER BY currency)sql";
constexpr std::string_view kItems = R"sql(
SELECT sku, max(line.item), sum(quantity), count(DISTINCT event_id)
FROM invoice JOIN line USING (event_id)
WHERE customer = ? AND kind = 'sale' GROUP BY sku ORDER BY 3 DESC, sku LIMIT 20)sql";

/// What the model in use says; empty before the first training.
Result<Json> recommended_to(const std::filesystem::path& folder, const std::string& customer) {
  Json list = Json::array();
  auto recommendations = hub::Recommendations::open(folder);
  if (!recommendations.ok() && recommendations.error().code() == Code::kNotFound) return list;
  if (!recommendations.ok()) return recommendations.error();
  TILLSIGHT_ASSIGN(const bool known, recommendations->knows(customer));
  if (!known) return list;
  TILLSIGHT_ASSIGN(const auto items, recommendations->of(customer, hub::kRecommendedMost));
  for (const hub::Recommended& one : items) {
    list.push_back({{"sku", one.sku}, {"item", one.item}, {"because", one.because}});
  }
  return list;
}

/// \param each makes an entry of a row.
template <typename Each>
Result<Json> list_of(sql::Connection& db, std::string_view sql, const std::string& customer,
                     Each each) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare(sql));
  rows.bind(customer);
  Json list = Json::array();
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return list;
    list.push_back(each(rows));
  }
}

}  // namespace

Result<web::HubAnswer> answer_customer(const std::filesystem::path& folder,
                                       const std::string& customer,
                                       const web::HubQuestion& question) {
  TILLSIGHT_TRY(HubParameters(question.parameters).finish());
  if (question.form != web::Form::kJson) {
    return error(Code::kInvalidArgument, "format: a customer comes as json only").with_id("format");
  }
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(folder, hub::Persons::kShown));
  TILLSIGHT_TRY(db.execute("BEGIN"));
  TILLSIGHT_ASSIGN(Json names, list_of(db, kNames, customer, [](const auto& row) {
                     return Json{{"first_name", row.text(0)},
                                 {"last_name", row.text(1)},
                                 {"phone", row.text(2)}};
                   }));
  TILLSIGHT_ASSIGN(Json visits, list_of(db, kVisits, customer, [](const auto& row) {
                     return Json{{"currency", row.text(0)},   {"first_date", row.text(1)},
                                 {"last_date", row.text(2)},  {"invoices", row.integer(3)},
                                 {"refunds", row.integer(4)}, {"revenue", row.integer(5)}};
                   }));
  if (visits.empty()) {
    return error(Code::kNotFound,
                 "there is no such customer; v_invoices names the pseudonyms that there are");
  }
  TILLSIGHT_ASSIGN(Json items, list_of(db, kItems, customer, [](const auto& row) {
                     return Json{{"sku", row.text(0)},
                                 {"item", row.text(1)},
                                 {"quantity", row.integer(2)},
                                 {"invoices", row.integer(3)}};
                   }));
  TILLSIGHT_ASSIGN(Json recommended, recommended_to(folder, customer));
  web::HubAnswer answer;
  answer.text = Json{{"customer", customer},
                     {"names", std::move(names)},
                     {"visits", std::move(visits)},
                     {"items", std::move(items)},
                     {"recommended", std::move(recommended)}}
                    .dump() +
                "\n";
  answer.names_persons = true;
  return answer;
}

}  // namespace tillsight::app
