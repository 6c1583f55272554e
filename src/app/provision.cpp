#include "tillsight/app/provision.hpp"

#include "app/authority_folder.hpp"
#include "app/config_files.hpp"
#include "app/provision_files.hpp"
#include "app/settings_text.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kOwnerOnly{0700};
constexpr int kGenerationMax = 999;

Status write_till_settings(const Provisioner::Till& till, int generation,
                           const mqtt::Settings& broker) {
  SettingsText settings(config_files::kTill);
  TILLSIGHT_TRY(settings.set("store.id", till.store.value()));
  TILLSIGHT_TRY(settings.set("till.id", till.till.value()));
  TILLSIGHT_TRY(settings.set("till.generation", generation));
  TILLSIGHT_TRY(settings.set("till.socket", (till.data / "till.sock").string()));
  TILLSIGHT_TRY(settings.set("detector.model", till.model.string()));
  TILLSIGHT_TRY(settings.set("catalogue.file", till.catalogue.string()));
  TILLSIGHT_TRY(settings.set("keys.chain", "chain.key"));
  TILLSIGHT_TRY(settings.set("journal.file", (till.data / "till.db").string()));
  TILLSIGHT_TRY(set_broker(settings, broker.host, broker.port, "till"));
  return write_file_atomically(till.bundle / "till.toml", settings.text(), kPublicFile);
}

}  // namespace

std::string to_string(const Party& party) {
  switch (party.kind) {
    case Party::Kind::kHub: return "hub";
    case Party::Kind::kBroker: return "broker";
    case Party::Kind::kTill: return format("{}/{}", party.store.value(), party.till.value());
  }
  return "";
}

Provisioner::Provisioner(const fs::path& folder, const Clock& clock, Random& random)
    : folder_(fs::weakly_canonical(fs::absolute(folder))), clock_(clock), random_(random) {}

Result<Steps> Provisioner::till(const Till& till) {
  const UtcTime now = clock_.utc_now();
  TILLSIGHT_TRY(check_clock(now));
  TILLSIGHT_ASSIGN(const AuthorityFolder authority, AuthorityFolder::open(folder_ / "authority"));
  TILLSIGHT_ASSIGN(const HubSettings hub, load_hub_settings(folder_ / "hub.toml"));
  TILLSIGHT_ASSIGN(const std::string chain_key, read_file(folder_ / "chain.key", 4096));
  const std::string name = to_string({Party::Kind::kTill, till.store, till.till});
  TILLSIGHT_ASSIGN(const auto earlier, authority.issued_to(name));
  for (const AuthorityFolder::Issued& one : earlier) {
    if (one.revoked) continue;
    return error(Code::kAlreadyExists,
                 "{}: has a certificate until {}; `tillsight provision renew till` prolongs it, "
                 "`tillsight provision revoke` makes room for another box",
                 name, day(one.facts.validity.until));
  }
  const int generation = earlier.empty() ? 1 : earlier.back().generation + 1;
  if (generation > kGenerationMax) {
    return error(Code::kFailedPrecondition, "{}: has had {} boxes, more than receipts can number",
                 name, kGenerationMax);
  }
  if (fs::exists(till.bundle)) {
    return error(Code::kAlreadyExists, "{}: is there already; name a new folder with --out",
                 till.bundle.string());
  }
  TILLSIGHT_TRY(make_folder(till.bundle, kOwnerOnly));
  TILLSIGHT_ASSIGN(
      const Credential credential,
      authority.issue({name, Purpose::kClient}, generation, validity_from(now, till.days)));
  TILLSIGHT_TRY(write_credential(till.bundle, "till", credential));
  TILLSIGHT_TRY(
      write_file_atomically(till.bundle / "ca.crt", authority.certificate(), kPublicFile));
  TILLSIGHT_TRY(write_file_atomically(till.bundle / "chain.key", chain_key));
  TILLSIGHT_TRY(write_till_settings(till, generation, hub.mqtt));
  return Steps{
      format("till: {} made for {}, generation {}, until {}", till.bundle.string(), name,
             generation, day(now + till.days)),
      format("next: move the folder to {}'s box as /etc/tillsight and leave no copy: it holds the "
             "till's secrets",
             name),
      "next, on the box: chown -R tillsight: /etc/tillsight; systemctl restart tillsight-till"};
}

Result<Steps> Provisioner::renew(const Party& party, const fs::path& out,
                                 const std::vector<std::string>& hosts, std::chrono::days days) {
  const UtcTime now = clock_.utc_now();
  const bool of_till = party.kind == Party::Kind::kTill;
  TILLSIGHT_TRY(check_clock(now));
  if (!hosts.empty()) TILLSIGHT_TRY(check_hosts(hosts));
  TILLSIGHT_ASSIGN(const AuthorityFolder authority, AuthorityFolder::open(folder_ / "authority"));
  TILLSIGHT_ASSIGN(auto issued, authority.issued_to(to_string(party)));
  std::erase_if(issued, [](const AuthorityFolder::Issued& one) { return one.revoked; });
  if (issued.empty()) {
    return error(Code::kNotFound, "{}: has no certificate to renew; see `tillsight provision list`",
                 to_string(party));
  }
  if (of_till && fs::exists(out)) {
    return error(Code::kAlreadyExists, "{}: is there already; name a new file with --out",
                 out.string());
  }
  TILLSIGHT_ASSIGN(const std::string certificate,
                   authority.renew(issued.back(), validity_from(now, days), hosts));
  const fs::path file = of_till                           ? out
                        : party.kind == Party::Kind::kHub ? folder_ / "hub.crt"
                                                          : folder_ / "broker" / "broker.crt";
  TILLSIGHT_TRY(write_file_atomically(file, certificate, kPublicFile));
  if (party.kind == Party::Kind::kBroker) TILLSIGHT_TRY(hand_to_mosquitto(folder_ / "broker"));
  const std::string next = of_till ? "next: put it in place of till.crt; it is no secret. The till "
                                     "takes it with its next connection"
                           : party.kind == Party::Kind::kHub
                               ? "the hub takes it with its next connection"
                               : "next: systemctl reload mosquitto";
  return Steps{format("{}: {} made, until {}", to_string(party), file.string(), day(now + days)),
               next};
}

Result<Steps> Provisioner::revoke(const Party& party) {
  if (party.kind == Party::Kind::kBroker) {
    return error(Code::kInvalidArgument,
                 "the broker cannot be revoked: tills read no revocation list. If its key is lost "
                 "to a stranger, make the whole chain anew in another folder");
  }
  const std::string name = to_string(party);
  TILLSIGHT_TRY(check_clock(clock_.utc_now()));
  TILLSIGHT_ASSIGN(const AuthorityFolder authority, AuthorityFolder::open(folder_ / "authority"));
  TILLSIGHT_ASSIGN(const auto issued, authority.issued_to(name));
  if (issued.empty()) {
    return error(Code::kNotFound, "{}: never had a certificate; see `tillsight provision list`",
                 name);
  }
  TILLSIGHT_ASSIGN(const std::string list, authority.revoke(issued, clock_.utc_now()));
  const fs::path broker = folder_ / "broker";
  TILLSIGHT_TRY(write_file_atomically(broker / "revoked.crl", list, kPublicFile));
  TILLSIGHT_TRY(hand_to_mosquitto(broker));
  if (party.kind == Party::Kind::kHub) {
    std::error_code none;
    fs::remove(folder_ / "hub.crt", none);
    fs::remove(folder_ / "hub.key", none);
  }
  return Steps{format("{}: revoked, in {}", name, (broker / "revoked.crl").string()),
               "next: systemctl restart mosquitto; a reload would refuse new connections, but only "
               "a restart ends one that is up. Everybody else is back in seconds"};
}

Result<Steps> Provisioner::list() const {
  TILLSIGHT_ASSIGN(const AuthorityFolder authority, AuthorityFolder::open(folder_ / "authority"));
  TILLSIGHT_ASSIGN(const auto issued, authority.issued());
  Steps lines{format("{:<33} {:>10} {:<10} {:<8} serial", "who", "generation", "until", "state")};
  for (const AuthorityFolder::Issued& one : issued) {
    const bool expired = one.facts.validity.until < clock_.utc_now();
    lines.push_back(format("{:<33} {:>10} {:<10} {:<8} {}", one.party, one.generation,
                           day(one.facts.validity.until),
                           one.revoked ? "revoked"
                           : expired   ? "expired"
                                       : "valid",
                           one.facts.serial));
  }
  return lines;
}

}  // namespace tillsight::app
