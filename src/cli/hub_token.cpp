#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/caller.hpp"
#include "cli/hub_commands.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/core/csv.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/hub/access.hpp"

namespace tillsight::cli {
namespace {

using app::HubOrder;
using Json = nlohmann::ordered_json;

constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kTokenPrefix = "tillsight_";

struct NewToken {
  std::string name;
  std::string scope;
  int days = 0;
};

/// What the token is stands on standard output alone, so that it can be led into a file.
Status add(const HubChoice& choice, const NewToken& wanted) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, choice.settings());
  SystemRandom random;
  const std::string token = std::string(kTokenPrefix) + random_hex(random, kTokenBytes);
  HubOrder order{HubOrder::What::kAddToken, {}, caller(), {}};
  order.name = wanted.name;
  order.scope = wanted.scope;
  order.hash = to_hex(sha256(token));
  order.days = wanted.days;
  TILLSIGHT_ASSIGN(const std::string said, app::give_order(settings, order));
  std::cerr << said << "; this is the only time that it is shown:\n";
  std::cout << token << '\n';
  return {};
}

Status revoke(const HubChoice& choice, const std::string& name) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, choice.settings());
  HubOrder order{HubOrder::What::kRevokeToken, {}, caller(), {}};
  order.name = name;
  TILLSIGHT_ASSIGN(const std::string said, app::give_order(settings, order));
  std::cout << said << '\n';
  return {};
}

std::string state_of(const hub::Token& token, UtcTime now) {
  if (!token.revoked_at.empty()) return "revoked " + token.revoked_at;
  if (!token.holds(now)) return "expired " + token.expires_at;
  return token.expires_at.empty() ? "holds" : "holds until " + token.expires_at;
}

std::string or_never(const std::string& time) {
  return time.empty() ? "never" : time;
}

void print(const std::vector<hub::Token>& tokens, const std::string& form, UtcTime now) {
  Json json = Json::array();
  if (form == "csv") std::cout << "name,scope,state,made_at,made_by,used_at\n";
  for (const hub::Token& token : tokens) {
    if (form == "json") {
      json.push_back({{"name", token.name},
                      {"scope", hub::name(token.scope)},
                      {"state", state_of(token, now)},
                      {"made_at", token.made_at},
                      {"made_by", token.made_by},
                      {"used_at", token.used_at}});
    } else if (form == "csv") {
      std::cout << format("{},{},{},{},{},{}\n", csv_field(token.name), hub::name(token.scope),
                          state_of(token, now), token.made_at, csv_field(token.made_by),
                          token.used_at);
    } else {
      std::cout << format("{:<24}{:<9}{}; made {} by {}, last used {}\n", token.name,
                          hub::name(token.scope), state_of(token, now), token.made_at,
                          token.made_by, or_never(token.used_at));
    }
  }
  if (form == "json") std::cout << json.dump(2) << '\n';
  if (form == "table" && tokens.empty()) std::cout << "there is no token\n";
}

Status list(const HubChoice& choice, const std::string& form) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  TILLSIGHT_ASSIGN(const std::vector<hub::Token> tokens, hub::list_tokens(folder));
  print(tokens, form, SystemClock().utc_now());
  return {};
}

Status reads(const HubChoice& choice, int limit) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  TILLSIGHT_ASSIGN(const auto found, hub::list_person_reads(folder, limit));
  for (const hub::PersonRead& read : found) {
    std::cout << format("{}  {}  {}\n", read.at, read.who, read.what);
  }
  if (found.empty()) std::cout << "nobody has read personal data\n";
  return {};
}

void add_add(CLI::App& token, Run& run, const SharedHubChoice& choice) {
  CLI::App* command =
      token.add_subcommand("add", "makes a token and shows it, once; the hub may run");
  command->footer(
      "A token opens /api/v1 and the dashboard. Scopes: read, all but personal data; persons,\n"
      "names and phones too, each time on record; admin, what changes something.\n\n"
      "Example:\n  tillsight hub token add bookkeeping --scope read --days 365");
  command->fallthrough();
  const auto wanted = std::make_shared<NewToken>();
  command->add_option("NAME", wanted->name, "of who will use it")->required();
  command->add_option("--scope", wanted->scope, "read, persons or admin")
      ->required()
      ->check(CLI::IsMember({"read", "persons", "admin"}));
  command->add_option("--days", wanted->days, "that it holds; default: until it is revoked")
      ->check(CLI::Range(1, 3650));
  command->callback(
      [&run, choice, wanted] { run = [choice, wanted] { return add(*choice, *wanted); }; });
}

void add_list(CLI::App& token, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = token.add_subcommand("list", "who has one, and when it was used last");
  command->footer("Example:\n  tillsight hub token list --format json");
  command->fallthrough();
  const auto form = std::make_shared<std::string>("table");
  command->add_option("--format", *form, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->callback(
      [&run, choice, form] { run = [choice, form] { return list(*choice, *form); }; });
}

void add_revoke(CLI::App& token, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = token.add_subcommand("revoke", "shuts a token out, at once");
  command->footer("Example:\n  tillsight hub token revoke bookkeeping");
  command->fallthrough();
  const auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "of the token")->required();
  command->callback(
      [&run, choice, name] { run = [choice, name] { return revoke(*choice, *name); }; });
}

void add_reads(CLI::App& token, Run& run, const SharedHubChoice& choice) {
  CLI::App* command =
      token.add_subcommand("reads", "who has read names or phones, the newest first");
  command->footer("Example:\n  tillsight hub token reads --limit 100");
  command->fallthrough();
  const auto limit = std::make_shared<int>(50);
  command->add_option("--limit", *limit, "how many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->callback(
      [&run, choice, limit] { run = [choice, limit] { return reads(*choice, *limit); }; });
}

}  // namespace

void add_hub_token(CLI::App& hub, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = hub.add_subcommand("token", "who may ask head office over HTTP");
  command->footer("Example:\n  tillsight hub token add bookkeeping --scope read");
  command->require_subcommand(1);
  command->fallthrough();
  add_add(*command, run, choice);
  add_list(*command, run, choice);
  add_revoke(*command, run, choice);
  add_reads(*command, run, choice);
}

}  // namespace tillsight::cli
