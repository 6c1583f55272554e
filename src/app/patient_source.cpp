#include "app/patient_source.hpp"

#include <utility>

#include "tillsight/core/log.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::app {

using std::chrono::milliseconds;

struct PatientSource::Shared {
  explicit Shared(std::unique_ptr<FrameSource> asked) : source(std::move(asked)) {}

  const std::unique_ptr<FrameSource> source;  // the worker's alone
  CondVar news;
  Mutex mutex;
  bool wanted TILLSIGHT_GUARDED_BY(mutex) = false;
  bool calling TILLSIGHT_GUARDED_BY(mutex) = false;
  std::optional<Answer> answer TILLSIGHT_GUARDED_BY(mutex);
  milliseconds pause TILLSIGHT_GUARDED_BY(mutex){0};
};

PatientSource::PatientSource(std::unique_ptr<FrameSource> source, milliseconds grace)
    : live_(source->live()),
      grace_(grace),
      shared_(std::make_shared<Shared>(std::move(source))),
      worker_([shared = shared_, end = end_.get_token()] { work(shared, end); }) {}

PatientSource::~PatientSource() {
  end_.request_stop();
  bool returned = false;
  {
    const MutexLock lock(shared_->mutex);
    returned = shared_->news.wait_for(
        shared_->mutex, {}, grace_,
        [this]() TILLSIGHT_REQUIRES(shared_->mutex) { return !shared_->calling; });
  }
  if (returned) {
    worker_.join();
  } else {
    log::warning("camera: its driver does not answer; the call is left behind");
    worker_.detach();
  }
}

std::optional<PatientSource::Answer> PatientSource::next(std::stop_token stop) {
  const MutexLock lock(shared_->mutex);
  if (!shared_->answer) {
    shared_->wanted = true;
    shared_->news.notify_all();
    const bool answered = shared_->news.wait(
        shared_->mutex, std::move(stop),
        [this]() TILLSIGHT_REQUIRES(shared_->mutex) { return shared_->answer.has_value(); });
    if (!answered) return std::nullopt;
  }
  pause_ = shared_->pause;
  return std::exchange(shared_->answer, std::nullopt);
}

void PatientSource::work(const std::shared_ptr<Shared>& shared, const std::stop_token& end) {
  while (true) {
    {
      const MutexLock lock(shared->mutex);
      const auto asked = [&]() TILLSIGHT_REQUIRES(shared->mutex) { return shared->wanted; };
      if (!shared->news.wait(shared->mutex, end, asked) || end.stop_requested()) return;
      shared->wanted = false;
      shared->calling = true;
    }
    Answer answer = shared->source->next();
    const milliseconds pause = shared->source->pause();
    {
      const MutexLock lock(shared->mutex);
      shared->calling = false;
      shared->answer = std::move(answer);
      shared->pause = pause;
    }
    shared->news.notify_all();
  }
}

}  // namespace tillsight::app
