#include <iostream>

#include "cli/hub_commands.hpp"
#include "cli/progress.hpp"
#include "tillsight/hub/backup.hpp"

namespace tillsight::cli {
namespace {

std::string told(const hub::Holding& holding) {
  const std::string newest =
      holding.newest.empty() ? "" : format(", the newest of {}", holding.newest);
  return format("{} events, {} invoices{}", holding.events, holding.invoices, newest);
}

Status back_up(const HubChoice& choice, const std::string& to) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  ProgressBar bar("backing up");
  const auto made = hub::back_up(folder, to, [&bar](double done) { bar.show(done); });
  TILLSIGHT_TRY(made.ok() ? Status() : Status(made.error()));
  std::cout << format("{}: {}; copied and checked\n", to, told(made->holding));
  if (!made->has_key) {
    std::cout << "the key of the customers' pseudonyms is the chain's and is not in it: keep that "
                 "one safe too\n";
  }
  return {};
}

Status restore(const HubChoice& choice, const std::string& from, bool force) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  const SystemClock clock;
  SystemRandom random;
  const auto existing = force ? hub::Existing::kPutAside : hub::Existing::kRefuse;
  TILLSIGHT_ASSIGN(const hub::Restored restored,
                   hub::restore(from, folder, existing, clock, random));
  std::cout << format("{}: restored; {}\n", folder.string(), told(restored.holding));
  if (!restored.put_aside.empty()) {
    std::cout << format("what was there before is in {}\n", restored.put_aside.string());
  }
  std::cout << format(
      "start the hub: every till sends again what is newer\n"
      "whoever reads on from a cursor starts again at {}\n",
      restored.holding.cursor);
  return {};
}

}  // namespace

void add_hub_backup(CLI::App& hub, Run& run, const SharedHubChoice& choice) {
  CLI::App* command =
      hub.add_subcommand("backup", "copies the databases and the key, also while the hub runs");
  command->footer("Example:\n  tillsight hub backup /backup/hub-2026-11-23");
  command->fallthrough();
  const auto to = std::make_shared<std::string>();
  command->add_option("DIR", *to, "a folder that does not exist yet")->required();
  command->callback([&run, choice, to] { run = [choice, to] { return back_up(*choice, *to); }; });
}

void add_hub_restore(CLI::App& hub, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = hub.add_subcommand("restore", "puts a backup back; the hub must be stopped");
  command->footer("Example:\n  tillsight hub restore /backup/hub-2026-11-23 --force");
  command->fallthrough();
  const auto from = std::make_shared<std::string>();
  const auto force = std::make_shared<bool>(false);
  command->add_option("DIR", *from, "the backup's folder")->required();
  command->add_flag("--force", *force, "puts aside what is there");
  command->callback([&run, choice, from, force] {
    run = [choice, from, force] { return restore(*choice, *from, *force); };
  });
}

}  // namespace tillsight::cli
