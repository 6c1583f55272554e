/// \file
/// The subcommands of `tillsight recommend`, one file each.
#pragma once

#include "cli/hub_commands.hpp"

namespace tillsight::cli {

void add_recommend_benchmark(CLI::App& recommend, Run& run);
void add_recommend_evaluate(CLI::App& recommend, Run& run);
void add_recommend_rollback(CLI::App& recommend, Run& run);
void add_recommend_show(CLI::App& recommend, Run& run);
void add_recommend_train(CLI::App& recommend, Run& run);

}  // namespace tillsight::cli
