#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/till_threads.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/domain/clock_correction.hpp"
#include "tillsight/domain/day.hpp"

namespace tillsight::app {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr milliseconds kStopLatency{500};
constexpr milliseconds kLastLines{500};
constexpr int kCatchUp = 64;
constexpr const char* kBusy = "the till is busy; try again in a moment";

class StationLoop {
 public:
  StationLoop(LinePorts& ports, JournalReader& journal, Reception& reception, PinDesk& desk,
              const Currency& currency, const ReceiptSettings& receipt_settings, TillQueues& queues)
      : ports_(ports),
        journal_(journal),
        reception_(reception),
        desk_(desk),
        popular_(journal),
        currency_(currency),
        receipt_settings_(receipt_settings),
        queues_(queues),
        reader_(queues.events, queues.events.newest() + 1) {}

  void take_line(PortId port, std::string_view line) {
    auto input = parse_clerk_input(line);
    if (!input.ok()) {
      ports_.send(port, answer("error", input.error().message()));
    } else if (!take(*std::move(input))) {
      ports_.send(port, answer("busy", kBusy));
    }
  }

  /// What the page sends, read already.
  void take_page_inputs() {
    while (auto input = queues_.page_inputs.try_pop()) {
      if (!take(*std::move(input))) {
        queues_.page->show(web::Channel::kNotice, answer("busy", kBusy));
      }
    }
  }

  /// What the clerk has said, as far as the counter alone cannot know it.
  void complete() {
    if (auto action = queues_.incomplete.try_pop()) {
      auto completed = reception_.complete(*std::move(action));
      if (!completed) queues_.asking.put(true);
      hand_back(std::move(completed));
    }
    while (auto question = reception_.take_question()) {
      const std::string id = question->id;
      if (queues_.questions.try_push(*std::move(question))) continue;
      hand_back(reception_.hear({id}));
    }
    while (const auto answer = queues_.answers.try_pop()) hand_back(reception_.hear(*answer));
    hand_back(reception_.lose_patience());
    if (auto customer = reception_.take_name()) queues_.names.put(*std::move(customer));
    if (auto wants = reception_.take_wants()) {
      taste_.hear(wants->phone, std::move(wants->skus));
      tell_taste(std::move(wants->phone));
    }
  }

  /// What reaches no books, and what is in them and wanted again.
  void show_receipts() {
    if (auto sale = queues_.training_sales.take()) {
      const Opened opened{*std::move(sale), {}};
      send_receipt("training", opened, ReceiptMark::kTraining, std::nullopt);
    }
    const auto order = queues_.print_orders.take();
    if (!order) return;
    const auto event = journal_.event(*order);
    const auto opened = event.ok() ? open(*event) : Result<Opened>(event.error());
    if (!opened.ok()) return log::error("station: {}", opened.error().message());
    send_receipt("copy", *opened, ReceiptMark::kCopy, *order);
  }

  void look_at_cashiers() {
    if (auto roster = desk_.news()) queues_.rosters.put(*std::move(roster));
  }

  void tell_tastes() {
    if (auto phone = queues_.tastes_asked.take()) tell_taste(*std::move(phone));
  }

  void show_news() {
    show_receipts();
    if (auto view = queues_.views.take()) {
      ports_.send_to_all(*view, nameless(*view));
      ports_.greet_with(std::move(*view));
    }
    while (true) {
      switch (reader_.next(record_)) {
        case EventRing::Read::kRecord: show(record_.bytes); break;
        case EventRing::Read::kLagged: catch_up(); break;
        case EventRing::Read::kEmpty: return;
      }
    }
  }

 private:
  /// The counter leaves out what is not of the customer whom it has.
  void tell_taste(std::string phone) {
    auto likely = taste_.likely(phone);
    if (likely.ok()) queues_.wanted.put({std::move(phone), *std::move(likely)});
  }

  void hand_back(std::optional<ClerkAction> completed) {
    if (!completed) return;
    const bool taken = queues_.completed.try_push(*std::move(completed));
    TILLSIGHT_CHECK(taken, "one action is completed at a time");
  }

  bool take(ClerkInput input) { return queues_.clerk.try_push(std::move(input)); }

  static std::string answer(std::string_view kind, const std::string& message) {
    return dumped({{"event", kind}, {"message", message}});
  }
  /// Foreign bytes may be quoted in a message; what is no UTF-8 is replaced.
  static std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  static std::string nameless(std::string_view view) {
    Json json = Json::parse(view, nullptr, /*allow_exceptions=*/false);
    const auto hide = [](Json& sale) {
      const auto customer = sale.find("customer");
      if (customer != sale.end() && customer->is_string()) *customer = "";
    };
    if (!json.is_object()) return {};
    hide(json);
    for (Json& held : json["held"]) hide(held);
    Json& prompt = json["prompt"];
    if (prompt.contains("personal")) {
      prompt["typed"] = "";
      prompt.erase("options");
    }
    return dumped(json);
  }

  void send_receipt(std::string_view kind, const Opened& opened, ReceiptMark mark,
                    std::optional<Sequence> of) {
    Opened nameless = opened;
    nameless.invoice.customer.reset();
    const auto text = [&](const Opened& shown) {
      return receipt(shown, currency_, receipt_settings_, mark);
    };
    const auto line = [&](const Opened& shown) {
      return dumped({{"event", kind}, {"receipt", text(shown)}});
    };
    ports_.send_to_all(line(opened), line(nameless));
    if (queues_.page != nullptr) queues_.page->show(web::Channel::kPaper, line(opened));
    print(text(opened), of);
  }

  void print(std::string text, std::optional<Sequence> of) {
    if (queues_.printer.get() == "off") return;
    if (queues_.prints.try_push({std::move(text), of})) return;
    log::warning("printer: {} receipts wait for it; this one is left out, reprint it",
                 queues_.prints.capacity());
  }

  void show(std::string_view cloud_event) {
    for (const Received& received : from_cloud_events(cloud_event)) {
      TILLSIGHT_CHECK(received.event.ok(), "the ring carries what the journal sealed");
      show(*received.event);
    }
  }

  void show(const Event& event) {
    if (event.type == kClockCorrectionType) return;  // nothing that a clerk has done
    Json line = {{"event", "committed"}, {"sequence", event.identity.sequence.value()}};
    Event erased = event;
    erased.personal.clear();
    line["cloudevent"] = Json::parse(to_cloud_events({erased}));
    if (holds_invoice(event.type)) return show_invoice(event, line);
    if (event.type == kZType) {
      const auto z = open_z(event);
      TILLSIGHT_CHECK(z.ok(), "the journal holds the Z that it wrote");
      std::string text =
          day_report(z->sums, z->number, z->closing.counted, currency_, receipt_settings_);
      line["receipt"] = text;
      print(std::move(text), event.identity.sequence);
    }
    const std::string whole = dumped(line);
    if (queues_.page != nullptr) {
      queues_.page->show_receipt(event.identity.sequence.value(), whole);
    }
    ports_.send_to_all(whole, whole);
  }

  void show_invoice(const Event& event, Json& line) {
    auto opened = open(event);
    TILLSIGHT_CHECK(opened.ok(), "the journal holds what the counter sold");
    if (opened->chain.invoice_no) line["invoice_no"] = to_string(*opened->chain.invoice_no);
    if (opened->invoice.kind != SaleKind::kVoid) {
      std::string text = receipt(*opened, currency_, receipt_settings_);
      line["receipt"] = text;
      print(std::move(text), event.identity.sequence);
    }
    const std::string whole = dumped(line);
    if (queues_.page != nullptr) {
      queues_.page->show_receipt(event.identity.sequence.value(), whole);
    }
    if (opened->invoice.customer && opened->chain.invoice_no) {
      opened->invoice.customer.reset();
      line["receipt"] = receipt(*opened, currency_, receipt_settings_);
    }
    ports_.send_to_all(whole, dumped(line));
  }

  /// The ring has moved on: what it lost is read from the journal.
  void catch_up() {
    const auto missed = journal_.events_from(Sequence(reader_.wanted()), kCatchUp);
    if (!missed.ok()) {
      log::error("station: {}", missed.error().message());
      if (missed.error().code() == Code::kDataLoss) queues_.damage.put(missed.error());
      reader_.seek(queues_.events.newest() + 1);
      return;
    }
    for (const Event& event : *missed) show(event);
    reader_.seek(reader_.wanted() + static_cast<std::int64_t>(missed->size()));
  }

  LinePorts& ports_;
  JournalReader& journal_;
  Reception& reception_;
  PinDesk& desk_;
  JournalTaste popular_;
  ToldTaste taste_{popular_};
  const Currency& currency_;
  const ReceiptSettings& receipt_settings_;
  TillQueues& queues_;
  EventRing::Reader reader_;
  EventRing::Record record_;
};

}  // namespace

void run_station(LinePorts& ports, JournalReader& journal, Reception& reception, PinDesk& desk,
                 const Currency& currency, const ReceiptSettings& receipt_settings,
                 TillQueues& queues, std::stop_token stop) {
  StationLoop loop(ports, journal, reception, desk, currency, receipt_settings, queues);
  const std::stop_callback wake(stop, [&] { queues.station_bell.ring(); });
  bool reading = false;
  while (!stop.stop_requested()) {
    queues.station_bell.arm();
    if (!reading && queues.source_ended) {
      if (!ports.input_ended()) ports.read_standard_input();
      reading = true;
    }
    loop.take_page_inputs();
    loop.look_at_cashiers();
    loop.complete();
    loop.tell_tastes();
    loop.show_news();
    ports.run_once(std::min(kStopLatency, reception.patience()), queues.station_bell.fd(),
                   [&](PortId port, std::string_view line) { loop.take_line(port, line); });
    queues.input_ended = ports.input_ended();
  }
  loop.show_news();
  ports.drain(kLastLines);
}

}  // namespace tillsight::app
