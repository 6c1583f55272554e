#include "tillsight/app/no_core_dumps.hpp"
#include "tillsight/app/till.hpp"
#include "cli/command.hpp"

namespace tillsight::cli {

void add_till(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("till", "the daemon on the checkout box");
  command->footer(
      "Clerk actions come in as JSON Lines on standard input and on the local socket of the\n"
      "settings; the sale and its receipts go out the same way (docs/clerk-actions.md).\n\n"
      "Examples:\n"
      "  tillsight till --config /etc/tillsight/till.toml\n"
      "  tillsight till --config config/till.toml --source photo.jpg\n"
      "  tillsight till --config config/till.toml --source still:view.jpg");
  struct Options {
    std::string config = "config/till.toml";
    std::string source;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("--config", options->config, "settings file")->capture_default_str();
  command->add_option(
      "--source", options->source,
      "instead of camera.source: a camera, stream, video, photo, folder, still:FILE");
  command->callback([&run, options] {
    run = [options]() -> Status {
      app::forbid_core_dumps();
      const app::StopSignals stop;
      TILLSIGHT_ASSIGN(app::TillSettings settings, app::load_till_settings(options->config));
      if (!options->source.empty()) settings.source = options->source;
      // A camera's call that hangs is left behind with what it borrows.
      static const SystemClock clock;
      static SystemRandom random;
      TILLSIGHT_ASSIGN(app::Eyes eyes, app::open_eyes(settings, clock, random));
      return app::run_till(settings, std::move(eyes), clock, random, stop);
    };
  });
}

}  // namespace tillsight::cli
