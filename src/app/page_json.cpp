#include "app/page_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

/// What a message quotes may be foreign bytes; what is no UTF-8 is replaced.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

/// The shop's own word for a label that stands for one product.
std::string shown_name(const std::string& label, const Catalogue& catalogue) {
  const auto products = catalogue.by_label(label);
  return products.size() == 1 ? products.front()->name : label;
}

}  // namespace

std::string head_office(bool connected, bool hub_is_there, const std::optional<Error>& trouble) {
  if (trouble && trouble->code() == Code::kFailedPrecondition) {
    return "refused: " + trouble->message();
  }
  if (!connected) return "no network";
  return hub_is_there ? "online" : "away";
}

std::string status_json(const PageStatus& status, const PageFacts& facts) {
  const LocalTime local = facts.zone.to_local(status.now);
  const TillStatus& till = status.till;
  Json json = {{"event", "status"},
               {"store", facts.store.value()},
               {"till", facts.till.value()},
               {"version", TILLSIGHT_VERSION},
               {"date", to_string(local.date)},
               {"time", time_of_day_text(local.time_of_day)},
               {"now", to_iso8601(status.now)},
               {"clock", till.clock},
               {"camera", till.camera},
               {"disk", till.disk},
               {"head_office", status.head_office},
               {"unsynced", till.unsynced}};
  if (till.unsynced > 0) json["oldest_unsynced"] = till.oldest_unsynced;
  for (const auto& [name, state] : status.devices) {
    if (state != "off") json["devices"][std::string(name)] = state;
  }
  return dumped(json);
}

std::string seen_json(const Seen& seen, const Catalogue& catalogue) {
  const double width = std::max(1, seen.frame.width_px);
  const double height = std::max(1, seen.frame.height_px);
  Json json = {{"event", "seen"},
               {"frame", seen.snapshot.frame},
               {"width_px", seen.frame.width_px},
               {"height_px", seen.frame.height_px},
               {"objects", Json::array()}};
  for (const StableObject& object : seen.snapshot.objects) {
    const Box& box = object.box;
    json["objects"].push_back({{"id", object.id.value()},
                               {"name", shown_name(object.best.label, catalogue)},
                               {"score", rounded(object.best.score)},
                               {"sure", object.sure},
                               {"box",
                                {rounded(box.x / width), rounded(box.y / height),
                                 rounded(box.width / width), rounded(box.height / height)}}});
  }
  return dumped(json);
}

std::string metrics_text(const PageStatus& status, const PageFacts& facts) {
  std::string text;
  const auto gauge = [&text](std::string_view name, std::string_view help, auto value) {
    text += format("# HELP tillsight_{0} {1}\n# TYPE tillsight_{0} gauge\ntillsight_{0} {2}\n",
                   name, help, value);
  };
  const TillStatus& till = status.till;
  text += format(
      "# HELP tillsight_info Which till this is.\n# TYPE tillsight_info gauge\n"
      "tillsight_info{{store=\"{}\",till=\"{}\",version=\"{}\"}} 1\n",
      facts.store.value(), facts.till.value(), TILLSIGHT_VERSION);
  gauge("last_committed_sequence", "Of the newest event in the journal.", till.last_committed);
  gauge("unsynced_events", "Events that head office has not acknowledged.", till.unsynced);
  gauge("camera_ok", "1 while pictures come.", till.camera == "ok" ? 1 : 0);
  gauge("disk_ok", "1 while nothing is wrong with the till's disk.", till.disk == "ok" ? 1 : 0);
  text += format(
      "# HELP tillsight_frames_seen_total Pictures that the detector has finished with.\n"
      "# TYPE tillsight_frames_seen_total counter\ntillsight_frames_seen_total {}\n",
      status.frames);
  gauge("clock_trusted", "1 while the clock is disciplined.", till.clock == "trusted" ? 1 : 0);
  gauge("head_office_reachable", "1 while head office answers.",
        status.head_office == "online" ? 1 : 0);
  const TillFigures& own = status.figures;
  gauge("sales", "Sales since the till was started.", own.sales);
  gauge("camera_sales", "Of these, in which the camera saw something.", own.camera_sales);
  gauge("no_touch_sales", "Of these, that the clerk did not correct.", own.no_touch_sales);
  gauge("camera_items", "Things that the camera saw and that were sold.", own.camera_items);
  gauge("corrections", "Lines that clerks removed, chose or counted.", own.corrections);
  gauge("sale_seconds", "From first line to payment, of all sales.", own.seconds_total);
  gauge("last_sale_seconds", "The same of the last one.", own.seconds_last);
  return text;
}

}  // namespace tillsight::app
