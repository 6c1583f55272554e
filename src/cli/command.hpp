/// \file
/// The subcommands of `tillsight`, one file each. A file adds its options and says what runs; main
/// parses, runs it and turns the outcome into the exit status.
///
/// **Exit status** 0 done; 1 it failed while running; 2 the call or its input is wrong (usage,
/// settings, price list, photo): nothing was changed, and one line on standard error says what is
/// wrong, where, and what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "tillsight/core/result.hpp"

namespace tillsight::cli {

using Run = std::function<Status()>;

void add_till(CLI::App& app, Run& run);
void add_hub(CLI::App& app, Run& run);
void add_detect(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_report(CLI::App& app, Run& run);
void add_query(CLI::App& app, Run& run);
void add_recommend(CLI::App& app, Run& run);
void add_history(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_audit(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_cashier(CLI::App& app, Run& run);
void add_customer(CLI::App& app, Run& run);
void add_journal(CLI::App& app, Run& run);
void add_receipt(CLI::App& app, Run& run);
void add_provision(CLI::App& app, Run& run);

}  // namespace tillsight::cli
