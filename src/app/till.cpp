#include "tillsight/app/till.hpp"

#include <thread>

#include "app/outbox.hpp"
#include "app/page_port.hpp"
#include "app/service_manager.hpp"
#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/journal/older.hpp"

namespace tillsight::app {
namespace {

using std::chrono::milliseconds;

constexpr int kJournalsMost = 5;

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
  journal.reserve_bytes = std::int64_t{settings.reserve_mib} * 1024 * 1024;
  journal.keep_days = settings.keep_days;
  journal.mirror = settings.mirror;
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

DialogSettings dialog_settings(const TillSettings& settings, const Currency& currency) {
  return {currency, counter_settings(settings, currency).tenders, settings.id, settings.generation};
}

ReceiptSettings receipt_settings(const TillSettings& settings) {
  ReceiptSettings receipt;
  receipt.header = settings.store.receipt_header;
  receipt.columns = settings.paper.columns;
  return receipt;
}

/// The clerk's page; lives through every journal.
struct Page {
  PagePort port;
  std::unique_ptr<web::KioskServer> server;  ///< null: there is none
};

Result<std::unique_ptr<Page>> open_page(const TillSettings& settings, Random& random) {
  auto page = std::make_unique<Page>();
  if (settings.web_port == 0) return page;
  web::KioskSettings kiosk;
  kiosk.port = settings.web_port;
  kiosk.key_file = std::filesystem::path(settings.journal).replace_extension(".page-key");
  kiosk.start_file = settings.socket.empty() ? settings.journal : settings.socket;
  kiosk.start_file.replace_extension(".url");
  TILLSIGHT_ASSIGN(page->server, web::KioskServer::start(kiosk, page->port, random));
  return page;
}

/// What stays as it is for as long as the till runs.
struct Shop {
  Currency currency;
  TimeZone zone;
  Catalogue catalogue;
  LinePorts ports;
  std::unique_ptr<Page> page;
};

Result<Shop> open_shop(const TillSettings& settings, const std::vector<std::string>& labels,
                       Random& random) {
  TILLSIGHT_ASSIGN(Currency currency, Currency::parse(settings.store.currency));
  TILLSIGHT_ASSIGN(TimeZone zone, TimeZone::find(settings.store.time_zone));
  TILLSIGHT_ASSIGN(Catalogue catalogue, Catalogue::load(settings.catalogue, currency));
  TILLSIGHT_TRY(catalogue.check_labels(labels));
  TILLSIGHT_ASSIGN(LinePorts ports, LinePorts::open(settings.socket));
  TILLSIGHT_ASSIGN(auto page, open_page(settings, random));
  return Shop{std::move(currency), std::move(zone), std::move(catalogue), std::move(ports),
              std::move(page)};
}

/// What belongs to one journal, and begins anew with the next.
struct Books {
  Journal journal;
  JournalReader sync_journal;
  JournalReader station_journal;
  CustomerLookup customers;
  std::optional<SecretKey> key;  ///< of persons, in this journal and in older ones
  std::unique_ptr<mqtt::Client> client;
};

Result<Books> open_books(const TillSettings& settings, const Clock& clock, Random& random) {
  JournalSettings for_journal = journal_settings(settings);
  TILLSIGHT_ASSIGN(for_journal.personal_key, till_key(settings));
  const auto& key = for_journal.personal_key;
  TILLSIGHT_ASSIGN(journal::Opened opened, journal::open_or_begin_anew(for_journal, random, clock));
  if (opened.damage) log::error("till: {}", opened.damage->message());
  TILLSIGHT_ASSIGN(JournalReader sync_journal, JournalReader::open(settings.journal, key));
  TILLSIGHT_ASSIGN(JournalReader station_journal, JournalReader::open(settings.journal, key));
  TILLSIGHT_ASSIGN(CustomerBook book, CustomerBook::open(settings.journal, key));
  TILLSIGHT_ASSIGN(auto client, mqtt::MosquittoClient::create(settings.mqtt));
  return Books{std::move(opened.journal),
               std::move(sync_journal),
               std::move(station_journal),
               CustomerLookup(std::move(book), settings.store.region),
               key ? key : journal::key_beside(settings.journal),
               std::move(client)};
}

/// Why a till has ended.
struct End {
  std::optional<Error> damage;     ///< its journal's; none: a stop was asked for
  std::string counter_state;       ///< the open sale, from memory
  std::vector<ClerkInput> unread;  ///< keys that came when nobody looked any more
};

/// A till over one journal.
class Till {
 public:
  /// Everything must outlive it.
  Till(const TillSettings& settings, PatientSource& source, Eyes& eyes, Shop& shop, Books& books,
       const Clock& clock, Random& random)
      : settings_(settings),
        clock_(clock),
        random_(random),
        source_(source),
        eyes_(eyes),
        shop_(shop),
        books_(books),
        queues_(books_.journal.last_sequence().value() + 1),
        tracker_(with_thresholds(settings.tracker, eyes_.thresholds)),
        receipt_settings_(receipt_settings(settings)),
        counter_(shop_.catalogue, counter_settings(settings, shop_.currency), clock_, shop_.zone),
        dialog_(dialog_settings(settings, shop_.currency)),
        desk_(cashiers_file(settings.journal), clock),
        reception_(std::move(books_.customers), books_.station_journal, desk_, clock_, random_),
        devices_(settings.input, clock_),
        outbox_(books_.sync_journal, queues_, clock_, constant_status()),
        uplink_({settings.store.id, settings.id, books_.journal.incarnation()}, *books_.client,
                outbox_, clock_, random),
        questions_({settings.store.id, settings.id, books_.journal.incarnation()}, *books_.client,
                   uplink_, clock_),
        supervisor_("sync", *books_.client, questions_, clock_, random),
        page_facts_{settings.store.id, settings.id, shop_.catalogue, shop_.zone} {
    queues_.page = shop_.page->server.get();
  }

  /// Runs until a stop is asked for, or the journal is found damaged.
  /// \param before how the one over the journal before this ended.
  Result<End> run(const StopSignals& stop, ServiceManager& manager, End before) {
    TILLSIGHT_TRY(restore(std::move(before.counter_state)));
    for (ClerkInput& input : before.unread) {
      const bool taken = queues_.clerk.try_push(std::move(input));
      TILLSIGHT_CHECK(taken, "an inbox holds what an inbox held");
    }
    const auto choices = books_.station_journal.choices();
    if (!choices.ok()) return choices.error();
    counter_.see_choices(*choices);
    if (auto roster = desk_.news()) counter_.see_roster(*std::move(roster));
    // A live source has no end, so standard input is a keypad and its end means nothing.
    queues_.source_ended = source_.live();
    if (settings_.printer.address().empty()) queues_.printer.set("off");
    start();
    manager.watch({&queues_.counter_pulse, &queues_.journal_pulse, &queues_.sync_pulse});
    manager.ready(format("till {}/{} sells", settings_.store.id.value(), settings_.id.value()));
    std::optional<Error> damage;
    while (!damage && !stop.wait(kStopPoll) && !finished()) {
      damage = queues_.damage.take();
      manager.turn();
    }
    manager.watch({});
    end();
    if (damage) books_.journal.condemn(*damage);
    End ended{damage, counter_.state_json(), {}};
    while (auto input = queues_.clerk.try_pop()) ended.unread.push_back(*std::move(input));
    return ended;
  }

 private:
  static constexpr milliseconds kStopPoll{200};

  TillStatus constant_status() const {
    TillStatus status;
    status.version = TILLSIGHT_VERSION;
    status.incarnation = books_.journal.incarnation();
    return status;
  }

  bool finished() const { return !source_.live() && queues_.source_ended && queues_.input_ended; }

  /// The sale that was open when the till stopped is open again.
  Status restore(std::string state) {
    if (state.empty()) {
      TILLSIGHT_ASSIGN(state, books_.journal.counter_state());
    } else {
      TILLSIGHT_TRY(books_.journal.save_counter_state(state));
    }
    return state.empty() ? Status() : counter_.restore(state);
  }

  void start() {
    const auto period = milliseconds(source_.live() ? 1000 / settings_.frames_per_second : 0);
    journal_thread_ = std::jthread(
        [this](std::stop_token stop) { run_journal(books_.journal, clock_, queues_, stop); });
    sync_thread_ = std::jthread([this](std::stop_token stop) {
      run_sync(supervisor_, *books_.client, uplink_, questions_, queues_, stop);
    });
    older_thread_ = std::jthread(
        [this](std::stop_token stop) { run_older(settings_, books_.key, clock_, random_, stop); });
    counter_thread_ = std::jthread([this](std::stop_token stop) {
      run_counter(counter_, dialog_, shop_.currency, clock_, queues_, stop);
    });
    station_thread_ = std::jthread([this](std::stop_token stop) {
      run_station(shop_.ports, books_.station_journal, reception_, desk_, shop_.currency,
                  receipt_settings_, queues_, stop);
    });
    keys_thread_ =
        std::jthread([this](std::stop_token stop) { run_keys(devices_, queues_, stop); });
    printer_thread_ = std::jthread([this](std::stop_token stop) {
      run_printer(settings_.printer, settings_.paper, queues_, stop);
    });
    vision_thread_ = std::jthread([this, period](std::stop_token stop) {
      run_vision(*eyes_.detector, tracker_, period, queues_, stop);
    });
    if (queues_.page != nullptr) {
      page_thread_ = std::jthread(
          [this](std::stop_token stop) { run_page(page_facts_, clock_, queues_, stop); });
      shop_.page->port.lead_to(&queues_);
    }
    capture_thread_ =
        std::jthread([this](std::stop_token stop) { run_capture(source_, clock_, queues_, stop); });
  }

  /// In the order in which a sale travels, so that every thread still finds its successor.
  void end() {
    shop_.page->port.lead_to(nullptr);
    for (std::jthread* thread :
         {&capture_thread_, &vision_thread_, &keys_thread_, &counter_thread_, &journal_thread_,
          &station_thread_, &printer_thread_, &sync_thread_, &older_thread_, &page_thread_}) {
      if (!thread->joinable()) continue;
      thread->request_stop();
      thread->join();
    }
  }

  // Constant after construction.
  const TillSettings settings_;
  const Clock& clock_;
  Random& random_;
  PatientSource& source_;
  Eyes& eyes_;
  Shop& shop_;
  Books& books_;
  // Thread-safe on their own.
  TillQueues queues_;
  // Each touched only by the thread of its name, reception by station: tracker by vision; dialog by
  // counter; devices by keys; outbox, uplink, questions and supervisor by sync.
  ObjectTracker tracker_;
  const ReceiptSettings receipt_settings_;
  Counter counter_;
  Dialog dialog_;
  PinDesk desk_;
  Reception reception_;
  InputDevices devices_;
  JournalOutbox outbox_;
  sync::Uplink uplink_;
  sync::Questions questions_;
  mqtt::Supervisor supervisor_;
  const PageFacts page_facts_;
  // Last, so that they end before anything that they use.
  std::jthread journal_thread_;
  std::jthread sync_thread_;
  std::jthread older_thread_;
  std::jthread counter_thread_;
  std::jthread station_thread_;
  std::jthread keys_thread_;
  std::jthread printer_thread_;
  std::jthread vision_thread_;
  std::jthread capture_thread_;
  std::jthread page_thread_;
};

}  // namespace

Status run_till(const TillSettings& settings, Eyes eyes, const Clock& clock, Random& random,
                const StopSignals& stop) {
  TILLSIGHT_ASSIGN(Shop shop, open_shop(settings, eyes.labels, random));
  log::info("till {}/{}: source {}, {} products, broker {}:{}", settings.store.id.value(),
            settings.id.value(), settings.source, shop.catalogue.products().size(),
            settings.mqtt.host, settings.mqtt.port);
  ServiceManager manager(clock);
  PatientSource source(std::move(eyes.source));
  End end;
  for (int journals = 1;; ++journals) {
    {
      TILLSIGHT_ASSIGN(Books books, open_books(settings, clock, random));
      Till till(settings, source, eyes, shop, books, clock, random);
      TILLSIGHT_ASSIGN(end, till.run(stop, manager, std::move(end)));
    }
    if (!end.damage) return {};
    // A medium that damages every journal is past selling on.
    if (journals == kJournalsMost) return *end.damage;
    TILLSIGHT_ASSIGN(const std::filesystem::path folder,
                     journal::quarantine(settings.journal, clock.utc_now()));
    log::error("till: {}; it lies in {} now, and a new journal begins", end.damage->message(),
               folder.string());
  }
}

}  // namespace tillsight::app
