/// \file
/// The settings files of the two daemons: config/till.toml and config/hub.toml are the commented
/// examples of every key.
///
/// **Errors** kNotFound for a missing file, kInvalidArgument as "till.toml:12: mqtt.port: …".
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/basket/object_tracker.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/money.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/mqtt/mosquitto_client.hpp"
#include "tillsight/station/input_devices.hpp"
#include "tillsight/station/printer.hpp"
#include "tillsight/station/receipt_page.hpp"
#include "tillsight/web/hub_server.hpp"

namespace tillsight::app {

/// What belongs to the shop rather than to the box.
struct StoreSettings {
  StoreId id;
  std::vector<std::string> receipt_header;  ///< name, address, tax number: one line each
  std::string currency = "INR";
  std::string time_zone = "Asia/Kolkata";
  std::string region = "IN";  ///< where phone numbers without a country code belong (ISO 3166)
};

struct TillSettings {
  StoreSettings store;
  TillId id;
  int generation = 1;
  std::string source = "/dev/video0";
  int frames_per_second = 10;   ///< of a camera; what comes faster is not looked at
  std::filesystem::path model;  ///< the manifest
  int detector_threads = 0;     ///< 0: one per core
  std::filesystem::path catalogue;
  TrackerSettings tracker;  ///< its thresholds come from the model's manifest
  std::filesystem::path journal;
  int reserve_mib = 16;             ///< given up when the disk is full; 0: none
  int keep_days = 90;               ///< events that head office has
  std::filesystem::path mirror;     ///< a folder on a second medium; empty: none
  int customers_kept_days = 180;    ///< since their last visit; 0: nobody is remembered
  std::filesystem::path chain_key;  ///< empty: the journal has a key of its own
  InputSettings input;              ///< keypad and scanner
  Printer printer;                  ///< without an address: none
  PagePaper paper;
  std::filesystem::path socket;  ///< where clerk actions may come in; empty: nowhere
  int web_port = 0;              ///< of the clerk's page, on loopback; 0: none
  mqtt::Settings mqtt;
};
Result<TillSettings> load_till_settings(const std::filesystem::path& file);

/// How head office trains what customers may want.
struct RecommendSettings {
  std::optional<std::chrono::minutes> train_at;  ///< since local midnight; none: never by itself
  int every_days = 1;
  std::string time_zone = "Asia/Kolkata";  ///< of `train_at`
  bool new_items = false;                  ///< recommend only what a customer has not bought yet
  int buyers = 1;                          ///< of an item at least
  hub::LeftOut left_out{};
};

struct HubSettings {
  std::filesystem::path file;       ///< they were read from; empty: from none
  std::filesystem::path data;       ///< the folder of the databases
  std::filesystem::path chain_key;  ///< empty: the folder has a key of its own
  int customers_kept_days = 0;      ///< since their last invoice; 0: until erased
  RecommendSettings recommend;
  web::HubWebSettings web;  ///< its port 0: no page
  mqtt::Settings mqtt;
  hub::IngestSettings ingest;
};
Result<HubSettings> load_hub_settings(const std::filesystem::path& file);

}  // namespace tillsight::app
