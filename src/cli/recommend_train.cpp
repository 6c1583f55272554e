#include <iostream>
#include <memory>

#include "cli/progress.hpp"
#include "cli/recommend.hpp"
#include "tillsight/als/use.hpp"
#include "tillsight/app/stop_signals.hpp"
#include "tillsight/hub/recommendations.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  HubChoice hub;
  bool new_items = false;
  std::optional<std::int32_t> buyers;
};

/// What the command line does not say, the settings do; a folder without settings keeps the rules
/// that it has.
Result<als::Use> use_of(const Options& options) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, options.hub.settings());
  const app::RecommendSettings& said = settings.recommend;
  als::Use use;
  if (options.new_items || said.new_items) use.judged = als::Judged::kNew;
  use.support.customers_of_item = options.buyers.value_or(said.buyers);
  if (!settings.file.empty()) use.left_out = said.left_out;
  return use;
}

Status train(const Options& options) {
  const app::StopSignals stop;
  const SystemClock clock;
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, options.hub.folder());
  TILLSIGHT_ASSIGN(const als::Use use, use_of(options));
  std::optional<als::InUse> trained;
  {
    ProgressBar bar("training");
    TILLSIGHT_ASSIGN(trained, als::train_for_use(folder, use, als::grid(), clock, [&](double done) {
                       bar.show(done);
                       return !stop.stop_requested();
                     }));
  }
  std::cout << trained->verdict << '\n';
  if (!trained->kept.empty()) std::cout << trained->kept << '\n';
  std::cout << format("version {} is in use: {}, learnt to {} from {} customers and {} items\n",
                      trained->version, trained->facts.title, trained->facts.learnt_to,
                      trained->facts.customers, trained->facts.items);
  return {};
}

Status roll_back(const Options& options) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, options.hub.folder());
  // Says that nothing was trained, instead of making an empty file.
  TILLSIGHT_ASSIGN(const auto reader, hub::Recommendations::open(folder));
  TILLSIGHT_ASSIGN(auto store, hub::RecommendationStore::open(folder));
  TILLSIGHT_ASSIGN(const hub::ModelFacts facts, store.roll_back());
  std::cout << format("version {} is in use again: {}, learnt to {}\n", facts.version, facts.title,
                      facts.learnt_to);
  return {};
}

void add_hub_options(CLI::App& command, Options& options) {
  command.add_option("--config", options.hub.config, "head office's settings file")
      ->capture_default_str();
  command.add_option("--data", options.hub.data, "a data folder instead of the settings' own");
}

}  // namespace

void add_recommend_train(CLI::App& recommend, Run& run) {
  CLI::App* command = recommend.add_subcommand(
      "train", "finds the best model, trains it on everything and puts it in use");
  command->footer(
      "The winner of the validation days is trained on all days, whichever model it is, unless the "
      "settings\nin use do better on the test days: then they are. The lists take the place of "
      "those before in\none step. Whatever goes wrong leaves the model in use as it is. A hub may "
      "run; [recommend] in its\nsettings says when it trains by itself, and what is recommended to "
      "nobody.\n\n"
      "Example:\n  tillsight recommend train --config /etc/tillsight/hub.toml");
  const auto options = std::make_shared<Options>();
  command->add_flag("--new-items", options->new_items,
                    "recommend only what a customer has not bought yet");
  command->add_option("--buyers", options->buyers, "leave out items that fewer customers bought")
      ->check(CLI::Range(1, 1'000'000));
  add_hub_options(*command, *options);
  command->callback([&run, options] { run = [options] { return train(*options); }; });
}

void add_recommend_rollback(CLI::App& recommend, Run& run) {
  CLI::App* command =
      recommend.add_subcommand("rollback", "puts the version before the one in use in use again");
  command->footer(
      "The version that was in use is deleted.\n\n"
      "Example:\n  tillsight recommend rollback --config /etc/tillsight/hub.toml");
  const auto options = std::make_shared<Options>();
  add_hub_options(*command, *options);
  command->callback([&run, options] { run = [options] { return roll_back(*options); }; });
}

}  // namespace tillsight::cli
