#include "tillsight/app/provision.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/shipped.hpp"

namespace tillsight::cli {
namespace {

using app::Party;
using app::Provisioner;

constexpr const char* kDefaultFolder = "/etc/tillsight";

/// What the options of all subcommands say.
struct Options {
  std::string folder = kDefaultFolder;
  Provisioner::Chain chain;
  int days = static_cast<int>(app::kCertificateDays.count());
  std::string what;
  std::string store;
  std::string till;
  std::string out;
  std::string model = shipped("models/manifest.toml");
  std::string catalogue = shipped("config/catalogue.csv");
  std::string data = "/var/lib/tillsight";
};
using SharedOptions = std::shared_ptr<Options>;
using Action = Result<app::Steps> (*)(const Options&, Provisioner&);

Result<Party> party_of(const Options& options) {
  if (options.what == "hub") return Party{Party::Kind::kHub};
  if (options.what == "broker") return Party{Party::Kind::kBroker};
  if (options.store.empty() || options.till.empty()) {
    return error(Code::kInvalidArgument, "name the till with --store and --till");
  }
  Party party;
  TILLSIGHT_ASSIGN(party.store, parse_store_id(options.store));
  TILLSIGHT_ASSIGN(party.till, parse_till_id(options.till));
  return party;
}

Result<app::Steps> make_hub(const Options& options, Provisioner& provisioner) {
  Provisioner::Chain chain = options.chain;
  chain.data = std::filesystem::absolute(options.data);
  chain.days = std::chrono::days(options.days);
  return provisioner.hub(chain);
}

Result<app::Steps> make_till(const Options& options, Provisioner& provisioner) {
  TILLSIGHT_ASSIGN(const Party party, party_of(options));
  return provisioner.till(
      {party.store, party.till, options.out, std::filesystem::absolute(options.model),
       std::filesystem::absolute(options.catalogue), std::filesystem::absolute(options.data),
       std::chrono::days(options.days)});
}

Result<app::Steps> renew(const Options& options, Provisioner& provisioner) {
  TILLSIGHT_ASSIGN(const Party party, party_of(options));
  if (party.kind == Party::Kind::kTill && options.out.empty()) {
    return error(Code::kInvalidArgument, "name the new certificate's file with --out");
  }
  return provisioner.renew(party, options.out, options.chain.hosts,
                           std::chrono::days(options.days));
}

Result<app::Steps> revoke(const Options& options, Provisioner& provisioner) {
  TILLSIGHT_ASSIGN(const Party party, party_of(options));
  return provisioner.revoke(party);
}

Result<app::Steps> list(const Options&, Provisioner& provisioner) {
  return provisioner.list();
}

CLI::App* add_action(CLI::App& parent, Run& run, const SharedOptions& options, const char* name,
                     const char* what, Action action) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->add_option("--dir", options->folder, "head office's folder")->capture_default_str();
  command->callback([&run, options, action] {
    run = [options, action]() -> Status {
      const SystemClock clock;
      SystemRandom random;
      Provisioner provisioner(options->folder, clock, random);
      TILLSIGHT_ASSIGN(const app::Steps steps, action(*options, provisioner));
      for (const std::string& step : steps) std::cout << step << '\n';
      return {};
    };
  });
  return command;
}

void add_till_names(CLI::App* command, const SharedOptions& options, bool required) {
  command->add_option("--store", options->store, "1 to 16 capital letters and digits")
      ->required(required);
  command->add_option("--till", options->till, "the same")->required(required);
}

void add_days(CLI::App* command, const SharedOptions& options) {
  command->add_option("--days", options->days, "how long the certificate holds")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
}

void add_hub_action(CLI::App& parent, Run& run, const SharedOptions& options) {
  CLI::App* command = add_action(parent, run, options, "hub",
                                 "makes the chain: authority, broker, head office", &make_hub);
  command->footer(
      "What is there is kept; an interrupted call may be repeated.\n\n"
      "Example:\n  tillsight provision hub --dir /etc/tillsight --host hub.example.org");
  command
      ->add_option("--host", options->chain.hosts,
                   "name or address under which tills reach the broker; the first is used")
      ->required();
  command->add_option("--port", options->chain.port, "of the broker")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command->add_option("--name", options->chain.name, "of the chain, in its certificates")
      ->capture_default_str();
  command->add_option("--data", options->data, "the hub's data folder")->capture_default_str();
  add_days(command, options);
}

void add_till_action(CLI::App& parent, Run& run, const SharedOptions& options) {
  CLI::App* command = add_action(parent, run, options, "till",
                                 "makes the folder that a till's box gets", &make_till);
  command->footer(
      "Example:\n"
      "  tillsight provision till --dir /etc/tillsight --store S01 --till T03 --out S01-T03\n"
      "  scp -r S01-T03 root@till3:/etc/tillsight && rm -r S01-T03");
  add_till_names(command, options, true);
  command->add_option("--out", options->out, "the new folder")->required();
  command->add_option("--model", options->model, "manifest of the network, on the till's box")
      ->capture_default_str();
  command->add_option("--catalogue", options->catalogue, "price list, on the till's box")
      ->capture_default_str();
  command->add_option("--data", options->data, "where the till writes, on its box")
      ->capture_default_str();
  add_days(command, options);
}

void add_renew_action(CLI::App& parent, Run& run, const SharedOptions& options) {
  CLI::App* command = add_action(parent, run, options, "renew",
                                 "prolongs a certificate; keys stay where they are", &renew);
  command->footer(
      "Examples:\n"
      "  tillsight provision renew till --store S01 --till T03 --out till.crt\n"
      "  tillsight provision renew broker --host hub.example.org --host 192.0.2.7");
  command->add_option("WHAT", options->what, "till, hub or broker")
      ->check(CLI::IsMember({"till", "hub", "broker"}))
      ->required();
  add_till_names(command, options, false);
  command->add_option("--out", options->out, "a till's new certificate");
  command->add_option("--host", options->chain.hosts, "the broker's hosts, if they change");
  add_days(command, options);
}

void add_revoke_action(CLI::App& parent, Run& run, const SharedOptions& options) {
  CLI::App* command = add_action(parent, run, options, "revoke",
                                 "shuts a till out, or head office's lost key", &revoke);
  command->footer(
      "Examples:\n"
      "  tillsight provision revoke till --store S01 --till T03\n"
      "  tillsight provision revoke hub");
  command->add_option("WHAT", options->what, "till or hub")
      ->check(CLI::IsMember({"till", "hub", "broker"}))
      ->default_val("till");
  add_till_names(command, options, false);
}

}  // namespace

void add_provision(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("provision", "keys and certificates of a chain");
  command->require_subcommand(1);
  command->footer(
      "The page for it: docs/security.md.\n\n"
      "Example:\n  tillsight provision hub --dir /etc/tillsight --host hub.example.org");
  const auto options = std::make_shared<Options>();
  add_hub_action(*command, run, options);
  add_till_action(*command, run, options);
  add_renew_action(*command, run, options);
  add_revoke_action(*command, run, options);
  add_action(*command, run, options, "list", "who has a certificate, and until when", &list)
      ->footer("Example:\n  tillsight provision list --dir /etc/tillsight");
}

}  // namespace tillsight::cli
