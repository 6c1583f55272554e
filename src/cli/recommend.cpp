#include "cli/recommend.hpp"

#include "cli/command.hpp"

namespace tillsight::cli {

void add_recommend(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("recommend", "what customers may want: trains, judges, shows");
  command->footer(
      "How models are judged, and what they are: docs/recommendations.md.\n\n"
      "Example:\n  tillsight recommend evaluate --config /etc/tillsight/hub.toml");
  command->require_subcommand(1);
  add_recommend_train(*command, run);
  add_recommend_evaluate(*command, run);
  add_recommend_show(*command, run);
  add_recommend_rollback(*command, run);
  add_recommend_benchmark(*command, run);
}

}  // namespace tillsight::cli
