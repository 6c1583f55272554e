#include <iostream>

#include "cli/command.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::cli {
namespace {

int exit_status(const Error& failure) {
  switch (failure.code()) {
    case Code::kInvalidArgument:
    case Code::kNotFound:
    case Code::kFailedPrecondition:
    case Code::kAlreadyExists: return 2;
    case Code::kUnavailable:
    case Code::kAborted:
    case Code::kResourceExhausted:
    case Code::kDataLoss:
    case Code::kCancelled: return 1;
  }
  return 1;
}

int run(int argc, char** argv) {
  CLI::App app("Tillsight: vision checkout for real shops, one binary for till and head office.",
               "tillsight");
  app.set_version_flag("--version", "tillsight " TILLSIGHT_VERSION);
  app.require_subcommand(1);
  std::string level = "info";
  app.add_option("--log-level", level, "debug, info, warning or error")->capture_default_str();

  Run chosen;
  // In the order of the README.
  add_till(app, chosen);
  add_hub(app, chosen);
  add_detect(app, chosen);
  add_report(app, chosen);
  add_query(app, chosen);
  add_recommend(app, chosen);
  add_import(app, chosen);
  add_export(app, chosen);
  add_history(app, chosen);
  add_audit(app, chosen);
  add_demo(app, chosen);
  add_provision(app, chosen);
  add_cashier(app, chosen);
  add_customer(app, chosen);
  add_receipt(app, chosen);
  add_journal(app, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  const auto parsed_level = log::parse_level(level);
  if (parsed_level.ok()) log::set_level(*parsed_level);
  const Status outcome = parsed_level.ok() ? chosen() : Status(parsed_level.error());
  if (outcome.ok()) return 0;
  std::cerr << "tillsight: " << outcome.error().message() << '\n';
  return exit_status(outcome.error());
}

}  // namespace
}  // namespace tillsight::cli

int main(int argc, char** argv) {
  return tillsight::cli::run(argc, argv);
}
