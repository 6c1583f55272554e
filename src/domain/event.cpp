#include "tillsight/domain/event.hpp"

#include <algorithm>
#include <charconv>

#include "domain/event_json.hpp"
#include "domain/invoice_json.hpp"
#include "domain/json.hpp"
#include "domain/json_reader.hpp"
#include "tillsight/domain/clock_correction.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::string_view kSourcePrefix = "/tillsight/";

std::string type_of(SaleKind kind) {
  return event_type(name(kind), kVersion);
}

std::string source_of(const EventIdentity& identity) {
  return format("{}{}/{}", kSourcePrefix, identity.store.value(), identity.till.value());
}

/// Unique within the source, as CloudEvents asks.
std::string id_of(const EventIdentity& identity) {
  return format("{}-{}", identity.incarnation.value(), identity.sequence.value());
}

Json cloud_event(const Event& event) {
  Json data;
  if (!event.notes.empty()) data["notes"] = Json::parse(event.notes);  // first: with_replay_note()
  data["sealed"] = event.sealed;
  if (!event.personal.empty()) data["personal"] = Json::parse(event.personal);
  return {{"specversion", "1.0"},
          {"id", id_of(event.identity)},
          {"source", source_of(event.identity)},
          {"type", event.type},
          {"time", event.time},
          {"datacontenttype", "application/json"},
          {"data", std::move(data)}};
}

Chain read_chain(JsonReader& reader) {
  Chain chain;
  chain.identity.store = reader.take("store", parse_store_id(reader.view("store")));
  chain.identity.till = reader.take("till", parse_till_id(reader.view("till")));
  chain.identity.incarnation =
      reader.take("incarnation", parse_incarnation(reader.view("incarnation")));
  chain.identity.sequence = Sequence(reader.integer("sequence", 1, kSequenceMax));
  if (reader.has("invoice_no")) {
    chain.invoice_no = reader.take("invoice_no", parse_invoice_number(reader.view("invoice_no")));
  }
  chain.previous = reader.take("previous", digest_from_hex(reader.view("previous")));
  return chain;
}

Result<Customer> open_personal(const Event& event, const std::string& sealed_commitment) {
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(event.personal, "personal"));
  JsonReader reader(json, "personal");
  const Customer customer{reader.text("first_name", limits::kNameBytes),
                          reader.text("last_name", limits::kNameBytes), reader.text("phone", 32)};
  const std::string salt = reader.text("salt", 64);
  TILLSIGHT_TRY(reader.finish());
  if (to_hex(commitment(customer, salt)) != sealed_commitment) {
    return error(Code::kInvalidArgument,
                 "personal: is not the person that the event was sealed with");
  }
  return customer;
}

Status check_invoice_number(const Opened& opened) {
  const bool numbered = opened.chain.invoice_no.has_value();
  if (numbered != (opened.invoice.kind == SaleKind::kSale)) {
    return error(Code::kInvalidArgument,
                 "sealed: 'invoice_no' belongs to a sale, and to every sale");
  }
  if (numbered && opened.chain.invoice_no->till != opened.chain.identity.till) {
    return error(Code::kInvalidArgument, "sealed: 'invoice_no' is of another till");
  }
  return {};
}

/// The inverse of source_of() and id_of().
std::optional<EventIdentity> claimed_identity(const JsonValue& json) {
  if (!json.is_object()) return std::nullopt;
  JsonReader reader(json, "event");
  const std::string source = reader.text("source", 128);
  const std::string id = reader.text("id", 128);
  const std::size_t slash = source.rfind('/');
  const std::size_t dash = id.find('-');
  if (!reader.finish().ok() || !source.starts_with(kSourcePrefix) || slash < kSourcePrefix.size() ||
      dash == std::string::npos) {
    return std::nullopt;
  }
  const auto store = parse_store_id(
      std::string_view(source).substr(kSourcePrefix.size(), slash - kSourcePrefix.size()));
  const auto till = parse_till_id(std::string_view(source).substr(slash + 1));
  const auto incarnation = parse_incarnation(std::string_view(id).substr(0, dash));
  std::int64_t sequence = 0;
  const char* const end = id.data() + id.size();
  const auto [read_to, failure] = std::from_chars(id.data() + dash + 1, end, sequence);
  const bool is_sequence =
      failure == std::errc() && read_to == end && sequence >= 1 && sequence <= kSequenceMax;
  if (!store.ok() || !till.ok() || !incarnation.ok() || !is_sequence) return std::nullopt;
  return EventIdentity{*store, *till, *incarnation, Sequence(sequence)};
}

/// The type decides whether an event is counted, so it must be the one that was sealed.
Status check_type(const Event& event, JsonReader& sealed) {
  const std::string sealed_type = event_type(sealed.view("kind", 64), sealed.integer("v", 1));
  TILLSIGHT_TRY(sealed.finish());
  if (sealed_type == event.type) return {};
  return error(Code::kInvalidArgument, "event: 'type' is '{}' but '{}' was sealed", event.type,
               sealed_type);
}

/// \param sealed event.sealed, which is parsed once: it is the most of the work.
Result<Opened> open_invoice(const Event& event, Chain chain, JsonReader& sealed) {
  Opened opened{read_invoice(sealed), std::move(chain)};
  const std::string sealed_commitment = sealed.optional_text("customer", 64);
  TILLSIGHT_TRY(sealed.finish());
  TILLSIGHT_TRY(check_invoice_number(opened));
  if (!event.personal.empty()) {
    TILLSIGHT_ASSIGN(opened.invoice.customer, open_personal(event, sealed_commitment));
  }
  TILLSIGHT_TRY(check(opened.invoice));
  return opened;
}

/// What the envelope says, before it is compared with what was sealed.
struct Envelope {
  Event event;
  std::string id;
  std::string source;
};

Result<Envelope> read_envelope(const JsonValue& json) {
  if (!json.is_object()) return error(Code::kInvalidArgument, "event is not a JSON object");
  JsonReader reader(json, "event");
  if (reader.text("specversion") != "1.0") reader.reject("specversion", "is not 1.0");
  Envelope envelope;
  envelope.event.type = reader.text("type", 128);
  envelope.event.time = reader.text("time", 64);
  envelope.id = reader.text("id", 128);
  envelope.source = reader.text("source", 128);
  const auto data = reader.object("data");
  TILLSIGHT_TRY(reader.finish());

  JsonReader data_reader(*data, "data");
  envelope.event.sealed = data_reader.text("sealed", limits::kPayloadBytes);
  envelope.event.personal = data_reader.optional_json("personal");
  envelope.event.notes = data_reader.optional_json("notes");
  TILLSIGHT_TRY(data_reader.finish());
  return envelope;
}

/// \return when an event without an invoice happened; none: this version does not know it.
Result<std::optional<UtcTime>> time_of_known(const Event& event) {
  const auto when = [](const auto& opened, const auto& time) -> Result<std::optional<UtcTime>> {
    if (!opened.ok()) return opened.error();
    return std::optional<UtcTime>(time(*opened));
  };
  const auto entered = [](const auto& opened) { return opened.entry.at.utc; };
  if (event.type == kClockCorrectionType) {
    return when(open_clock_correction(event), [](const auto& c) { return c.now.utc; });
  }
  if (event.type == kDayOpenType) return when(open_day_opening(event), entered);
  if (event.type == kCashType) return when(open_cash_movement(event), entered);
  if (event.type == kZType) {
    return when(open_z(event), [](const auto& z) { return z.closing.entry.at.utc; });
  }
  return std::optional<UtcTime>();
}

/// Opens what this version knows, and compares the envelope's time with what was sealed.
Status check_time(const Event& event, JsonReader& sealed, Received& received) {
  UtcTime sealed_time;
  if (holds_invoice(event.type)) {
    TILLSIGHT_ASSIGN(received.opened, open_invoice(event, received.chain, sealed));
    sealed_time = received.opened->invoice.at.utc;
  } else {
    TILLSIGHT_ASSIGN(const std::optional<UtcTime> time, time_of_known(event));
    if (!time) return {};
    sealed_time = *time;
  }
  if (event.time == to_iso8601(sealed_time)) return {};
  return error(Code::kInvalidArgument, "event: 'time' is not the one that was sealed");
}

/// Fills `received` as far as the element is an event.
Status read_event(const JsonValue& json, Received& received) {
  TILLSIGHT_ASSIGN(Envelope envelope, read_envelope(json));
  Event& event = envelope.event;
  TILLSIGHT_ASSIGN(const JsonText parsed, parse_object(event.sealed, "sealed"));
  JsonReader sealed(parsed, "sealed");
  TILLSIGHT_TRY(check_type(event, sealed));
  received.chain = read_chain(sealed);
  TILLSIGHT_TRY(sealed.finish());
  event.identity = received.chain.identity;
  if (envelope.id != id_of(event.identity) || envelope.source != source_of(event.identity)) {
    return error(Code::kInvalidArgument, "event: 'id' and 'source' are not those that were sealed");
  }
  TILLSIGHT_TRY(check_time(event, sealed, received));
  received.event = std::move(event);
  return {};
}

Received received_from(const JsonValue& json) {
  Received received{"", error(Code::kInvalidArgument, "not read yet")};
  if (const Status read = read_event(json, received); !read.ok()) {
    received.event = read.error();
    received.opened.reset();
    received.raw = json.dump();
    received.claimed = claimed_identity(json);
  } else {
    received.claimed = received.event->identity;
  }
  return received;
}

}  // namespace

std::string event_type(std::string_view kind, std::int64_t version) {
  return format("tillsight.{}.v{}", kind, version);
}

void write_chain(Json& sealed, const Chain& chain) {
  sealed["store"] = chain.identity.store.value();
  sealed["till"] = chain.identity.till.value();
  sealed["incarnation"] = chain.identity.incarnation.value();
  sealed["sequence"] = chain.identity.sequence.value();
  if (chain.invoice_no) sealed["invoice_no"] = to_string(*chain.invoice_no);
  sealed["previous"] = to_hex(chain.previous);
}

Digest hash(const Event& event) {
  return sha256(event.sealed);
}

Event seal(const Invoice& invoice, const Chain& chain, Random& random) {
  TILLSIGHT_CHECK(chain.invoice_no.has_value() == (invoice.kind == SaleKind::kSale),
                  "a sale has an invoice number and nothing else has one");
  Json sealed = {{"v", kVersion}, {"kind", name(invoice.kind)}};
  write_chain(sealed, chain);
  write_invoice(sealed, invoice);

  Event event{chain.identity, type_of(invoice.kind), to_iso8601(invoice.at.utc), "", "", ""};
  if (invoice.customer) {
    const std::string salt = random_hex(random, kSaltBytes);
    sealed["customer"] = to_hex(commitment(*invoice.customer, salt));
    event.personal = dump(Json{{"first_name", invoice.customer->first_name},
                               {"last_name", invoice.customer->last_name},
                               {"phone", invoice.customer->phone},
                               {"salt", salt}});
  }
  event.sealed = dump(sealed);
  return event;
}

bool holds_invoice(std::string_view type) {
  return type == type_of(SaleKind::kSale) || type == type_of(SaleKind::kVoid) ||
         type == type_of(SaleKind::kRefund);
}

Result<Chain> open_chain(const Event& event) {
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(event.sealed, "sealed"));
  JsonReader reader(json, "sealed");
  Chain chain = read_chain(reader);
  TILLSIGHT_TRY(reader.finish());
  return chain;
}

Result<Opened> open(const Event& event) {
  TILLSIGHT_CHECK(holds_invoice(event.type), "only an event that holds an invoice can be opened");
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(event.sealed, "sealed"));
  JsonReader sealed(json, "sealed");
  TILLSIGHT_TRY(check_type(event, sealed));
  Chain chain = read_chain(sealed);
  return open_invoice(event, std::move(chain), sealed);
}

std::string to_cloud_events(const std::vector<Event>& events) {
  if (events.size() == 1) return dump(cloud_event(events.front()));
  Json batch = Json::array();
  for (const Event& event : events) batch.push_back(cloud_event(event));
  return dump(batch);
}

std::string with_replay_note(std::string_view cloud_event, int times) {
  // A quote inside a text is escaped, so the first of these is the envelope's own key.
  constexpr std::string_view kData = R"("data":{)";
  constexpr std::string_view kNotes = R"("notes":{)";
  const std::size_t at = cloud_event.find(kData);
  TILLSIGHT_CHECK(at != std::string_view::npos, "a note belongs to an event");
  const std::string_view head = cloud_event.substr(0, at + kData.size());
  std::string_view rest = cloud_event.substr(head.size());
  std::string note = format(R"({}"replay":{})", kNotes, times);
  if (rest.starts_with(kNotes)) {
    rest.remove_prefix(kNotes.size());
    if (!rest.starts_with('}')) note += ',';
  } else {
    note += "},";
  }
  const std::size_t bytes = head.size() + note.size() + rest.size();
  if (bytes > limits::kPayloadBytes) return std::string(cloud_event);
  std::string noted;
  noted.reserve(bytes);
  return noted.append(head).append(note).append(rest);
}

std::string without_person(std::string_view cloud_event) {
  if (!parse_object(cloud_event, "event").ok()) return {};
  Json json = Json::parse(cloud_event, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return {};
  if (const auto data = json.find("data"); data != json.end() && data->is_object()) {
    data->erase("personal");
  }
  return dump(json);
}

std::vector<Received> from_cloud_events(std::string_view payload) {
  const auto whole = [&](Error why) {
    return std::vector<Received>{{std::string(payload), std::move(why)}};
  };
  if (payload.size() > limits::kPayloadBytes) {
    return whole(error(Code::kInvalidArgument, "payload has {} bytes; at most {} are allowed",
                       payload.size(), limits::kPayloadBytes));
  }
  const Result<JsonText> json = JsonText::parse(payload, "payload");
  if (!json.ok()) return whole(json.error());
  const JsonValue root = json->root();
  std::vector<Received> received;
  if (!root.is_array()) {
    received.push_back(received_from(root));
    if (!received.front().event.ok()) received.front().raw = payload;
    return received;
  }
  const std::vector<JsonValue> elements = root.elements();
  received.reserve(elements.size());
  for (const JsonValue& element : elements) received.push_back(received_from(element));
  return received;
}

}  // namespace tillsight
