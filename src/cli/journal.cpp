#include "tillsight/journal/journal.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/journal/older.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  std::string config = "config/till.toml";
  std::string mirror;
};

/// Of a box that has never sold there is no journal yet, and nothing to leave out.
Result<EventIdentity> present_journal(const app::TillSettings& settings) {
  const auto journal = JournalReader::open(settings.journal);
  if (journal.ok()) return journal->identity();
  if (journal.error().code() != Code::kNotFound) return journal.error();
  return EventIdentity{settings.store.id, settings.id, Incarnation(), Sequence()};
}

Status import_mirror(const Options& options) {
  TILLSIGHT_ASSIGN(const app::TillSettings settings, app::load_till_settings(options.config));
  if (!std::filesystem::is_directory(options.mirror)) {
    return error(Code::kNotFound, "{}: there is no such folder; is the medium plugged in?",
                 options.mirror);
  }
  TILLSIGHT_ASSIGN(const EventIdentity present, present_journal(settings));
  TILLSIGHT_ASSIGN(const std::int64_t events,
                   journal::bring_mirror(options.mirror, settings.journal, present));
  if (events == 0) {
    return error(Code::kNotFound, "{}: holds nothing of till {}/{}; check the folder and the ids",
                 options.mirror, settings.store.id.value(), settings.id.value());
  }
  std::cout << events << " events of till " << settings.store.id.value() << '/'
            << settings.id.value() << " are here now; the till offers them to head office\n";
  return {};
}

}  // namespace

void add_journal(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("journal", "what a till has written down");
  command->require_subcommand(1);
  CLI::App* import = command->add_subcommand(
      "import-mirror", "takes over what the mirror of a box that has died still holds");
  import->footer(
      "Head office may lack the last sales of a till whose disk has died. If it had a mirror\n"
      "(journal.mirror), plug it into the till that replaces it. May be done again, and while the\n"
      "till runs: nothing is counted twice.\n\n"
      "Example:\n"
      "  tillsight journal import-mirror /media/mirror --config /etc/tillsight/till.toml");
  const auto options = std::make_shared<Options>();
  import->add_option("MIRROR", options->mirror, "the folder that journal.mirror named")->required();
  import->add_option("--config", options->config, "the till's settings")->capture_default_str();
  import->callback([&run, options] { run = [options] { return import_mirror(*options);
};
}  // namespace tillsight::cli
);
}

}  // namespace tillsight::cli
