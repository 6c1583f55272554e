#include <nlohmann/json.hpp>

#include "app/hub_answers.hpp"
#include "app/hub_parameters.hpp"
#include "tillsight/app/training.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const hub::ModelFacts& facts) {
  return {{"version", facts.version},
          {"in_use", facts.in_use},
          {"made_at", facts.made_at},
          {"title", facts.title},
          {"settings", facts.settings},
          {"judged", facts.judged},
          {"ndcg20", facts.ndcg20},
          {"ndcg20_low", facts.ndcg20_low},
          {"ndcg20_high", facts.ndcg20_high},
          {"baseline", facts.baseline},
          {"baseline_ndcg20", facts.baseline_ndcg20},
          {"learnt_to", facts.learnt_to},
          {"customers", facts.customers},
          {"items", facts.items}};
}

struct Models {
  Json versions = Json::array();
  Json left_out = {{"aisles", Json::array()}, {"items", Json::array()}};
};

/// Empty before the first training.
Result<Models> models_of(const std::filesystem::path& folder) {
  Models models;
  auto reader = hub::Recommendations::open(folder);
  if (!reader.ok() && reader.error().code() == Code::kNotFound) return models;
  if (!reader.ok()) return reader.error();
  TILLSIGHT_ASSIGN(const auto versions, reader->versions());
  for (const hub::ModelFacts& facts : versions) models.versions.push_back(json_of(facts));
  TILLSIGHT_ASSIGN(const hub::LeftOut left_out, reader->left_out());
  models.left_out = {{"aisles", left_out.aisles}, {"items", left_out.items}};
  return models;
}

Json text_of(const std::optional<UtcTime>& time) {
  return time ? Json(to_iso8601(*time)) : Json(nullptr);
}

std::string time_of_day(std::chrono::minutes minutes) {
  return time_of_day_text(minutes).substr(0, 5);
}

/// null: it never trains by itself.
Result<Json> training_of(const HubSettings& settings, UtcTime now) {
  const RecommendSettings& schedule = settings.recommend;
  if (!schedule.train_at) return Json(nullptr);
  TILLSIGHT_ASSIGN(const TimeZone zone, TimeZone::find(schedule.time_zone));
  auto read = read_training(settings.data);
  if (!read.ok() && read.error().code() != Code::kNotFound) return read.error();
  const TrainingRecord record = read.ok() ? *std::move(read) : TrainingRecord{.since = now};
  return Json{{"train_at", time_of_day(*schedule.train_at)},
              {"time_zone", schedule.time_zone},
              {"every_days", schedule.every_days},
              {"next_at", text_of(next_training(schedule, zone, record, now))},
              {"running_since", text_of(record.running)},
              {"ended_at", text_of(record.ended)},
              {"failed", record.failed},
              {"said", record.said}};
}

}  // namespace

Result<web::HubAnswer> answer_models(const HubSettings& settings, UtcTime now,
                                     const web::HubQuestion& question) {
  TILLSIGHT_TRY(HubParameters(question.parameters).finish());
  if (question.form != web::Form::kJson) {
    return error(Code::kInvalidArgument, "format: models come as json only").with_id("format");
  }
  TILLSIGHT_ASSIGN(Models models, models_of(settings.data));
  TILLSIGHT_ASSIGN(Json training, training_of(settings, now));
  web::HubAnswer answer;
  answer.text = Json{{"versions", std::move(models.versions)},
                     {"left_out", std::move(models.left_out)},
                     {"training", std::move(training)}}
                    .dump() +
                "\n";
  return answer;
}

}  // namespace tillsight::app
