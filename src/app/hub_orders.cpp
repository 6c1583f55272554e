#include "app/hub_orders.hpp"

#include <nlohmann/json.hpp>

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kReplay = "replay-quarantine";
constexpr std::string_view kDrop = "drop-quarantined";

Result<OrderOutcome> replay(hub::Ingest& ingest, const HubOrder& order) {
  TILLSIGHT_ASSIGN(hub::Replayed replayed, ingest.replay(order.id, {order.who, ""}));
  OrderOutcome outcome;
  outcome.said = format("{} replayed, {} still refused{}{}", replayed.stored, replayed.still,
                        replayed.why.empty() ? "" : "; ", replayed.why);
  outcome.acks = std::move(replayed.acks);
  return outcome;
}

Result<OrderOutcome> drop(hub::HubStore& store, const Clock& clock, const HubOrder& order) {
  if (!order.id || order.reason.empty()) {
    return error(Code::kInvalidArgument, "drop: needs the row's number and a reason");
  }
  TILLSIGHT_TRY(store.settle_dropped(*order.id, {order.who, order.reason}, clock.utc_now()));
  return OrderOutcome{format("number {} dropped; the decision is on record", *order.id), {}};
}

/// \return an object, empty if `text` is none.
Json object_of(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<hub::HubStore> open_hub_store(const HubSettings& settings, const Clock& clock,
                                     Random& random) {
  std::optional<SecretKey> key;
  if (const auto file = chain_key_file(settings.chain_key); !file.empty()) {
    TILLSIGHT_ASSIGN(key, load_key(file));
  }
  return hub::HubStore::open(settings.data, clock, random, key);
}

Result<OrderOutcome> carry_out(hub::HubStore& store, hub::Ingest& ingest, const Clock& clock,
                               const HubOrder& order) {
  switch (order.what) {
    case HubOrder::What::kReplayQuarantine: return replay(ingest, order);
    case HubOrder::What::kDropQuarantined: return drop(store, clock, order);
  }
  return error(Code::kInvalidArgument, "an unknown order");
}

std::string to_json(const HubOrder& order) {
  const bool drops = order.what == HubOrder::What::kDropQuarantined;
  Json json = {{"do", drops ? kDrop : kReplay}, {"who", order.who}, {"reason", order.reason}};
  if (order.id) json["id"] = *order.id;
  return dump(json);
}

Result<HubOrder> parse_order(std::string_view text) {
  const Json json = object_of(text);
  const std::string what = text_of(json, "do");
  if (what != kReplay && what != kDrop) {
    return error(Code::kInvalidArgument, "an order must say 'do': {} or {}", kReplay, kDrop);
  }
  HubOrder order{
      what == kDrop ? HubOrder::What::kDropQuarantined : HubOrder::What::kReplayQuarantine,
      {},
      text_of(json, "who"),
      text_of(json, "reason")};
  if (const auto id = json.find("id"); id != json.end() && id->is_number_integer()) {
    order.id = id->get<std::int64_t>();
  }
  return order;
}

std::string answer_json(const Result<std::string>& answer) {
  if (answer.ok()) return dump({{"said", *answer}});
  return dump(
      {{"failed", static_cast<int>(answer.error().code())}, {"said", answer.error().message()}});
}

Result<std::string> parse_answer(std::string_view text) {
  const Json json = object_of(text);
  const auto failed = json.find("failed");
  if (failed == json.end()) return text_of(json, "said");
  const int code = failed->is_number_integer() ? failed->get<int>() : -1;
  const bool known = code >= 0 && code <= static_cast<int>(Code::kCancelled);
  return Error(known ? static_cast<Code>(code) : Code::kUnavailable, text_of(json, "said"));
}

}  // namespace tillsight::app
