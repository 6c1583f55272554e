#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/hub_answers.hpp"
#include "app/hub_parameters.hpp"
#include "app/hub_port.hpp"
#include "tillsight/eda/reports.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

std::string rows_as_lines(const eda::Report& report) {
  const Json json = Json::parse(eda::to_json(report), nullptr, /*allow_exceptions=*/false);
  std::string lines;
  for (const Json& row : json["rows"]) lines += row.dump() + "\n";
  return lines;
}

Result<eda::ReportRequest> request_of(const std::string& name, HubParameters& parameters) {
  eda::ReportRequest request;
  request.name = name;
  TILLSIGHT_ASSIGN(request.date, parameters.date("date"));
  TILLSIGHT_ASSIGN(request.from, parameters.date("from"));
  TILLSIGHT_ASSIGN(request.to, parameters.date("to"));
  TILLSIGHT_ASSIGN(request.store, parameters.id("store"));
  TILLSIGHT_ASSIGN(request.till, parameters.id("till"));
  TILLSIGHT_ASSIGN(request.limit, parameters.count("limit", kPageRowsMax));
  return request;
}

}  // namespace

Result<web::HubAnswer> answer_report_list(const web::HubQuestion& question) {
  TILLSIGHT_TRY(HubParameters(question.parameters).finish());
  web::HubAnswer answer;
  Json list = Json::array();
  if (question.form == web::Form::kCsv) answer.text = "name,what,of_a_date,names_persons\n";
  for (const eda::ReportInfo& report : eda::known_reports()) {
    const Json entry = {{"name", report.name},
                        {"what", report.what},
                        {"counts", report.counts},
                        {"of_a_date", report.of_a_date},
                        {"names_persons", report.names_persons}};
    list.push_back(entry);
    if (question.form == web::Form::kCsv) {
      answer.text += format("{},\"{}\",{},{}\n", report.name, report.what, report.of_a_date,
                            report.names_persons);
    } else if (question.form == web::Form::kJsonLines) {
      answer.text += entry.dump() + "\n";
    }
  }
  if (question.form == web::Form::kJson) answer.text = Json{{"reports", list}}.dump(1) + "\n";
  return answer;
}

Result<web::HubAnswer> answer_report(eda::Reports& reports, const std::string& name,
                                     const web::HubQuestion& question) {
  const auto known = std::ranges::find(eda::known_reports(), name, &eda::ReportInfo::name);
  if (known == eda::known_reports().end()) {
    return error(Code::kNotFound, "there is no such report; /api/v1/reports lists what there is");
  }
  HubParameters parameters(question.parameters);
  TILLSIGHT_ASSIGN(const eda::ReportRequest request, request_of(name, parameters));
  TILLSIGHT_TRY(parameters.finish());
  TILLSIGHT_ASSIGN(const eda::Report report, reports.run(request));
  web::HubAnswer answer;
  answer.names_persons = known->names_persons;
  switch (question.form) {
    case web::Form::kJson: answer.text = eda::to_json(report); break;
    case web::Form::kJsonLines: answer.text = rows_as_lines(report); break;
    case web::Form::kCsv: answer.text = eda::to_csv(report); break;
  }
  return answer;
}

}  // namespace tillsight::app
