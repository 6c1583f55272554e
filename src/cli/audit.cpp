#include <iostream>
#include <memory>

#include "cli/audit_output.hpp"
#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/config.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/hub/audit.hpp"
#include "tillsight/journal/audit.hpp"

namespace tillsight::cli {
namespace {

constexpr std::size_t kAuditBytesMax = 512 * 1024 * 1024;

struct Options {
  std::string config;
  std::string journal;
  std::string data;
  std::string format = "table";
  std::string compare;
};

/// What is audited: a till's journal, or a head office's folder.
struct Subject {
  std::filesystem::path place;
  bool is_hub = false;
};

Result<Subject> subject_of(const Options& options) {
  if (!options.journal.empty()) return Subject{options.journal, false};
  if (!options.data.empty()) return Subject{options.data, true};
  TILLSIGHT_ASSIGN(ConfigReader reader, ConfigReader::load(options.config));
  if (reader.keys("hub").empty()) {
    TILLSIGHT_ASSIGN(const app::TillSettings settings, app::load_till_settings(options.config));
    return Subject{settings.journal, false};
  }
  TILLSIGHT_ASSIGN(const app::HubSettings settings, app::load_hub_settings(options.config));
  return Subject{settings.data, true};
}

Result<Audit> run_audit(const Subject& subject) {
  ProgressBar bar("auditing");
  const auto progress = [&bar](double done) { bar.show(done); };
  Audit audit;
  if (subject.is_hub) {
    TILLSIGHT_TRY(hub::audit_hub(subject.place, SystemClock(), audit, progress));
  } else {
    TILLSIGHT_TRY(audit_journal(subject.place, audit, progress));
  }
  return audit;
}

Status compare_with(const std::string& file, const Subject& subject, Audit& audit) {
  if (file.empty()) return {};
  TILLSIGHT_ASSIGN(const std::string text, read_file(file, kAuditBytesMax));
  const Result<Audit> other = parse_audit(text);
  if (!other.ok()) return other.error().with_context(file);
  for (std::string& difference : differences(audit, subject.place.string(), *other, file)) {
    audit.problems.push_back(std::move(difference));
  }
  return {};
}

Status audit(const Options& options) {
  TILLSIGHT_ASSIGN(const Subject subject, subject_of(options));
  TILLSIGHT_ASSIGN(Audit audit, run_audit(subject));
  TILLSIGHT_TRY(compare_with(options.compare, subject, audit));
  if (options.format == "csv") {
    std::cout << audit_csv(audit);
  } else if (options.format == "json") {
    std::cout << audit_json(audit);
  } else {
    std::cout << audit_table(audit);
  }
  if (audit.problems.empty()) return {};
  return error(Code::kDataLoss, "audit: {}: not proven in {} places; the first: {}",
               subject.place.string(), audit.problems.size(), audit.problems.front());
}

}  // namespace

void add_audit(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "audit", "proves that a till, or head office, has every event as it was sealed");
  command->footer(
      "Counts and sums every business date, checks every hash and link, and head office's columns\n"
      "against what was sealed. Only reads, also beside a running till or hub. Exit status 0: all\n"
      "is proven; 1: the output says what is not, and where.\n\n"
      "Examples:\n"
      "  tillsight audit --config /etc/tillsight/hub.toml\n"
      "  tillsight audit --config /etc/tillsight/till.toml --format json > till.json\n"
      "  tillsight audit --config /etc/tillsight/hub.toml --compare till.json");
  const auto options = std::make_shared<Options>();
  CLI::Option_group* which = command->add_option_group("which");
  which->add_option("--config", options->config, "a till's or a head office's settings file");
  which->add_option("--journal", options->journal, "a till's journal file");
  which->add_option("--data", options->data, "a head office's data folder, or a backup of it");
  which->require_option(1);
  command->add_option("--format", options->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->add_option("--compare", options->compare,
                      "the JSON of the other side: every period that both know must be the same");
  command->callback([&run, options] { run = [options] { return audit(*options); }; });
}

}  // namespace tillsight::cli
