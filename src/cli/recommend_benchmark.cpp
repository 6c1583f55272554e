#include <sys/resource.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "cli/progress.hpp"
#include "cli/recommend.hpp"
#include "tillsight/als/implicit_als.hpp"
#include "tillsight/als/public_data.hpp"

namespace tillsight::cli {
namespace {

using als::ImplicitSettings;
using Clock = std::chrono::steady_clock;

constexpr double kHeld = 0.1;  // of the training pairs, to choose settings by
constexpr int kTriesMax = 16;  // of settings
constexpr float kStep = 3;     // between neighbouring settings

struct Options {
  std::string train_file;
  std::string test_file;
  ImplicitSettings settings;
  float least_rating = 0;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Goes uphill in NDCG@20 on what is held back, from the defaults, a factor up or down at a time.
class Choice {
 public:
  Choice(als::Slice slice, const ImplicitSettings& from)
      : slice_(std::move(slice)), best_(from), bar_("choosing settings") {}

  Result<ImplicitSettings> run() {
    TILLSIGHT_ASSIGN(best_ndcg_, ndcg(best_));
    for (bool better = true; better && tries_ < kTriesMax;) {
      better = false;
      for (float ImplicitSettings::*which :
           {&ImplicitSettings::unobserved_weight, &ImplicitSettings::regularisation}) {
        for (const float factor : {kStep, 1 / kStep}) {
          TILLSIGHT_ASSIGN(const bool climbed, climb(which, factor));
          better |= climbed;
        }
      }
    }
    return best_;
  }
  int tries() const { return tries_; }

 private:
  /// One way as long as it gets better; what was tried in vain is not tried again.
  Result<bool> climb(float ImplicitSettings::*which, float factor) {
    bool climbed = false;
    while (tries_ < kTriesMax) {
      ImplicitSettings next = best_;
      next.*which *= factor;
      TILLSIGHT_ASSIGN(const double reached, ndcg(next));
      if (reached <= best_ndcg_) break;
      best_ndcg_ = reached;
      best_ = next;
      climbed = true;
    }
    return climbed;
  }

  Result<double> ndcg(const ImplicitSettings& settings) {
    TILLSIGHT_ASSIGN(const als::FactorModel model, als::train(slice_.rest, settings));
    bar_.show(static_cast<double>(++tries_) / (kTriesMax + 1));
    return als::judge_public(model, slice_.rest, slice_.held, settings.threads).ndcg_20;
  }

  const als::Slice slice_;
  ImplicitSettings best_;
  double best_ndcg_ = 0;
  int tries_ = 0;
  ProgressBar bar_;
};

double peak_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Outcome {
  als::PublicScores scores;
  ImplicitSettings settings;
  double iteration_s = 0;
};

Result<Outcome> train_and_judge(const als::PublicData& data, const ImplicitSettings& settings) {
  ProgressBar bar("training");
  const auto start = Clock::now();
  const auto show = [&bar](const als::Progress& progress) {
    bar.show(static_cast<double>(progress.iteration) / progress.iterations);
    return true;
  };
  TILLSIGHT_ASSIGN(const als::FactorModel model, als::train(data.train_set, settings, show));
  const double taken = seconds_since(start);
  return Outcome{als::judge_public(model, data.train_set, data.test_set, settings.threads),
                 settings, taken / settings.iterations};
}

void print_data(const als::PublicData& data) {
  std::cout << format("{} customers, {} items; {} pairs to learn from, {} to be found\n",
                      data.train_set.rows(), data.train_set.columns(), data.train_set.size(),
                      data.test_set.size());
  if (data.below_rating > 0) {
    std::cout << format("left out: {} pairs rated lower than asked for\n", data.below_rating);
  }
}

void print_outcome(const Outcome& outcome, int tries) {
  const als::PublicScores& scores = outcome.scores;
  std::cout << format(
      "implicit ALS, rank {}, {} iterations; by NDCG@20 on a tenth of the training pairs, of {} "
      "settings:\n  unobserved weight {:.4g}, regularisation {:.4g}\n\n",
      outcome.settings.rank, outcome.settings.iterations, tries, outcome.settings.unobserved_weight,
      outcome.settings.regularisation);
  std::cout << format("{:<26}{:>10}{:>10}{:>10}{:>10}\n", "", "Recall@20", "Recall@50", "NDCG@20",
                      "NDCG@100");
  std::cout << format("{:<26}{:>10.4f}{:>10.4f}{:>10.4f}{:>10.4f}\n", "of all in the test",
                      scores.recall_20, scores.recall_50, scores.ndcg_20, scores.ndcg_100);
  std::cout << format("{:<26}{:>10.4f}{:>10.4f}\n\n", "of what a list can hold",
                      scores.bounded_recall_20, scores.bounded_recall_50);
  std::cout << format("over {} customers", scores.customers);
  if (scores.without_training > 0) {
    std::cout << format("; left out: {} without a pair in training", scores.without_training);
  }
  std::cout << format("\n{:.3f} s an iteration; at most {:.0f} MB of memory\n", outcome.iteration_s,
                      peak_mb());
}

Status benchmark(const Options& options) {
  TILLSIGHT_ASSIGN(const als::PublicData data,
                   als::read_public(options.train_file, options.test_file, options.least_rating));
  if (data.test_set.size() == 0) {
    return error(Code::kInvalidArgument, "{}: has no pair of user and item", options.test_file);
  }
  print_data(data);
  int tries = 0;
  ImplicitSettings settings = options.settings;
  {
    Choice choice(als::hold_back(data.train_set, kHeld, settings.seed), settings);
    TILLSIGHT_ASSIGN(settings, choice.run());
    tries = choice.tries();
  }
  TILLSIGHT_ASSIGN(const Outcome outcome, train_and_judge(data, settings));
  print_outcome(outcome, tries);
  return {};
}

}  // namespace

void add_recommend_benchmark(CLI::App& recommend, Run& run) {
  CLI::App* command = recommend.add_subcommand(
      "benchmark", "implicit ALS on a public test set, to be put beside published tables");
  command->footer(
      "Files: a line a customer (`user item item ...`), or a line a rating (user,item[,rating],\n"
      "commas or tabs, with or without a header). Settings are chosen on a tenth of the training\n"
      "pairs, never on the test.\n\n"
      "Example:\n  tillsight recommend benchmark --train ml-1m/train.txt --test ml-1m/test.txt");
  const auto options = std::make_shared<Options>();
  command->add_option("--train", options->train_file, "what is learnt from")->required();
  command->add_option("--test", options->test_file, "what is to be found")->required();
  command->add_option("--rank", options->settings.rank, "factors of a customer and of an item")
      ->capture_default_str();
  command->add_option("--iterations", options->settings.iterations, "of a training")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--min-rating", options->least_rating, "pairs rated lower do not count");
  command->add_option("--threads", options->settings.threads, "0: as many as the machine has")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--seed", options->settings.seed, "of the start and of what is held back")
      ->capture_default_str();
  command->callback([&run, options] { run = [options] { return benchmark(*options); }; });
}

}  // namespace tillsight::cli
