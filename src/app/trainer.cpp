#include "app/trainer.hpp"

#include <sys/wait.h>

#include <csignal>

#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/time_zone.hpp"

namespace tillsight::app {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::size_t kSaidMost = 2'000;

/// What a command says last is its outcome.
std::string last_line(const std::filesystem::path& file) {
  auto read = read_file(file);
  if (!read.ok()) return "";
  std::string text = *std::move(read);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const std::size_t start = text.rfind('\n');
  if (start != std::string::npos) text.erase(0, start + 1);
  constexpr std::string_view kName = "tillsight: ";
  if (text.starts_with(kName)) text.erase(0, kName.size());
  return text.substr(0, kSaidMost);
}

std::string how_it_ended(int wait_status, const std::string& said) {
  if (WIFSIGNALED(wait_status)) {
    return format("it was ended by signal {}{}", WTERMSIG(wait_status),
                  WTERMSIG(wait_status) == SIGKILL
                      ? "; most likely memory ran out: set recommend.buyers higher, or give this "
                        "machine more"
                      : "; that is a mistake in Tillsight, please report it");
  }
  return said.empty() ? format("it ended with status {} and said nothing", WEXITSTATUS(wait_status))
                      : said;
}

}  // namespace

Trainer::Trainer(const HubSettings& settings, const Clock& clock, std::vector<std::string> command)
    : settings_(settings), clock_(clock), command_(std::move(command)) {
  if (auto zone = TimeZone::find(settings_.recommend.time_zone); zone.ok()) {
    zone_ = *std::move(zone);
  } else {
    warn_once(zone.error().message());
  }
}

void Trainer::turn() {
  if (!ruled_) apply_rules();
  if (!settings_.recommend.train_at || !zone_) return;
  if (!read_) {
    auto read = read_training(settings_.data);
    if (!read.ok() && read.error().code() != Code::kNotFound) warn_once(read.error().message());
    record_ = read.ok() ? *std::move(read) : TrainingRecord{.since = clock_.utc_now()};
    record_.running.reset();
    read_ = true;
    write();
  }
  if (child_) return note_end();
  const UtcTime now = clock_.utc_now();
  const auto next = next_training(settings_.recommend, *zone_, record_, now);
  if (next && *next <= now) begin();
}

void Trainer::stop() {
  if (!child_) return;
  child_->stop(kPatience);
  child_.reset();
  record_.running.reset();
  write();
}

/// Settings count from the start of the hub, whenever the model in use was trained.
void Trainer::apply_rules() {
  if (!std::filesystem::exists(settings_.data / hub::kRecommendFile)) {
    ruled_ = true;  // a training brings them along
    return;
  }
  auto store = hub::RecommendationStore::open(settings_.data, hub::WhileOthersWrite::kGiveUp);
  if (!store.ok() && store.error().code() == Code::kAborted) return;  // the next turn
  const auto changed =
      store.ok() ? store->leave_out(settings_.recommend.left_out) : Result<bool>(store.error());
  ruled_ = true;
  if (!changed.ok()) return log::warning("recommend: {}", changed.error().message());
  if (*changed) {
    log::info("recommend: without_aisles and without_items are new: {} and {}",
              settings_.recommend.left_out.aisles.size(),
              settings_.recommend.left_out.items.size());
  }
}

void Trainer::begin() {
  std::error_code none;
  std::filesystem::remove(log_file(), none);
  record_.running = clock_.utc_now();
  began_ = clock_.monotonic_now();
  auto started = ChildProcess::start(command_, log_file(), Turn::kLast);
  if (!started.ok()) return end(true, started.error().message());
  child_ = *std::move(started);
  write();
  log::info("recommend: a training begins");
}

void Trainer::note_end() {
  if (child_->running()) {
    if (clock_.monotonic_now() - began_ < kTrainingMost) return;
    child_->stop(kPatience);
    return end(true, format("it took more than {} hours and was ended; set recommend.buyers higher",
                            kTrainingMost.count()));
  }
  const int status = child_->wait_status();
  const bool trained = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  const std::string said = last_line(log_file());
  end(!trained, trained ? said : how_it_ended(status, said));
}

void Trainer::end(bool failed, std::string said) {
  child_.reset();
  record_.began = std::exchange(record_.running, std::nullopt);
  record_.ended = clock_.utc_now();
  record_.failed = failed;
  record_.said = std::move(said);
  write();
  if (!failed) return log::info("recommend: trained: {}", record_.said);
  log::warning(
      "recommend: the training failed: {}; what is in use stays, and it is tried again "
      "the next day",
      record_.said);
}

/// Without the record a training is due again after a restart; that costs time and nothing else.
void Trainer::write() {
  const Status written = write_training(settings_.data, record_);
  if (!written.ok()) warn_once(written.error().message());
}

void Trainer::warn_once(const std::string& wrong) {
  if (wrong != told_) log::warning("recommend: {}", wrong);
  told_ = wrong;
}

std::filesystem::path Trainer::log_file() const {
  return settings_.data / "training.log";
}

std::vector<std::string> training_command(const HubSettings& settings) {
  // This very program, also when a newer one was installed under its name.
  return {"/proc/self/exe", "recommend", "train", "--config", settings.file.string()};
}

TrainingThread::TrainingThread(const HubSettings& settings, const Clock& clock)
    : settings_(settings),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TrainingThread::run(const std::stop_token& stop) {
  Trainer trainer(settings_, clock_, training_command(settings_));
  while (!stop.stop_requested()) {
    trainer.turn();
    const MutexLock lock(mutex_);
    never_.wait_for(mutex_, stop, kTick, [] { return false; });
  }
  trainer.stop();
}

}  // namespace tillsight::app
