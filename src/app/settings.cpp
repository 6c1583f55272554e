#include "tillsight/app/settings.hpp"

#include "tillsight/core/config.hpp"

namespace tillsight::app {
namespace {

/// Reads a text and lets `parse` turn it into a value; a mistake is the key's.
template <typename T, typename Parse>
void read_as(ConfigReader& reader, std::string_view key, T& out, Parse parse) {
  std::string text;
  reader.require(key, text);
  if (text.empty()) return;  // missing: the reader has said so
  auto value = parse(text);
  if (value.ok()) {
    out = std::move(value).value();
  } else {
    reader.reject(key, value.error().message());
  }
}

void read_mqtt(ConfigReader& reader, mqtt::Settings& mqtt) {
  reader.optional("mqtt.host", mqtt.host);
  reader.optional("mqtt.port", mqtt.port, 1, 65535);
  reader.optional("mqtt.username", mqtt.username);
  reader.optional("mqtt.password_file", mqtt.password_file);
  int keepalive_s = static_cast<int>(mqtt.keepalive.count());
  reader.optional("mqtt.keepalive_s", keepalive_s, 5, 120);
  mqtt.keepalive = std::chrono::seconds(keepalive_s);
  mqtt::Tls tls;
  reader.optional("mqtt.ca_file", tls.ca_file);
  reader.optional("mqtt.certificate_file", tls.certificate_file);
  reader.optional("mqtt.key_file", tls.key_file);
  if (!tls.ca_file.empty()) {
    mqtt.tls = tls;
  } else if (!tls.certificate_file.empty() || !tls.key_file.empty()) {
    reader.reject("mqtt.ca_file", "is missing; a certificate needs the CA of the broker beside it");
  }
}

void read_store(ConfigReader& reader, StoreSettings& store) {
  read_as(reader, "store.id", store.id, parse_store_id);
  reader.optional("store.receipt_header", store.receipt_header);
  reader.optional("store.currency", store.currency);
  if (const auto currency = Currency::parse(store.currency); !currency.ok()) {
    reader.reject("store.currency", currency.error().message());
  }
  reader.optional("store.time_zone", store.time_zone);
  if (const auto zone = TimeZone::find(store.time_zone); !zone.ok()) {
    reader.reject("store.time_zone", zone.error().message());
  }
  reader.optional("store.region", store.region);
}

void read_tracker(ConfigReader& reader, TrackerSettings& tracker) {
  reader.optional("basket.appear_frames", tracker.appear_frames, 1, 32);
  reader.optional("basket.appear_window", tracker.appear_window, 1, 32);
  reader.optional("basket.leave_frames", tracker.leave_frames, 1, 1000);
  std::vector<std::string> ignored;
  reader.optional("basket.ignored", ignored);
  tracker.ignored.insert(ignored.begin(), ignored.end());
  if (const Status status = check(tracker); !status.ok()) {
    reader.reject("basket.appear_frames", status.error().message());
  }
}

void read_input(ConfigReader& reader, InputSettings& input) {
  reader.optional("keypad.device", input.keypad);
  reader.optional("scanner.device", input.scanner);
  for (const std::string& name : reader.keys("keypad.keys")) {
    const std::string setting = "keypad.keys." + name;
    std::vector<std::string> codes;
    reader.optional(setting, codes);
    const auto key = parse_key(name);
    if (!key) {
      reader.reject(setting,
                    "is no key of a keypad; use 0 to 9, enter, dot, plus, minus, times, "
                    "slash, num or back");
    } else if (const Status bound = input.bindings.bind(*key, codes); !bound.ok()) {
      reader.reject(setting, bound.error().message());
    }
  }
}

void read_printer(ConfigReader& reader, Printer& printer, PagePaper& paper) {
  std::string address;
  reader.optional("printer.address", address);
  if (!address.empty()) {
    auto parsed = Printer::parse(address);
    if (parsed.ok()) {
      printer = *std::move(parsed);
    } else {
      reader.reject("printer.address", parsed.error().message());
    }
  }
  reader.optional("printer.paper_mm", paper.width_mm, 58, 80);
  if (paper.width_mm == 58) {
    paper.columns = 32;
    paper.margin_mm = 5;
  } else if (paper.width_mm != 80) {
    reader.reject("printer.paper_mm", "is no roll of a receipt printer; use 80 or 58");
  }
}

/// "03:30" as minutes since midnight.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  const auto digit = [text](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hours = 10 * (text[0] - '0') + (text[1] - '0');
  const int minutes = 10 * (text[3] - '0') + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

void read_recommend(ConfigReader& reader, RecommendSettings& recommend) {
  std::string train_at;
  reader.optional("recommend.train_at", train_at);
  if (!train_at.empty()) {
    recommend.train_at = parse_time_of_day(train_at);
    if (!recommend.train_at) {
      reader.reject("recommend.train_at", "is no time of day; write \"03:30\", or \"\" for never");
    }
  }
  reader.optional("recommend.every_days", recommend.every_days, 1, 366);
  reader.optional("recommend.time_zone", recommend.time_zone);
  if (const auto zone = TimeZone::find(recommend.time_zone); !zone.ok()) {
    reader.reject("recommend.time_zone", zone.error().message());
  }
  reader.optional("recommend.new_items", recommend.new_items);
  reader.optional("recommend.buyers", recommend.buyers, 1, 1'000'000);
  reader.optional("recommend.without_aisles", recommend.left_out.aisles);
  reader.optional("recommend.without_items", recommend.left_out.items);
}

void read_hub_web(ConfigReader& reader, web::HubWebSettings& web) {
  reader.optional("web.listen", web.address);
  reader.optional("web.port", web.port, 0, 65535);
  reader.optional("web.hosts", web.hosts);
  reader.optional("web.certificate_file", web.certificate_file);
  reader.optional("web.key_file", web.key_file);
  if (web.certificate_file.empty() != web.key_file.empty()) {
    reader.reject(web.key_file.empty() ? "web.certificate_file" : "web.key_file",
                  "is only half of what HTTPS needs; set certificate_file and key_file");
  }
}

}  // namespace

Result<TillSettings> load_till_settings(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load(file));
  TillSettings settings;
  read_store(reader, settings.store);
  read_as(reader, "till.id", settings.id, parse_till_id);
  reader.optional("till.generation", settings.generation, 1, 999);
  reader.optional("till.socket", settings.socket);
  reader.optional("camera.source", settings.source);
  reader.optional("camera.frames_per_second", settings.frames_per_second, 1, 60);
  reader.require("detector.model", settings.model);
  reader.optional("detector.threads", settings.detector_threads, 0, 64);
  reader.require("catalogue.file", settings.catalogue);
  read_input(reader, settings.input);
  read_printer(reader, settings.printer, settings.paper);
  read_tracker(reader, settings.tracker);
  reader.require("journal.file", settings.journal);
  reader.optional("journal.reserve_mib", settings.reserve_mib, 0, 4096);
  reader.optional("journal.keep_days", settings.keep_days, 90, 3650);
  reader.optional("journal.mirror", settings.mirror);
  reader.optional("customers.kept_days", settings.customers_kept_days, 0, 3650);
  reader.optional("keys.chain", settings.chain_key);
  reader.optional("web.port", settings.web_port, 0, 65535);
  read_mqtt(reader, settings.mqtt);
  TILLSIGHT_TRY(reader.finish());
  settings.mqtt.client_id = format("{}-{}", settings.store.id.value(), settings.id.value());
  return settings;
}

Result<HubSettings> load_hub_settings(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load(file));
  HubSettings settings;
  settings.file = std::filesystem::absolute(file);
  reader.require("hub.data", settings.data);
  reader.optional("keys.chain", settings.chain_key);
  reader.optional("customers.kept_days", settings.customers_kept_days, 0, 36'500);
  read_recommend(reader, settings.recommend);
  read_hub_web(reader, settings.web);
  read_mqtt(reader, settings.mqtt);
  TILLSIGHT_TRY(reader.finish());
  settings.mqtt.client_id = "hub";
  return settings;
}

}  // namespace tillsight::app
