#include "tillsight/app/demo.hpp"
#include "cli/command.hpp"
#include "cli/shipped.hpp"
#include "tillsight/core/clock.hpp"

namespace tillsight::cli {

void add_demo(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("demo", "everything on one machine, with real photos");
  command->footer(
      "Examples:\n"
      "  tillsight demo\n"
      "  tillsight demo --serve\n"
      "  tillsight demo --out /tmp/demo my-photo.jpg another.jpg");
  const auto settings = std::make_shared<app::DemoSettings>();
  // A name of its own for every run, so that no run loses what an earlier one wrote.
  settings->folder = "tillsight-demo-" + to_iso8601(SystemClock().utc_now()).substr(0, 19);
  settings->photos = "/usr/share/doc/opencv-doc/examples/data";
  settings->model = shipped("models/manifest.toml");
  settings->catalogue = shipped("config/catalogue.csv");
  command->add_option("PHOTOS", settings->own_photos, "your photos; each becomes one more sale");
  command->add_flag("--serve", settings->serve,
                    "open the clerks' pages, say where, and go on until Ctrl-C");
  command->add_option("--out", settings->folder, "where everything is written");
  command->add_option("--photos", settings->photos, "folder of apple.jpg, orange.jpg, fruits.jpg")
      ->capture_default_str();
  command->add_option("--model", settings->model, "manifest of the network")->capture_default_str();
  command->add_option("--catalogue", settings->catalogue, "price list")->capture_default_str();
  command->callback([&run, settings] {
    run = [settings]() -> Status {
      const app::StopSignals stop;
      settings->program = std::filesystem::read_symlink("/proc/self/exe");
      return app::run_demo(*settings, stop);
    };
  });
}

}  // namespace tillsight::cli
