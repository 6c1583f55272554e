/// \file
/// The subcommands of `tillsight hub`, and what they share.
#pragma once

#include <filesystem>
#include <string>

#include "cli/command.hpp"
#include "tillsight/app/settings.hpp"

namespace tillsight::cli {

/// Which head office a command is about.
struct HubChoice {
  std::string config = "config/hub.toml";
  std::string data;  ///< a folder, instead of the settings' own

  Result<app::HubSettings> settings() const;
  Result<std::filesystem::path> folder() const;
};

using SharedHubChoice = std::shared_ptr<HubChoice>;

void add_hub_backup(CLI::App& hub, Run& run, const SharedHubChoice& choice);
void add_hub_quarantine(CLI::App& hub, Run& run, const SharedHubChoice& choice);
void add_hub_rebuild(CLI::App& hub, Run& run, const SharedHubChoice& choice);
void add_hub_restore(CLI::App& hub, Run& run, const SharedHubChoice& choice);
void add_hub_token(CLI::App& hub, Run& run, const SharedHubChoice& choice);

}  // namespace tillsight::cli
