#include <algorithm>

#include "app/authority_folder.hpp"
#include "app/config_files.hpp"
#include "app/provision_files.hpp"
#include "app/settings_text.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/keys.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kOwnerOnly{0700};
constexpr fs::perms kOthersMayLookIn{0755};
/// What stands in the files of config/mosquitto.
constexpr std::string_view kShippedFolder = "/etc/tillsight";
constexpr std::string_view kShippedListener = "\nlistener 8883\n";

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

Status check_folder(const fs::path& folder) {
  const std::string name = folder.string();
  const bool plain =
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
  if (plain) return {};
  return error(Code::kInvalidArgument, "--dir holds a control character; choose another folder");
}

/// systemd would read a blank, a colon and the like as its own.
bool systemd_can_name(const fs::path& folder) {
  return folder.string().find_first_of(" \"'\\%:") == std::string::npos;
}

std::string mosquitto_text(std::string_view shipped, const fs::path& folder, int port) {
  const std::string text = with(std::string(shipped), kShippedFolder, folder.string());
  return with(text, kShippedListener, format("\nlistener {}\n", port));
}

/// What provision hub does, one part after the other.
class HubMaker {
 public:
  HubMaker(const fs::path& folder, const Provisioner::Chain& chain, UtcTime now, Random& random,
           Steps& steps)
      : folder_(folder), chain_(chain), now_(now), random_(random), steps_(steps) {}

  Status run() {
    TILLSIGHT_TRY(refuse_what_would_change());
    TILLSIGHT_TRY(make_folder(folder_, kOthersMayLookIn));
    TILLSIGHT_ASSIGN(const AuthorityFolder authority, make_authority());
    TILLSIGHT_TRY(make_chain_key());
    TILLSIGHT_TRY(make_broker(authority));
    TILLSIGHT_TRY(make_hub(authority));
    return hand_to_hub(folder_);
  }

 private:
  Status refuse_what_would_change() const {
    const fs::path certificate = folder_ / "broker" / "broker.crt";
    const bool there = fs::exists(certificate) || fs::exists(folder_ / "hub.crt");
    if (there && !AuthorityFolder::exists(folder_ / "authority")) {
      return error(Code::kFailedPrecondition,
                   "{}: is missing, but certificates of it are here; restore it from its backup",
                   (folder_ / "authority").string());
    }
    if (fs::exists(folder_ / "hub.toml")) {
      TILLSIGHT_ASSIGN(const HubSettings settings, load_hub_settings(folder_ / "hub.toml"));
      if (settings.mqtt.port != chain_.port) {
        return error(Code::kFailedPrecondition,
                     "{}: says port {}, not {}; change it by hand there, in broker/mosquitto.conf "
                     "and in every till's settings",
                     (folder_ / "hub.toml").string(), settings.mqtt.port, chain_.port);
      }
    }
    if (!fs::exists(certificate)) return {};
    TILLSIGHT_ASSIGN(const std::string pem, read_file(certificate));
    TILLSIGHT_ASSIGN(const CertificateFacts facts, read_certificate(pem));
    for (const std::string& host : chain_.hosts) {
      if (std::find(facts.hosts.begin(), facts.hosts.end(), host) != facts.hosts.end()) continue;
      return error(Code::kFailedPrecondition,
                   "{}: is for {}, not for {}; `tillsight provision renew broker` changes that",
                   certificate.string(), joined(facts.hosts), host);
    }
    return {};
  }

  Result<AuthorityFolder> make_authority() {
    const fs::path folder = folder_ / "authority";
    if (AuthorityFolder::exists(folder)) {
      steps_.push_back(format("authority: {} is kept", folder.string()));
      return AuthorityFolder::open(folder);
    }
    steps_.push_back(
        format("authority: {} made; put a copy into a safe, and let nobody else have "
               "it: whoever has ca.key can be any till",
               folder.string()));
    return AuthorityFolder::create(folder, chain_.name, now_);
  }

  Status make_chain_key() {
    const fs::path file = folder_ / "chain.key";
    if (!fs::exists(file)) {
      steps_.push_back(format("chain key: {} made; back it up with the authority", file.string()));
    }
    TILLSIGHT_ASSIGN(const SecretKey key, load_or_make_key(file, random_));
    return {};
  }

  Status make_broker(const AuthorityFolder& authority) {
    const fs::path folder = folder_ / "broker";
    TILLSIGHT_TRY(make_folder(folder, kOwnerOnly));
    const auto missing = [&](const char* name) { return !fs::exists(folder / name); };
    const auto write = [&](const char* name, const std::string& text) -> Status {
      return missing(name) ? write_file_atomically(folder / name, text, kPublicFile) : Status();
    };
    TILLSIGHT_TRY(
        write("mosquitto.conf", mosquitto_text(config_files::kMosquitto, folder_, chain_.port)));
    TILLSIGHT_TRY(write("acl", std::string(config_files::kMosquittoAcl)));
    TILLSIGHT_TRY(write("ca.crt", authority.certificate()));
    TILLSIGHT_ASSIGN(const std::string list, authority.revocation_list());
    TILLSIGHT_TRY(write("revoked.crl", list));
    if (missing("broker.crt")) {
      TILLSIGHT_ASSIGN(const Credential broker,
                       authority.issue({"broker", Purpose::kServer, chain_.hosts}, 1,
                                       validity_from(now_, chain_.days)));
      TILLSIGHT_TRY(write_credential(folder, "broker", broker));
      steps_.push_back(format("broker: {} made, for {}, port {}, until {}", folder.string(),
                              joined(chain_.hosts), chain_.port, day(now_ + chain_.days)));
    } else {
      steps_.push_back(format("broker: {} is kept", folder.string()));
    }
    const fs::path service = folder_ / "hardening.conf";
    if (!fs::exists(service) && systemd_can_name(folder_)) {
      TILLSIGHT_TRY(write_file_atomically(
          service, mosquitto_text(config_files::kMosquittoService, folder_, chain_.port),
          kPublicFile));
    }
    return hand_to_mosquitto(folder);
  }

  Status make_hub(const AuthorityFolder& authority) {
    if (!fs::exists(folder_ / "hub.crt")) {
      TILLSIGHT_ASSIGN(const auto earlier, authority.issued_to("hub"));
      const int generation = earlier.empty() ? 1 : earlier.back().generation + 1;
      TILLSIGHT_ASSIGN(const Credential hub, authority.issue({"hub", Purpose::kClient}, generation,
                                                             validity_from(now_, chain_.days)));
      TILLSIGHT_TRY(write_credential(folder_, "hub", hub));
      steps_.push_back(format("hub: {} made, until {}", (folder_ / "hub.crt").string(),
                              day(now_ + chain_.days)));
    } else {
      steps_.push_back(format("hub: {} is kept", (folder_ / "hub.crt").string()));
    }
    TILLSIGHT_TRY(make_page(authority));
    if (!fs::exists(folder_ / "ca.crt")) {
      TILLSIGHT_TRY(
          write_file_atomically(folder_ / "ca.crt", authority.certificate(), kPublicFile));
    }
    if (fs::exists(folder_ / "hub.toml")) return {};
    SettingsText settings(config_files::kHub);
    TILLSIGHT_TRY(settings.set("hub.data", (chain_.data / "hub").string()));
    TILLSIGHT_TRY(settings.set("keys.chain", "chain.key"));
    TILLSIGHT_TRY(settings.set("web.certificate_file", "page.crt"));
    TILLSIGHT_TRY(settings.set("web.key_file", "page.key"));
    TILLSIGHT_TRY(set_broker(settings, chain_.hosts.front(), chain_.port, "hub"));
    return write_file_atomically(folder_ / "hub.toml", settings.text(), kPublicFile);
  }

  /// What browsers and programs see of head office. One that was removed is made anew.
  Status make_page(const AuthorityFolder& authority) {
    const fs::path certificate = folder_ / "page.crt";
    if (fs::exists(certificate)) {
      steps_.push_back(format("page: {} is kept", certificate.string()));
      return {};
    }
    std::vector<std::string> hosts = chain_.hosts;
    for (const char* own : {"localhost", "127.0.0.1"}) {
      if (std::find(hosts.begin(), hosts.end(), own) == hosts.end()) hosts.emplace_back(own);
    }
    TILLSIGHT_ASSIGN(const auto earlier, authority.issued_to("page"));
    const int generation = earlier.empty() ? 1 : earlier.back().generation + 1;
    TILLSIGHT_ASSIGN(const Credential page,
                     authority.issue({"page", Purpose::kServer, hosts}, generation,
                                     validity_from(now_, chain_.days)));
    TILLSIGHT_TRY(write_credential(folder_, "page", page));
    steps_.push_back(format("page: {} made, for {}, until {}", certificate.string(), joined(hosts),
                            day(now_ + chain_.days)));
    return {};
  }

  const fs::path& folder_;
  const Provisioner::Chain& chain_;
  const UtcTime now_;
  Random& random_;
  Steps& steps_;
};

}  // namespace

Result<Steps> Provisioner::hub(const Chain& chain) {
  TILLSIGHT_TRY(check_clock(clock_.utc_now()));
  TILLSIGHT_TRY(check_folder(folder_));
  TILLSIGHT_TRY(check_hosts(chain.hosts));
  Steps steps;
  TILLSIGHT_TRY(HubMaker(folder_, chain, clock_.utc_now(), random_, steps).run());
  const fs::path service = folder_ / "hardening.conf";
  steps.push_back(fs::exists(service)
                      ? format("next: mkdir -p /etc/systemd/system/mosquitto.service.d; cp {} "
                               "/etc/systemd/system/mosquitto.service.d/tillsight.conf; systemctl "
                               "daemon-reload; systemctl restart mosquitto",
                               service.string())
                      : format("next: mosquitto -c {}; systemd's files cannot name this folder",
                               (folder_ / "broker" / "mosquitto.conf").string()));
  steps.push_back("next: systemctl restart tillsight-hub");
  return steps;
}

}  // namespace tillsight::app
