#include "tillsight/app/hub.hpp"

#include "cli/hub_commands.hpp"
#include "tillsight/app/no_core_dumps.hpp"

namespace tillsight::cli {

Result<app::HubSettings> HubChoice::settings() const {
  if (data.empty()) return app::load_hub_settings(config);
  app::HubSettings settings;
  settings.data = data;
  return settings;
}

Result<std::filesystem::path> HubChoice::folder() const {
  TILLSIGHT_ASSIGN(const app::HubSettings chosen, settings());
  return chosen.data;
}

void add_hub(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("hub", "the daemon at head office, and its database");
  command->footer(
      "Without a subcommand the daemon runs, until it is stopped.\n\n"
      "Examples:\n"
      "  tillsight hub --config /etc/tillsight/hub.toml\n"
      "  tillsight hub backup /backup/hub-2026-11-23 --config /etc/tillsight/hub.toml");
  command->require_subcommand(0, 1);
  const auto choice = std::make_shared<HubChoice>();
  command->add_option("--config", choice->config, "settings file")->capture_default_str();
  command->add_option("--data", choice->data,
                      "a data folder instead of the settings' own; not for the daemon");
  add_hub_backup(*command, run, choice);
  add_hub_rebuild(*command, run, choice);
  add_hub_restore(*command, run, choice);
  add_hub_quarantine(*command, run, choice);
  add_hub_token(*command, run, choice);
  command->callback([&run, choice, command] {
    if (!command->get_subcommands().empty()) return;
    run = [choice]() -> Status {
      if (!choice->data.empty()) {
        return error(Code::kInvalidArgument,
                     "--data: the daemon takes its folder from the settings; set [hub] data in {}",
                     choice->config);
      }
      app::forbid_core_dumps();
      const app::StopSignals stop;
      TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(choice->config));
      return app::run_hub(settings, stop);
    };
  });
}

}  // namespace tillsight::cli
