#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/caller.hpp"
#include "cli/hub_commands.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/core/csv.hpp"
#include "tillsight/hub/quarantine.hpp"

namespace tillsight::cli {
namespace {

using app::HubOrder;
using Json = nlohmann::ordered_json;

std::string event_of(const hub::Quarantined& row) {
  return row.held ? to_string(*row.held) : "";
}

void print_table(const hub::QuarantineList& list) {
  for (const hub::Quarantined& row : list.rows) {
    std::cout << format("{}  {}  {} times  {}\n    {}\n", row.id, row.received_at, row.times,
                        row.held ? event_of(row) : row.topic, row.reason);
  }
  for (const hub::NotKept& sender : list.not_kept) {
    std::cout << format("{}: {} more are not kept, its share is full; the last came at {}\n",
                        sender.sender, sender.times, sender.last_at);
  }
  if (list.rows.empty() && list.not_kept.empty()) std::cout << "nothing is in quarantine\n";
}

void print_csv(const hub::QuarantineList& list) {
  std::cout << "id,received_at,topic,event,times,reason\n";
  for (const hub::Quarantined& row : list.rows) {
    std::cout << format("{},{},{},{},{},{}\n", row.id, row.received_at, csv_field(row.topic),
                        event_of(row), row.times, csv_field(row.reason));
  }
}

void print_json(const hub::QuarantineList& list) {
  Json json = {{"quarantine", Json::array()}, {"not_kept", Json::array()}};
  for (const hub::Quarantined& row : list.rows) {
    json["quarantine"].push_back({{"id", row.id},
                                  {"received_at", row.received_at},
                                  {"topic", row.topic},
                                  {"event", event_of(row)},
                                  {"times", row.times},
                                  {"reason", row.reason}});
  }
  for (const hub::NotKept& sender : list.not_kept) {
    json["not_kept"].push_back(
        {{"sender", sender.sender}, {"times", sender.times}, {"last_at", sender.last_at}});
  }
  std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

Status list(const HubChoice& choice, const std::string& form) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  TILLSIGHT_ASSIGN(const hub::QuarantineList found, hub::list_quarantine(folder));
  if (form == "csv") {
    print_csv(found);
  } else if (form == "json") {
    print_json(found);
  } else {
    print_table(found);
  }
  return {};
}

Status give(const HubChoice& choice, HubOrder order) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, choice.settings());
  order.who = caller();
  TILLSIGHT_ASSIGN(const std::string said, app::give_order(settings, order));
  std::cout << said << '\n';
  return {};
}

void add_list(CLI::App& quarantine, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = quarantine.add_subcommand("list", "what is in quarantine, and why");
  command->footer("Example:\n  tillsight hub quarantine list --format json");
  command->fallthrough();
  const auto form = std::make_shared<std::string>("table");
  command->add_option("--format", *form, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->callback(
      [&run, choice, form] { run = [choice, form] { return list(*choice, *form); }; });
}

void add_replay(CLI::App& quarantine, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = quarantine.add_subcommand(
      "replay", "offers it again to this version of the program, as if it had just come");
  command->footer("Example:\n  tillsight hub quarantine replay --id 7");
  command->fallthrough();
  const auto id = std::make_shared<std::optional<std::int64_t>>();
  command->add_option("--id", *id, "only this number");
  command->callback([&run, choice, id] {
    run = [choice, id] { return give(*choice, {HubOrder::What::kReplayQuarantine, *id, {}, {}}); };
  });
}

void add_drop(CLI::App& quarantine, Run& run, const SharedHubChoice& choice) {
  CLI::App* command =
      quarantine.add_subcommand("drop", "deletes one for good; who did it and why stays on record");
  command->footer("Example:\n  tillsight hub quarantine drop --id 7 --reason 'a test box'");
  command->fallthrough();
  const auto id = std::make_shared<std::int64_t>();
  const auto reason = std::make_shared<std::string>();
  command->add_option("--id", *id, "its number in the list")->required();
  command->add_option("--reason", *reason, "why it is worth nothing")->required();
  command->callback([&run, choice, id, reason] {
    run = [choice, id, reason] {
      return give(*choice, {HubOrder::What::kDropQuarantined, *id, {}, *reason});
    };
  });
}

}  // namespace

void add_hub_quarantine(CLI::App& hub, Run& run, const SharedHubChoice& choice) {
  CLI::App* command =
      hub.add_subcommand("quarantine", "what tills sent and the hub could not take");
  command->footer("Example:\n  tillsight hub quarantine list");
  command->require_subcommand(1);
  command->fallthrough();
  add_list(*command, run, choice);
  add_replay(*command, run, choice);
  add_drop(*command, run, choice);
}

}  // namespace tillsight::cli
