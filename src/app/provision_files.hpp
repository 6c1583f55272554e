/// \file
/// What the parts of provisioning share: checks of what a person asked for, and how files are left.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/authority_folder.hpp"
#include "app/settings_text.hpp"

namespace tillsight::app {

std::string day(UtcTime time);  ///< "2028-11-22"

/// A clock that has lost its time makes certificates that nobody accepts.
Status check_clock(UtcTime now);
Status check_hosts(const std::vector<std::string>& hosts);

/// Gives files to the user of a service, if we are root and there is one: services read them
/// without root. What is not there is passed over.
Status hand_to(const char* user, const std::vector<std::filesystem::path>& files);
/// A folder and its files to Mosquitto.
Status hand_to_mosquitto(const std::filesystem::path& folder);
/// What head office reads, to its service (systemd/tillsight-hub.service); never the authority.
Status hand_to_hub(const std::filesystem::path& folder);

/// NAME.key for its owner alone, then NAME.crt.
Status write_credential(const std::filesystem::path& folder, const std::string& name,
                        const Credential& credential);

/// Host, port and the three files of TLS, which stand beside the settings.
Status set_broker(SettingsText& settings, const std::string& host, int port,
                  const std::string& name);

}  // namespace tillsight::app
