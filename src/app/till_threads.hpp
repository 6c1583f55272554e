/// \file
/// The till's threads: each takes a plain synchronous stage and its queues, and runs until stopped.
///
/// **Ownership** everything is borrowed and must outlive the call.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/customer_taste.hpp"
#include "app/line_ports.hpp"
#include "app/page_json.hpp"
#include "app/patient_source.hpp"
#include "app/reception.hpp"
#include "app/till_queues.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/basket/object_tracker.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/detect/detector.hpp"
#include "tillsight/domain/money.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"
#include "tillsight/mqtt/supervisor.hpp"
#include "tillsight/sale/counter.hpp"
#include "tillsight/sale/receipt.hpp"
#include "tillsight/station/dialog.hpp"
#include "tillsight/station/input_devices.hpp"
#include "tillsight/station/printer.hpp"
#include "tillsight/station/receipt_page.hpp"
#include "tillsight/sync/questions.hpp"
#include "tillsight/sync/uplink.hpp"

namespace tillsight::app {

/// Source → frames. A live source's newest frame wins; of a finite one none is skipped.
/// \return at the end of a finite source, or when stopped, also while the camera's driver hangs.
void run_capture(PatientSource& source, const Clock& clock, TillQueues& queues,
                 std::stop_token stop);

/// Frames → detector → tracker → snapshots. \param period between two frames of a live source.
void run_vision(Detector& detector, ObjectTracker& tracker, std::chrono::milliseconds period,
                TillQueues& queues, std::stop_token stop);

/// Snapshots, keys and clerk actions → sale; answers the clerk after the journal has.
void run_counter(Counter& counter, Dialog& dialog, const Currency& currency, const Clock& clock,
                 TillQueues& queues, std::stop_token stop);

/// Keypads and scanners → clerk; until stopped.
void run_keys(InputDevices& devices, TillQueues& queues, std::stop_token stop);

/// Receipts → printer, in their order, for as long as it takes; until stopped.
void run_printer(const Printer& printer, const PagePaper& paper, TillQueues& queues,
                 std::stop_token stop);

/// The only writer of the journal: commits, the open sale, what the hub has; then the event ring.
/// In between it tends the file, and says how the disk is.
void run_journal(Journal& journal, const Clock& clock, TillQueues& queues, std::stop_token stop);

/// Events and questions → broker, and the hub's answers back; until stopped, then says goodbye.
void run_sync(mqtt::Supervisor& supervisor, mqtt::Client& client, sync::Uplink& uplink,
              sync::Questions& questions, TillQueues& queues, std::stop_token stop);

/// What the hub may lack of journals before the present one → broker, each under its own name;
/// until stopped.
void run_older(const TillSettings& settings, const std::optional<SecretKey>& key,
               const Clock& clock, Random& random, std::stop_token stop);

/// Clerk actions in, the sale and its receipts out, as JSON Lines. Photos and videos are seen
/// before standard input is read.
void run_station(LinePorts& ports, JournalReader& journal, Reception& reception, PinDesk& desk,
                 const Currency& currency, const ReceiptSettings& receipt_settings,
                 TillQueues& queues, std::stop_token stop);

/// Status, camera picture and boxes → page, and what Prometheus reads.
void run_page(const PageFacts& facts, const Clock& clock, TillQueues& queues, std::stop_token stop);

}  // namespace tillsight::app
