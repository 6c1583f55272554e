#include "tillsight/app/hub.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <optional>

#include "app/columns_thread.hpp"
#include "app/hub_orders.hpp"
#include "app/hub_page.hpp"
#include "app/hub_socket.hpp"
#include "app/service_manager.hpp"
#include "app/trainer.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::app {
namespace {

/// Several descriptors as one that is readable when any of them is.
class AnyOf {
 public:
  explicit AnyOf(std::initializer_list<int> fds) : fd_(::epoll_create1(EPOLL_CLOEXEC)) {
    TILLSIGHT_CHECK(fd_ >= 0, "no descriptor left for the hub's waiting");
    for (const int fd : fds) {
      epoll_event wanted{};
      wanted.events = EPOLLIN;
      if (fd >= 0) ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &wanted);
    }
  }
  ~AnyOf() { ::close(fd_); }
  AnyOf(const AnyOf&) = delete;
  AnyOf& operator=(const AnyOf&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::optional<HubSocket> open_socket(const std::filesystem::path& data) {
  auto opened = HubSocket::open(data);
  if (opened.ok()) return std::move(opened).value();
  // Storing goes on: orders can be given with the hub stopped.
  log::warning("hub: {}; it takes no orders while it runs", opened.error().message());
  return std::nullopt;
}

class Desk {
 public:
  Desk(hub::HubStore& store, hub::Downlink& downlink, const Clock& clock)
      : store_(store), downlink_(downlink), clock_(clock) {}

  std::string answer(std::string_view line) {
    const auto order = parse_order(line);
    if (!order.ok()) return answer_json(order.error());
    auto outcome = carry_out(store_, downlink_.ingest(), clock_, *order);
    if (!outcome.ok()) return answer_json(outcome.error());
    if (!outcome->said.empty()) log::info("hub: order of {}: {}", order->who, outcome->said);
    downlink_.send(std::move(outcome->acks));
    return answer_json(std::move(outcome->said));
  }

 private:
  hub::HubStore& store_;
  hub::Downlink& downlink_;
  const Clock& clock_;
};

/// Names and phones go when the chain's own time for them is over.
class Retention {
 public:
  Retention(hub::HubStore& store, int kept_days, const Clock& clock, Random& random)
      : store_(store), kept_days_(kept_days), clock_(clock), random_(random) {}

  void turn() {
    const MonotonicTime now = clock_.monotonic_now();
    if (kept_days_ == 0 || now < next_) return;
    next_ = now + kEvery;
    const std::string day =
        to_iso8601(clock_.utc_now() - std::chrono::days(kept_days_)).substr(0, kDayLength);
    const auto erased = store_.erase_absent(day, kPersonsAtOnce, random_);
    if (!erased.ok()) return log::warning("hub: customers.kept_days: {}", erased.error().message());
    if (*erased > 0)
      log::info("hub: {} customers who were last here before {} erased", *erased, day);
  }

 private:
  static constexpr std::chrono::seconds kEvery{5};
  static constexpr int kPersonsAtOnce = 100;
  static constexpr std::size_t kDayLength = 10;  // 2026-11-23

  hub::HubStore& store_;
  const int kept_days_;
  const Clock& clock_;
  Random& random_;
  MonotonicTime next_{};
};

}  // namespace

Status run_hub(const HubSettings& settings, const StopSignals& stop) {
  const SystemClock clock;
  SystemRandom random;
  ServiceManager manager(clock);
  TILLSIGHT_ASSIGN(hub::HubStore store, open_hub_store(settings, clock, random));
  TILLSIGHT_ASSIGN(const auto client, mqtt::MosquittoClient::create(settings.mqtt));
  hub::Downlink downlink(store, clock, settings.ingest, *client);
  mqtt::Supervisor supervisor("hub", *client, downlink, clock, random);
  std::optional<HubSocket> socket = open_socket(settings.data);
  const AnyOf wake{stop.fd(), socket ? socket->fd() : -1};
  Desk desk(store, downlink, clock);
  Retention retention(store, settings.customers_kept_days, clock, random);
  HubPage page(settings, clock, random);
  ColumnsThread columns(settings.data);
  const TrainingThread training(settings, clock);
  log::info("hub: writing to {}, broker {}:{}", settings.data.string(), settings.mqtt.host,
            settings.mqtt.port);
  manager.ready("head office takes in sales");
  Status served;
  while (served.ok() && !stop.stop_requested()) {
    manager.turn();
    supervisor.run_once(downlink.patience(), wake.fd());
    if (socket) socket->serve([&desk](std::string_view line) { return desk.answer(line); });
    const std::int64_t stored_before = downlink.ingest().counters().stored;
    retention.turn();
    served = downlink.turn();
    if (downlink.ingest().counters().stored == stored_before) continue;
    page.wake();
    columns.wake();
  }
  if (served.ok()) served = downlink.flush();
  downlink.say_goodbye();
  if (client->connected()) client->disconnect();
  TILLSIGHT_TRY(served);
  const hub::IngestCounters& counters = downlink.ingest().counters();
  log::info("hub: stopped; {} events stored, {} duplicates, {} quarantined", counters.stored,
            counters.duplicates, counters.quarantined);
  return {};
}

}  // namespace tillsight::app
