#include "app/hub_orders.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tillsight/crypto/hash.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;

using What = HubOrder::What;
constexpr std::array<std::pair<What, std::string_view>, 7> kNames = {{
    {What::kReplayQuarantine, "replay-quarantine"},
    {What::kDropQuarantined, "drop-quarantined"},
    {What::kAddToken, "add-token"},
    {What::kRevokeToken, "revoke-token"},
    {What::kMarkTokenUsed, "mark-token-used"},
    {What::kRecordPersonRead, "record-person-read"},
    {What::kEraseCustomer, "erase-customer"},
}};
constexpr int kDaysMax = 3650;

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

Result<OrderOutcome> add_token(hub::HubStore& store, const Clock& clock, const HubOrder& order) {
  hub::NewToken token{order.name, hub::Scope::kRead, {}, {}, order.who};
  TILLSIGHT_ASSIGN(token.scope, hub::parse_scope(order.scope));
  TILLSIGHT_ASSIGN(token.hash, digest_from_hex(order.hash));
  if (order.days < 0 || order.days > kDaysMax) {
    return error(Code::kInvalidArgument, "token {}: holds 1 to {} days, not {}", order.name,
                 kDaysMax, order.days);
  }
  const UtcTime now = clock.utc_now();
  if (order.days > 0) token.expires = now + std::chrono::days(order.days);
  TILLSIGHT_TRY(store.add_token(token, now));
  return OrderOutcome{format("token {} holds, with scope {}", order.name, order.scope), {}};
}

Result<OrderOutcome> revoke_token(hub::HubStore& store, const Clock& clock, const HubOrder& order) {
  TILLSIGHT_TRY(store.revoke_token(order.name, order.who, clock.utc_now()));
  return OrderOutcome{format("token {} is revoked; it opens nothing any more", order.name), {}};
}

/// The record says that somebody was erased, and never who.
Result<OrderOutcome> erase(hub::HubStore& store, const Clock& clock, const HubOrder& order) {
  SystemRandom random;
  TILLSIGHT_ASSIGN(const hub::ErasedPerson erased, store.erase_customer(order.phone, random));
  TILLSIGHT_TRY(store.record_person_read(order.who, "customer erase", clock.utc_now()));
  return OrderOutcome{
      format("{} names and {} refused messages erased; {} invoices are nobody's now", erased.names,
             erased.quarantined, erased.invoices),
      {}};
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
    case What::kReplayQuarantine: return replay(ingest, order);
    case What::kDropQuarantined: return drop(store, clock, order);
    case What::kAddToken: return add_token(store, clock, order);
    case What::kRevokeToken: return revoke_token(store, clock, order);
    case What::kMarkTokenUsed:
      TILLSIGHT_TRY(store.mark_token_used(order.id.value_or(0), clock.utc_now()));
      return OrderOutcome();
    case What::kRecordPersonRead:
      TILLSIGHT_TRY(store.record_person_read(order.who, order.reason, clock.utc_now()));
      return OrderOutcome{format("read personal data: {}", order.reason), {}};
    case What::kEraseCustomer: return erase(store, clock, order);
  }
  return error(Code::kInvalidArgument, "an unknown order");
}

std::string to_json(const HubOrder& order) {
  const auto named =
      std::ranges::find(kNames, order.what, &std::pair<What, std::string_view>::first);
  Json json = {{"do", named->second}, {"who", order.who}, {"reason", order.reason}};
  if (order.id) json["id"] = *order.id;
  if (!order.name.empty()) json["name"] = order.name;
  if (!order.phone.empty()) json["phone"] = order.phone;
  if (!order.scope.empty()) json["scope"] = order.scope;
  if (!order.hash.empty()) json["hash"] = order.hash;
  if (order.days != 0) json["days"] = order.days;
  return dump(json);
}

Result<HubOrder> parse_order(std::string_view text) {
  const Json json = object_of(text);
  const std::string what = text_of(json, "do");
  const auto named = std::ranges::find(kNames, what, &std::pair<What, std::string_view>::second);
  if (named == kNames.end()) {
    std::string known;
    for (const auto& [_, name] : kNames) known += format("{}{}", known.empty() ? "" : ", ", name);
    return error(Code::kInvalidArgument, "an order must say 'do', one of: {}", known);
  }
  HubOrder order{named->first, {}, text_of(json, "who"), text_of(json, "reason")};
  order.name = text_of(json, "name");
  order.phone = text_of(json, "phone");
  order.scope = text_of(json, "scope");
  order.hash = text_of(json, "hash");
  if (const auto id = json.find("id"); id != json.end() && id->is_number_integer()) {
    order.id = id->get<std::int64_t>();
  }
  if (const auto days = json.find("days"); days != json.end() && days->is_number_integer()) {
    order.days =
        static_cast<int>(std::clamp<std::int64_t>(days->get<std::int64_t>(), -1, kDaysMax + 1));
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
