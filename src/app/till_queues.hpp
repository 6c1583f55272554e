/// \file
/// Everything that the till's threads hand each other, in the order in which a sale travels:
///
///     capture ─frames─► vision ─snapshots─► counter ─commits─► journal ─events─► sync, station
///     station ─clerk───────────────────────────▲                 ▲
///        ▲────incomplete, completed────────────┘                 │
///     sync ───────────────────────────────────────notices────────┘
///     station ─questions─► sync ─answers─► station
///
/// What the page shows is handed to its server, which keeps only the newest.
///
/// **Threads** every member is thread-safe as its own header says; a Doorbell belongs to the thread
/// that it is named after.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/camera_health.hpp"
#include "app/clerk_input.hpp"
#include "app/line_ports.hpp"
#include "app/service_manager.hpp"
#include "tillsight/capture/frame.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/domain/snapshot.hpp"
#include "tillsight/domain/wire.hpp"
#include "tillsight/journal/disk.hpp"
#include "tillsight/queue/doorbell.hpp"
#include "tillsight/queue/event_ring.hpp"
#include "tillsight/queue/inbox.hpp"
#include "tillsight/queue/latest_slot.hpp"
#include "tillsight/sale/counter.hpp"
#include "tillsight/web/kiosk_server.hpp"

namespace tillsight::app {

/// What is to be made durable, together with what the counter is afterwards.
struct Commit {
  Posting posting;
  std::string state_after;
  std::vector<LearntChoice> learnt;
  /// Of a refund: the sale. shared: the counter keeps it until it knows that it is written down.
  std::shared_ptr<const SoldInvoice> sold{};
};
/// What the customer of `phone` may want, likeliest first.
struct Wanted {
  std::string phone;
  std::vector<Sku> skus;
};
/// The event that a posting became; or the sums that were asked for.
using JournalAnswer = std::variant<Event, DaySums>;
/// A text for the receipt printer.
struct PrintJob {
  std::string text;
  std::optional<Sequence> of;  ///< the event whose receipt it is
};
/// What the hub has told of itself and of what it has.
using HubNotice = std::variant<Ack, std::string /* hub epoch */>;

/// What the till says of its own work, for whoever shows it.
class SharedFigures {
 public:
  void set(const TillFigures& figures) {
    const MutexLock lock(mutex_);
    figures_ = figures;
  }
  TillFigures get() const {
    const MutexLock lock(mutex_);
    return figures_;
  }

 private:
  mutable Mutex mutex_;
  TillFigures figures_ TILLSIGHT_GUARDED_BY(mutex_);
};

/// A picture with what was seen in it.
struct Seen {
  Frame frame;
  Snapshot snapshot;
};

/// One word for the clerk and for head office on how a part of the till is.
class Health {
 public:
  void set(std::string text) {
    const MutexLock lock(mutex_);
    text_ = std::move(text);
  }
  std::string get() const {
    const MutexLock lock(mutex_);
    return text_;
  }

 private:
  mutable Mutex mutex_;
  std::string text_ TILLSIGHT_GUARDED_BY(mutex_) = "ok";
};

struct TillQueues {
  /// \param next_sequence the journal's last plus one.
  explicit TillQueues(std::int64_t next_sequence) : events(kEventBytes, next_sequence) {
    events.ring_after_publish(sync_bell);
    events.ring_after_publish(station_bell);
  }

  static constexpr std::size_t kEventBytes = 4 * 1024 * 1024;  // ~1,000 ordinary sales
  static constexpr std::size_t kClerkActions = 64;
  static constexpr std::size_t kHubNotices = 256;
  static constexpr std::size_t kPrinted = 256;
  static constexpr std::size_t kPrints = 64;
  static constexpr std::size_t kQuestions = 16;

  Doorbell capture_bell;
  Doorbell counter_bell;
  Doorbell journal_bell;
  Doorbell sync_bell;
  Doorbell station_bell;
  Doorbell keys_bell;
  Doorbell printer_bell;

  /// Of the threads without which nothing is sold or nothing arrives.
  Pulse counter_pulse;
  Pulse journal_pulse;
  Pulse sync_pulse;

  LatestSlot<Frame> frames;                                 // capture → vision
  LatestSlot<Snapshot> snapshots{&counter_bell};            // vision → counter
  Inbox<ClerkInput> clerk{kClerkActions, &counter_bell};    // station, keys → counter
  Inbox<ClerkAction> incomplete{1, &station_bell};          // counter → station: to be
  Inbox<ClerkAction> completed{1, &counter_bell};           // completed there, and back
  LatestSlot<std::string> views{&station_bell};             // counter → station: SaleView as JSON
  Inbox<Commit> commits{1, &journal_bell};                  // counter → journal, one at a time
  Inbox<Result<JournalAnswer>> outcomes{1, &counter_bell};  // journal → counter, its answer
  LatestSlot<bool> asking{&counter_bell};     // station → counter: head office is asked
  LatestSlot<Customer> names{&counter_bell};  // station → counter, when it is known
  Inbox<TillQuestion> questions{kQuestions, &sync_bell};  // station → sync: for head office
  Inbox<Answer> answers{kQuestions, &station_bell};       // sync → station, its word
  LatestSlot<std::string> tastes_asked{&station_bell};    // counter → station: of this phone
  LatestSlot<Wanted> wanted{&counter_bell};               // station → counter, when it is known
  LatestSlot<Roster> rosters{&counter_bell};              // station → counter: who may sign in
  LatestSlot<Invoice> training_sales{&station_bell};      // counter → station: to look at
  LatestSlot<Sequence> print_orders{&station_bell};       // counter → station: receipts again
  Inbox<Sequence> printed{kPrinted, &journal_bell};       // whoever prints → journal
  LatestSlot<std::string> counter_states{&journal_bell};  // counter → journal: the open sale
  Inbox<HubNotice> hub_notices{kHubNotices, &journal_bell};  // sync → journal
  Inbox<PrintJob> prints{kPrints, &printer_bell};            // station → printer
  EventRing events;                                          // journal → sync, station
  LatestSlot<DiskState> disk_states{&counter_bell};          // journal → counter
  LatestSlot<Error> damage;  // whoever finds the journal damaged → main

  Inbox<ClerkInput> page_inputs{kClerkActions, &station_bell};  // page → station
  LatestSlot<Seen> seen;                                        // vision → page
  LatestSlot<TillStatus> backlog;                               // sync → page

  SharedFigures figures;
  CameraHealth camera;
  Health keypad;
  Health scanner;
  Health printer;
  Health disk;
  Health head_office;                     // as head_office() says
  std::atomic<bool> source_ended{false};  // a finite source has shown everything
  std::atomic<bool> input_ended{false};   // standard input is at its end
  web::KioskServer* page = nullptr;       // set before the threads start; none: no page
};

}  // namespace tillsight::app
