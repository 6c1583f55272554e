#include <chrono>
#include <iostream>
#include <memory>

#include "cli/progress.hpp"
#include "cli/recommend.hpp"
#include "tillsight/als/search.hpp"
#include "tillsight/app/stop_signals.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::cli {
namespace {

using als::Metric;

struct Options {
  HubChoice hub;
  bool leave_one_out = false;
  std::uint64_t seed = 1;
  std::string format = "table";
};

std::string date_text(std::int32_t day) {
  return to_string(std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day))));
}

std::string_view view_name(als::Judged judged) {
  return judged == als::Judged::kAll ? "all items" : "items new to the customer";
}

void print_rows(const als::Table& table) {
  std::cout << format("{:<32}{:>9}{:>9}{:>9}{:>8}{:>18}{:>9}{:>8}{:>10}{:>9}\n", "model",
                      "Recall@5", "@20", "NDCG@5", "@20", "95 % interval", "@100", "MRR",
                      "coverage", "novelty");
  for (const als::Row& row : table.rows) {
    const als::Judgement& judged = row.judgement;
    const als::Interval sure = judged.interval(Metric::kNdcg20);
    std::cout << format(
        "{:<32}{:>9.4f}{:>9.4f}{:>9.4f}{:>8.4f}{:>18}{:>9.4f}{:>8.4f}{:>9.0f}%{:>9.1f}\n",
        als::title(row.recipe), judged.mean(Metric::kRecall5), judged.mean(Metric::kRecall20),
        judged.mean(Metric::kNdcg5), sure.mean, format("{:.4f} to {:.4f}", sure.low, sure.high),
        judged.mean(Metric::kNdcg100), judged.mean(Metric::kMrr), 100 * judged.coverage,
        judged.novelty);
  }
}

void print_table(const als::Contest& contest) {
  if (contest.days) {
    std::cout << format("learnt from {} to {}, chosen by {} to {}, judged by {} to {}\n",
                        date_text(contest.days->first), date_text(contest.days->validation - 1),
                        date_text(contest.days->validation), date_text(contest.days->test - 1),
                        date_text(contest.days->test), date_text(contest.days->last));
  } else {
    std::cout << "leave-one-out: one purchase of each customer judges, one before it chose\n";
  }
  for (const als::Table& table : contest.tables) {
    std::cout << format("\n{}: {} customers; {} new ones and {} purchases of new items left out\n",
                        view_name(table.judged), table.customers, table.strangers, table.new_items);
    print_rows(table);
  }
  std::cout << '\n';
  for (const als::Table& table : contest.tables) std::cout << als::verdict(table) << '\n';
}

void print_csv(const als::Contest& contest) {
  std::cout << "items,model,settings,metric,mean,low,high\n";
  for (const als::Table& table : contest.tables) {
    for (const als::Row& row : table.rows) {
      const auto line = [&](std::string_view metric, const als::Interval& value) {
        std::cout << format("{},{},\"{}\",{},{:.6f},{:.6f},{:.6f}\n",
                            table.judged == als::Judged::kAll ? "all" : "new",
                            als::title(row.recipe), als::settings(row.recipe), metric, value.mean,
                            value.low, value.high);
      };
      for (std::size_t i = 0; i < als::kMetrics; ++i) {
        const auto metric = static_cast<Metric>(i);
        line(als::name(metric), row.judgement.interval(metric));
      }
      const auto [coverage, novelty] = std::pair(row.judgement.coverage, row.judgement.novelty);
      line("coverage", {coverage, coverage, coverage});
      line("novelty", {novelty, novelty, novelty});
    }
  }
}

Status evaluate(const Options& options) {
  const app::StopSignals stop;
  TILLSIGHT_ASSIGN(const std::filesystem::path folder, options.hub.folder());
  TILLSIGHT_ASSIGN(const als::Interactions sales, als::read_interactions(folder));
  std::cerr << format(
      "{} lines of sales: {} of {} customers and {} items, {} of nobody in "
      "particular left out\n",
      sales.lines, sales.lines - sales.anonymous_lines, sales.customers.size(), sales.items.size(),
      sales.anonymous_lines);
  std::optional<als::Contest> contest;
  {
    ProgressBar bar("models");
    const auto on_done = [&](double done) {
      bar.show(done);
      return !stop.stop_requested();
    };
    TILLSIGHT_ASSIGN(
        contest, options.leave_one_out
                     ? als::hold_contest_leaving_one_out(sales, als::grid(), options.seed, on_done)
                     : als::hold_contest(sales, als::grid(), on_done));
  }
  options.format == "csv" ? print_csv(*contest) : print_table(*contest);
  for (const std::string& reason : contest->left_out) std::cerr << reason << '\n';
  return {};
}

}  // namespace

void add_recommend_evaluate(CLI::App& recommend, Run& run) {
  CLI::App* command = recommend.add_subcommand(
      "evaluate", "which model guesses best what customers buy next, by what they did buy");
  command->footer(
      "The last 20 % of the trading days judge; the days before them choose every model's "
      "settings\nand the winner, and nothing is chosen by what judges. Nothing is stored.\n\n"
      "Examples:\n"
      "  tillsight recommend evaluate --config /etc/tillsight/hub.toml\n"
      "  tillsight recommend evaluate --leave-one-out --format csv > models.csv");
  const auto options = std::make_shared<Options>();
  command->add_flag("--leave-one-out", options->leave_one_out,
                    "instead: one purchase of each customer's last day is held out");
  command->add_option("--seed", options->seed, "which one")->capture_default_str();
  command->add_option("--format", options->format, "table or csv")
      ->check(CLI::IsMember({"table", "csv"}))
      ->capture_default_str();
  command->add_option("--config", options->hub.config, "head office's settings file")
      ->capture_default_str();
  command->add_option("--data", options->hub.data, "a data folder instead of the settings' own");
  command->callback([&run, options] { run = [options] { return evaluate(*options); }; });
}

}  // namespace tillsight::cli
