#include "app/provision_files.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "tillsight/core/file.hpp"

namespace tillsight::app {

namespace fs = std::filesystem;

std::string day(UtcTime time) {
  return to_iso8601(time).substr(0, 10);
}

Status check_clock(UtcTime now) {
  if (now >= UtcTime(std::chrono::sys_days{std::chrono::year{2026} / 1 / 1})) return {};
  return error(Code::kFailedPrecondition,
               "this machine's clock says {}; set it first, certificates carry the time", day(now));
}

Status check_hosts(const std::vector<std::string>& hosts) {
  if (hosts.empty()) return error(Code::kInvalidArgument, "name the broker's host with --host");
  for (const std::string& host : hosts) {
    const bool plain = std::all_of(host.begin(), host.end(), [](unsigned char c) {
      return c < 0x80 && (std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':');
    });
    if (!plain || host.empty() || host.size() > 253) {
      return error(Code::kInvalidArgument,
                   "host '{}' is neither a name nor an address; letters, digits, '.', '-' and ':'",
                   host);
    }
  }
  return {};
}

Status hand_to(const char* user, const std::vector<fs::path>& files) {
  const passwd* const entry = ::geteuid() == 0 ? ::getpwnam(user) : nullptr;
  if (entry == nullptr) return {};
  for (const fs::path& file : files) {
    if (!fs::exists(file)) continue;
    if (::chown(file.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
      return error(Code::kUnavailable, "{}: cannot be given to the user {}", file.string(), user);
    }
  }
  return {};
}

Status hand_to_mosquitto(const fs::path& folder) {
  std::vector<fs::path> files{folder};
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return hand_to("mosquitto", files);
}

Status hand_to_hub(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const char* name : {"chain.key", "hub.crt", "hub.key", "page.crt", "page.key"}) {
    files.push_back(folder / name);
  }
  return hand_to("tillsight", files);
}

Status write_credential(const fs::path& folder, const std::string& name,
                        const Credential& credential) {
  TILLSIGHT_TRY(write_file_atomically(folder / (name + ".key"), credential.key));
  return write_file_atomically(folder / (name + ".crt"), credential.certificate, kPublicFile);
}

Status set_broker(SettingsText& settings, const std::string& host, int port,
                  const std::string& name) {
  TILLSIGHT_TRY(settings.set("mqtt.host", host));
  TILLSIGHT_TRY(settings.set("mqtt.port", port));
  TILLSIGHT_TRY(settings.set("mqtt.ca_file", "ca.crt"));
  TILLSIGHT_TRY(settings.set("mqtt.certificate_file", name + ".crt"));
  return settings.set("mqtt.key_file", name + ".key");
}

}  // namespace tillsight::app
