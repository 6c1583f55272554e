#include <iostream>
#include <memory>

#include "cli/caller.hpp"
#include "cli/recommend.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/hub/recommendations.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  HubChoice hub;
  std::string phone;
  std::string region;
  std::string customer;
  int limit = 5;
};

/// \return the pseudonym of whoever has the phone; the reading is on record.
Result<std::string> pseudonym_of(const Options& options) {
  std::string typed = options.phone;
  if (typed == "-") std::getline(std::cin, typed);
  TILLSIGHT_ASSIGN(const std::string phone, normalise_phone(typed, options.region));
  TILLSIGHT_ASSIGN(const app::HubSettings settings, options.hub.settings());
  TILLSIGHT_TRY(app::give_order(
      settings, {app::HubOrder::What::kRecordPersonRead, {}, caller(), "recommend show"}));
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(settings.data, hub::Persons::kShown));
  TILLSIGHT_ASSIGN(auto find,
                   db.prepare("SELECT pseudonym FROM persons.person WHERE phone = ? LIMIT 1"));
  TILLSIGHT_ASSIGN(const bool found, find.bind(phone).step());
  if (found) return std::string(find.text(0));
  return error(Code::kNotFound,
               "nobody has this phone here: never seen, or erased; is the country's code right?");
}

Status show_versions(hub::Recommendations& recommendations) {
  TILLSIGHT_ASSIGN(const auto versions, recommendations.versions());
  for (const hub::ModelFacts& facts : versions) {
    std::cout << format(
        "{} version {}, made {}: {}{}{}\n    learnt to {} from {} customers and {} items; "
        "{} items: NDCG@20 {:.4f} ({:.4f} to {:.4f}), {} {:.4f}\n",
        facts.in_use ? "*" : " ", facts.version, facts.made_at, facts.title,
        facts.settings.empty() ? "" : ", ", facts.settings, facts.learnt_to, facts.customers,
        facts.items, facts.judged, facts.ndcg20, facts.ndcg20_low, facts.ndcg20_high,
        facts.baseline, facts.baseline_ndcg20);
  }
  return {};
}

Status show(const Options& options) {
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, options.hub.folder());
  TILLSIGHT_ASSIGN(auto recommendations, hub::Recommendations::open(folder));
  std::string customer = options.customer;
  if (!options.phone.empty()) {
    TILLSIGHT_ASSIGN(customer, pseudonym_of(options));
  }
  if (customer.empty()) return show_versions(recommendations);
  TILLSIGHT_ASSIGN(const bool known, recommendations.knows(customer));
  if (!known) std::cout << "not known to the model in use; what suits most:\n";
  TILLSIGHT_ASSIGN(const auto list, recommendations.of(customer, options.limit));
  for (const hub::Recommended& one : list) {
    std::cout << format("{:<32} {}{}\n", one.item, one.sku,
                        one.because.empty() ? "" : format("  because of {}", one.because));
  }
  return {};
}

}  // namespace

void add_recommend_show(CLI::App& recommend, Run& run) {
  CLI::App* command = recommend.add_subcommand(
      "show", "the versions that are kept, or what a customer is recommended, and why");
  command->footer(
      "Examples:\n"
      "  tillsight recommend show\n"
      "  tillsight recommend show --phone +919876543210");
  const auto options = std::make_shared<Options>();
  auto* phone = command->add_option("--phone", options->phone,
                                    "whose list; -: typed. The reading is on record");
  command->add_option("--region", options->region, "country of a phone without +, such as IN");
  command->add_option("--customer", options->customer, "the same by pseudonym")->excludes(phone);
  command->add_option("--limit", options->limit, "items at most")
      ->check(CLI::Range(1, hub::kRecommendedMost))
      ->capture_default_str();
  command->add_option("--config", options->hub.config, "head office's settings file")
      ->capture_default_str();
  command->add_option("--data", options->hub.data, "a data folder instead of the settings' own");
  command->callback([&run, options] { run = [options] { return show(*options); }; });
}

}  // namespace tillsight::cli
