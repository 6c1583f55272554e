#include "app/page_json.hpp"
#include "app/till_threads.hpp"
#include "tillsight/capture/preview.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
constexpr milliseconds kStatusPeriod{1'000};
constexpr milliseconds kPicturePeriod{200};

class PageLoop {
 public:
  PageLoop(const PageFacts& facts, const Clock& clock, TillQueues& queues)
      : facts_(facts), clock_(clock), queues_(queues), page_(*queues.page) {}

  void turn(std::optional<Seen> seen) {
    if (seen) {
      page_.show(web::Channel::kSeen, seen_json(*seen, facts_.catalogue));
      frames_ = seen->snapshot.frame;
      frame_ = std::move(seen->frame);
    }
    const MonotonicTime now = clock_.monotonic_now();
    if (frame_ && now >= pictured_at_ + kPicturePeriod && page_.somebody_watches()) show_picture();
    if (now < told_at_ + kStatusPeriod) return;
    told_at_ = now;
    show_status();
    page_.sweep();
  }

 private:
  void show_picture() {
    pictured_at_ = clock_.monotonic_now();
    auto jpeg = encode_preview(*std::exchange(frame_, std::nullopt));
    if (jpeg.ok()) {
      page_.show_picture(std::move(*jpeg));
    } else {
      log::warning("page: {}", jpeg.error().message());
    }
  }

  void show_status() {
    if (auto backlog = queues_.backlog.take()) backlog_ = *std::move(backlog);
    backlog_.camera = queues_.camera.get(clock_.monotonic_now());
    backlog_.disk = queues_.disk.get();
    backlog_.clock = clock_.trusted() ? "trusted" : "untrusted";
    backlog_.last_committed = queues_.events.newest();
    const PageStatus status{backlog_,
                            queues_.head_office.get(),
                            clock_.utc_now(),
                            frames_,
                            queues_.figures.get(),
                            {{"keypad", queues_.keypad.get()},
                             {"scanner", queues_.scanner.get()},
                             {"printer", queues_.printer.get()}}};
    page_.show(web::Channel::kStatus, status_json(status, facts_));
    page_.show_metrics(metrics_text(status, facts_));
  }

  const PageFacts& facts_;
  const Clock& clock_;
  TillQueues& queues_;
  web::KioskServer& page_;
  TillStatus backlog_;
  std::optional<Frame> frame_;  ///< the newest that nobody was shown
  std::int64_t frames_ = 0;
  MonotonicTime pictured_at_{};
  MonotonicTime told_at_{};
};

}  // namespace

void run_page(const PageFacts& facts, const Clock& clock, TillQueues& queues,
              std::stop_token stop) {
  PageLoop loop(facts, clock, queues);
  while (!stop.stop_requested()) loop.turn(queues.seen.wait(stop, kStopLatency));
}

}  // namespace tillsight::app
