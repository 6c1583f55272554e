/// \file
/// Files of config/ as they are shipped, inside the program: what provisioning writes comes from
/// them, so that there is one source.
#pragma once

#include <string_view>

namespace tillsight::app::config_files {

extern const std::string_view kTill;              // till.toml
extern const std::string_view kHub;               // hub.toml
extern const std::string_view kMosquitto;         // mosquitto/tillsight.conf
extern const std::string_view kMosquittoAcl;      // mosquitto/acl
extern const std::string_view kMosquittoService;  // mosquitto/hardening.conf

}  // namespace tillsight::app::config_files
