#include <iostream>

#include "cli/hub_commands.hpp"
#include "cli/progress.hpp"
#include "tillsight/columns/writer.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/hub/rebuild.hpp"

namespace tillsight::cli {
namespace {

/// From the rows as they are now.
Status rebuild_columns(const std::filesystem::path& folder) {
  TILLSIGHT_ASSIGN(auto writer, columns::Writer::open(folder));
  ProgressBar bar("columns");
  TILLSIGHT_ASSIGN(const auto rebuilt, writer.rebuild([&bar](double done) {
    bar.show(done);
    return true;
  }));
  log::debug("columns: {} lines", rebuilt.lines);
  return {};
}

Status rebuild(const HubChoice& choice) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, choice.folder());
  std::vector<hub::Rebuilt> tables;
  {
    ProgressBar bar("rebuilding");
    TILLSIGHT_ASSIGN(tables, hub::rebuild(folder, [&bar](double done) { bar.show(done); }));
  }
  TILLSIGHT_TRY(rebuild_columns(folder));
  std::int64_t different = 0;
  for (const hub::Rebuilt& table : tables) {
    different += table.different;
    std::cout << format("{:<18} {:>10}  {}\n", table.what, table.rows,
                        table.different == 0 ? "equal" : format("{} differed", table.different));
  }
  if (different == 0) return {};
  return error(
      Code::kDataLoss,
      "{}: {} rows were not what the events say; they are now. Was hub.db changed by hand, "
      "or its disk damaged? See 'tillsight audit'",
      folder.string(), different);
}

}  // namespace

void add_hub_rebuild(CLI::App& hub, Run& run, const SharedHubChoice& choice) {
  CLI::App* command = hub.add_subcommand(
      "rebuild",
      "derives everything from the sealed events again and compares; the hub must be "
      "stopped");
  command->footer(
      "Exit status 0 proves that what was there is what the events say; 1: it was put right.\n\n"
      "Example:\n  tillsight hub rebuild --config /etc/tillsight/hub.toml");
  command->fallthrough();
  command->callback([&run, choice] { run = [choice] { return rebuild(*choice); }; });
}

}  // namespace tillsight::cli
