#include "app/view_json.hpp"

#include <nlohmann/json.hpp>

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

Json prompt_json(const Prompt& prompt) {
  Json json = {{"step", prompt.step}, {"title", prompt.title}, {"typed", prompt.typed}};
  json["masked"] = prompt.masked;
  if (!prompt.about.empty()) json["about"] = prompt.about;
  if (prompt.personal) json["personal"] = true;
  if (prompt.selected) json["selected"] = prompt.selected->value();
  json["keys"] = Json::array();
  for (const Prompt::KeyHint& hint : prompt.keys) {
    json["keys"].push_back({{"key", name(hint.key)}, {"means", hint.means}, {"label", hint.label}});
  }
  for (const Prompt::Option& option : prompt.options) {
    Json& entry = json["options"].emplace_back(Json{{"key", name(option.key)}});
    if (!option.id.empty()) entry["id"] = option.id;
    entry["label"] = option.label;
    if (!option.detail.empty()) entry["detail"] = option.detail;
  }
  if (!prompt.note.empty()) json["note"] = {{"id", prompt.note}, {"text", prompt.note_text}};
  return json;
}

}  // namespace

std::string view_json(const SaleView& view, const Prompt& prompt, const Currency& currency) {
  std::string line = to_json(view, currency);
  line.pop_back();  // the object gets one more member
  return line +
         ",\"prompt\":" + prompt_json(prompt).dump(-1, ' ', false, Json::error_handler_t::replace) +
         "}";
}

}  // namespace tillsight::app
