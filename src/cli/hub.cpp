#include "tillsight/app/hub.hpp"
#include "tillsight/app/no_core_dumps.hpp"
#include "cli/command.hpp"

namespace tillsight::cli {

void add_hub(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("hub", "the daemon at head office");
  command->footer("Example:\n  tillsight hub --config /etc/tillsight/hub.toml");
  const auto config = std::make_shared<std::string>("config/hub.toml");
  command->add_option("--config", *config, "settings file")->capture_default_str();
  command->callback([&run, config] {
    run = [config]() -> Status {
      app::forbid_core_dumps();
      const app::StopSignals stop;
      TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(*config));
      return app::run_hub(settings, stop);
    };
  });
}

}  // namespace tillsight::cli
