#include "tillsight/app/till.hpp"

#include <thread>

#include "app/outbox.hpp"
#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

TrackerSettings with_thresholds(TrackerSettings tracker, const Thresholds& thresholds) {
  tracker.sure_score = thresholds.sure;
  for (const auto& [label, score] : thresholds.sure_for) {
    tracker.sure_score_by_label[label] = score;
  }
  return tracker;
}

JournalSettings journal_settings(const TillSettings& settings) {
  JournalSettings journal{settings.journal, settings.store.id, settings.id, settings.generation};
  journal.customers_kept_days = settings.customers_kept_days;
  return journal;
}

/// \return none: the till was not provisioned, and its journal has a key of its own.
Result<std::optional<SecretKey>> till_key(const TillSettings& settings) {
  const std::filesystem::path file = chain_key_file(settings.chain_key);
  if (file.empty()) return std::optional<SecretKey>();
  TILLSIGHT_ASSIGN(const SecretKey chain, load_key(file));
  return std::optional(personal_key(chain, settings.store.id.value(), settings.id.value()));
}

CounterSettings counter_settings(const TillSettings& settings, const Currency& currency) {
  CounterSettings counter{currency};
  counter.region = settings.store.region;
  return counter;
}

ReceiptSettings receipt_settings(const TillSettings& settings) {
  ReceiptSettings receipt;
  receipt.header = settings.store.receipt_header;
  return receipt;
}

/// Everything else that must be right before a sale.
struct Parts {
  Currency currency;
  TimeZone zone;
  Catalogue catalogue;
  Journal journal;
  JournalReader sync_journal;
  JournalReader station_journal;
  CustomerLookup customers;
  std::unique_ptr<mqtt::Client> client;
  LinePorts ports;
};

Result<Parts> prepare(const TillSettings& settings, const std::vector<std::string>& labels,
                      const Clock& clock, Random& random) {
  TILLSIGHT_ASSIGN(Currency currency, Currency::parse(settings.store.currency));
  TILLSIGHT_ASSIGN(TimeZone zone, TimeZone::find(settings.store.time_zone));
  TILLSIGHT_ASSIGN(Catalogue catalogue, Catalogue::load(settings.catalogue, currency));
  TILLSIGHT_TRY(catalogue.check_labels(labels));
  JournalSettings for_journal = journal_settings(settings);
  TILLSIGHT_ASSIGN(for_journal.personal_key, till_key(settings));
  const auto& key = for_journal.personal_key;
  TILLSIGHT_ASSIGN(Journal journal, Journal::open(for_journal, random, clock));
  TILLSIGHT_ASSIGN(JournalReader sync_journal, JournalReader::open(settings.journal, key));
  TILLSIGHT_ASSIGN(JournalReader station_journal, JournalReader::open(settings.journal, key));
  TILLSIGHT_ASSIGN(CustomerBook book, CustomerBook::open(settings.journal, key));
  TILLSIGHT_ASSIGN(auto client, mqtt::MosquittoClient::create(settings.mqtt));
  TILLSIGHT_ASSIGN(LinePorts ports, LinePorts::open(settings.socket));
  return Parts{std::move(currency),
               std::move(zone),
               std::move(catalogue),
               std::move(journal),
               std::move(sync_journal),
               std::move(station_journal),
               CustomerLookup(std::move(book), settings.store.region),
               std::move(client),
               std::move(ports)};
}

class Till {
 public:
  Till(const TillSettings& settings, Eyes eyes, Parts parts, const Clock& clock, Random& random)
      : settings_(settings),
        clock_(clock),
        eyes_(std::move(eyes)),
        parts_(std::move(parts)),
        queues_(parts_.journal.last_sequence().value() + 1),
        tracker_(with_thresholds(settings.tracker, eyes_.thresholds)),
        receipt_settings_(receipt_settings(settings)),
        counter_(parts_.catalogue, counter_settings(settings, parts_.currency), clock_,
                 parts_.zone),
        outbox_(parts_.sync_journal, queues_, clock_, constant_status()),
        uplink_({settings.store.id, settings.id, parts_.journal.incarnation()}, *parts_.client,
                outbox_, clock_, random),
        supervisor_("sync", *parts_.client, uplink_, clock_, random) {}

  Status run(const StopSignals& stop) {
    TILLSIGHT_TRY(restore());
    // A live source has no end, so standard input is a keypad and its end means nothing.
    queues_.source_ended = eyes_.source->live();
    start();
    while (!stop.wait(kStopPoll) && !finished()) {
    }
    end();
    return {};
  }

 private:
  static constexpr milliseconds kStopPoll{200};

  TillStatus constant_status() const {
    TillStatus status;
    status.version = TILLSIGHT_VERSION;
    status.incarnation = parts_.journal.incarnation();
    return status;
  }

  bool finished() const {
    return !eyes_.source->live() && queues_.source_ended && queues_.input_ended;
  }

  /// The sale that was open when the till stopped is open again.
  Status restore() {
    TILLSIGHT_ASSIGN(const std::string state, parts_.journal.counter_state());
    return state.empty() ? Status() : counter_.restore(state);
  }

  void start() {
    const auto period = milliseconds(eyes_.source->live() ? 1000 / settings_.frames_per_second : 0);
    journal_thread_ = std::jthread(
        [this](std::stop_token stop) { run_journal(parts_.journal, clock_, queues_, stop); });
    sync_thread_ = std::jthread([this](std::stop_token stop) {
      run_sync(supervisor_, *parts_.client, uplink_, queues_, stop);
    });
    counter_thread_ = std::jthread([this](std::stop_token stop) {
      run_counter(counter_, parts_.currency, clock_, queues_, stop);
    });
    station_thread_ = std::jthread([this](std::stop_token stop) {
      run_station(parts_.ports, parts_.station_journal, parts_.customers, parts_.currency,
                  receipt_settings_, queues_, stop);
    });
    vision_thread_ = std::jthread([this, period](std::stop_token stop) {
      run_vision(*eyes_.detector, tracker_, period, queues_, stop);
    });
    capture_thread_ =
        std::jthread([this](std::stop_token stop) { run_capture(*eyes_.source, queues_, stop); });
  }

  /// In the order in which a sale travels, so that every thread still finds its successor.
  void end() {
    for (std::jthread* thread : {&capture_thread_, &vision_thread_, &counter_thread_,
                                 &journal_thread_, &station_thread_, &sync_thread_}) {
      thread->request_stop();
      thread->join();
    }
  }

  // Constant after construction.
  const TillSettings settings_;
  const Clock& clock_;
  const Eyes eyes_;
  Parts parts_;
  // Thread-safe on their own.
  TillQueues queues_;
  // Each touched only by the thread of its name: tracker by vision; outbox, uplink and supervisor
  // by sync.
  ObjectTracker tracker_;
  const ReceiptSettings receipt_settings_;
  Counter counter_;
  JournalOutbox outbox_;
  sync::Uplink uplink_;
  mqtt::Supervisor supervisor_;
  // Last, so that they end before anything that they use.
  std::jthread journal_thread_;
  std::jthread sync_thread_;
  std::jthread counter_thread_;
  std::jthread station_thread_;
  std::jthread vision_thread_;
  std::jthread capture_thread_;
};

}  // namespace

Status run_till(const TillSettings& settings, Eyes eyes, const Clock& clock, Random& random,
                const StopSignals& stop) {
  TILLSIGHT_ASSIGN(Parts parts, prepare(settings, eyes.labels, clock, random));
  log::info("till {}/{}: source {}, {} products, broker {}:{}", settings.store.id.value(),
            settings.id.value(), settings.source, parts.catalogue.products().size(),
            settings.mqtt.host, settings.mqtt.port);
  Till till(settings, std::move(eyes), std::move(parts), clock, random);
  return till.run(stop);
}

}  // namespace tillsight::app
