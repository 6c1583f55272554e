#include "tillsight/domain/wire.hpp"

#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

constexpr std::string_view kTillPrefix = "tillsight/v1/till/";
constexpr std::size_t kRangesMax = 4096;

std::string till_topic(const StoreId& store, const TillId& till, std::string_view leaf) {
  return format("{}{}/{}/{}", kTillPrefix, store.value(), till.value(), leaf);
}

Json ranges_json(const SequenceRanges& ranges) {
  Json json = Json::array();
  for (const SequenceRange& range : ranges.ranges()) json.push_back({range.first, range.last});
  return json;
}

Json figures_json(const TillFigures& figures) {
  return {{"sales", figures.sales},
          {"camera_sales", figures.camera_sales},
          {"no_touch_sales", figures.no_touch_sales},
          {"camera_items", figures.camera_items},
          {"corrections", figures.corrections},
          {"seconds_total", figures.seconds_total},
          {"seconds_last", figures.seconds_last}};
}

std::optional<TillFigures> read_figures(JsonReader& status) {
  constexpr double kSecondsMax = 1e12;
  const auto object = status.object("figures");
  if (!object) return std::nullopt;
  JsonReader reader(*object, "status.figures");
  TillFigures figures;
  figures.sales = reader.integer("sales", 0);
  figures.camera_sales = reader.integer("camera_sales", 0);
  figures.no_touch_sales = reader.integer("no_touch_sales", 0);
  figures.camera_items = reader.integer("camera_items", 0);
  figures.corrections = reader.integer("corrections", 0);
  figures.seconds_total = reader.number("seconds_total", 0, kSecondsMax);
  figures.seconds_last = reader.number("seconds_last", 0, kSecondsMax);
  status.adopt(reader.finish());
  return figures;
}

SequenceRanges read_ranges(JsonReader& reader, std::string_view key) {
  SequenceRanges ranges;
  for (const JsonValue& entry : reader.array(key, kRangesMax)) {
    const auto pair = entry.is_array() ? entry.elements() : std::vector<JsonValue>();
    const bool shaped = pair.size() == 2;
    const auto first = shaped ? pair[0].integer().value_or(0) : 0;
    const auto last = shaped ? pair[1].integer().value_or(0) : 0;
    if (first < 1 || last < first || last > kSequenceMax) {
      reader.reject(key, "holds an entry that is not [first, last]");
      return {};
    }
    ranges.insert({first, last});
  }
  return ranges;
}

}  // namespace

namespace topics {

std::string events(const StoreId& store, const TillId& till) {
  return till_topic(store, till, "events");
}
std::string ack(const StoreId& store, const TillId& till) {
  return till_topic(store, till, "ack");
}
std::string status(const StoreId& store, const TillId& till) {
  return till_topic(store, till, "status");
}
std::string ask(const StoreId& store, const TillId& till) {
  return till_topic(store, till, "ask");
}
std::string answer(const StoreId& store, const TillId& till) {
  return till_topic(store, till, "answer");
}

Result<Address> parse(std::string_view topic) {
  const auto wrong = [&] {
    return error(Code::kInvalidArgument, "topic '{}' is not {}STORE/TILL/…", topic, kTillPrefix);
  };
  if (!topic.starts_with(kTillPrefix)) return wrong();
  const std::string_view rest = topic.substr(kTillPrefix.size());
  const std::size_t first = rest.find('/');
  const std::size_t second = first == rest.npos ? rest.npos : rest.find('/', first + 1);
  if (second == rest.npos) return wrong();
  Address address;
  TILLSIGHT_ASSIGN(address.store, parse_store_id(rest.substr(0, first)));
  TILLSIGHT_ASSIGN(address.till, parse_till_id(rest.substr(first + 1, second - first - 1)));
  address.leaf = rest.substr(second + 1);
  return address;
}

}  // namespace topics

std::string to_json(const Ack& ack) {
  return dump({{"hub_epoch", ack.hub_epoch},
               {"incarnation", ack.incarnation.value()},
               {"have", ranges_json(ack.have)},
               {"held", ranges_json(ack.held)},
               {"window", ack.window}});
}

Result<Ack> parse_ack(std::string_view json) {
  TILLSIGHT_ASSIGN(const JsonText object, parse_object(json, "ack"));
  JsonReader reader(object, "ack");
  Ack ack;
  ack.hub_epoch = reader.text("hub_epoch", 64);
  ack.incarnation = reader.take("incarnation", parse_incarnation(reader.text("incarnation")));
  ack.have = read_ranges(reader, "have");
  ack.held = read_ranges(reader, "held");
  ack.window = reader.small_integer("window", 1, limits::kWindowMax);
  TILLSIGHT_TRY(reader.finish());
  return ack;
}

std::string to_json(const TillStatus& status) {
  Json json = {{"state", status.state},
               {"session", status.session},
               {"version", status.version},
               {"incarnation", status.incarnation.value()},
               {"last_committed", status.last_committed},
               {"unsynced", status.unsynced},
               {"oldest_unsynced", status.oldest_unsynced},
               {"camera", status.camera},
               {"disk", status.disk},
               {"clock", status.clock}};
  if (status.figures) json["figures"] = figures_json(*status.figures);
  return dump(json);
}

Result<TillStatus> parse_till_status(std::string_view json) {
  TILLSIGHT_ASSIGN(const JsonText object, parse_object(json, "status"));
  JsonReader reader(object, "status");
  TillStatus status;
  status.state = reader.text("state", 32);
  if (status.state != "online" && status.state != "offline") {
    reader.reject("state", "is not online or offline");
  }
  status.session = reader.text("session", 64);
  status.version = reader.text("version", 64);
  status.incarnation = reader.take("incarnation", parse_incarnation(reader.text("incarnation")));
  status.last_committed = reader.integer("last_committed", 0, kSequenceMax);
  status.unsynced = reader.integer("unsynced", 0);
  status.oldest_unsynced = reader.text("oldest_unsynced", 64);
  status.camera = reader.text("camera", 256);
  status.disk = reader.text("disk", 256);
  status.clock = reader.text("clock", 256);
  if (reader.has("figures")) status.figures = read_figures(reader);
  TILLSIGHT_TRY(reader.finish());
  return status;
}

std::string to_json(const HubState& state) {
  Json json = {{"online", state.online}, {"hub_epoch", state.hub_epoch}};
  if (!state.trouble.empty()) json["trouble"] = state.trouble;
  return dump(json);
}

Result<HubState> parse_hub_state(std::string_view json) {
  TILLSIGHT_ASSIGN(const JsonText object, parse_object(json, "hub state"));
  JsonReader reader(object, "hub state");
  HubState state{reader.boolean("online"), reader.text("hub_epoch", 64),
                 reader.optional_text("trouble")};
  TILLSIGHT_TRY(reader.finish());
  return state;
}

}  // namespace tillsight
