#include "tillsight/app/demo.hpp"

#include <algorithm>
#include <iostream>

#include "app/demo_clerk.hpp"
#include "app/demo_past.hpp"
#include "app/demo_stage.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/statement.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;
using Json = TillClient::Json;

struct Scene {
  std::string till;
  fs::path photo;
  std::vector<std::string> keyed;  ///< SKUs that the clerk adds by keypad
  Json customer;                   ///< null: a customer who does not give a name
  std::string tender = "cash";
  std::string not_sold = "";  ///< what the till asks about and this shop does not sell
};

Json person(std::string_view first_name, std::string_view last_name, std::string_view phone) {
  return {
      {"do", "customer"}, {"first_name", first_name}, {"last_name", last_name}, {"phone", phone}};
}

std::vector<Scene> scenes(const DemoSettings& settings) {
  const auto photo = [&](std::string_view name) { return settings.photos / name; };
  const Json asha = person("Asha", "Rao", "98765 43210");
  const Json zoe = person("Zoë", "van den Berg", "+31 20 123 4567");
  const Json ravi = person("रवि", "शर्मा", "98111 22333");
  std::vector<Scene> scenes = {
      {"T01", photo("apple.jpg"), {"banana", "bottle"}, asha},
      {"T02", photo("orange.jpg"), {}, zoe, "card"},
      {"T01", photo("fruits.jpg"), {"book"}, ravi, "upi", "a lemon"},
      {"T02", photo("apple.jpg"), {"cup"}, asha},
      {"T01", photo("orange.jpg"), {"sandwich"}, nullptr},
      {"T02", photo("fruits.jpg"), {"umbrella"}, asha, "card", "a lemon"},
  };
  for (const fs::path& own : settings.own_photos) scenes.push_back({"T01", own, {}, zoe});
  return scenes;
}

std::string seen_text(const Json& view) {
  std::string text;
  for (const Json& line : view["lines"]) {
    text += format("{}{} × {} ({})", text.empty() ? "" : ", ", line["quantity"].get<int>(),
                   line["name"].get<std::string>(), line["state"].get<std::string>());
  }
  return text;
}

/// The photo is put on the counter, and every question of the till about it answered.
Status show(const Scene& scene, const DemoStage& stage, Clerk& clerk) {
  tell(format("till {}: {} is put on the counter", scene.till, scene.photo.filename().string()));
  TILLSIGHT_TRY(stage.put_on_counter(scene.till, scene.photo));
  TILLSIGHT_ASSIGN(const Json view, clerk.look());
  tell(format("the camera sees {}", seen_text(view)));
  return clerk.answer_questions(view, scene.not_sold);
}

Status pay(const Scene& scene, const DemoStage& stage, Clerk& clerk) {
  TILLSIGHT_ASSIGN(const std::string receipt, clerk.pay(scene.tender));
  std::cout << '\n' << receipt << '\n' << std::flush;
  stage.clear_counter(scene.till);
  return clerk.see_counter_clear();
}

Status play(const Scene& scene, const DemoStage& stage, TillClient& till, const StopSignals& stop) {
  Clerk clerk(till, stop);
  TILLSIGHT_TRY(show(scene, stage, clerk));
  for (const std::string& sku : scene.keyed) TILLSIGHT_TRY(clerk.add(sku));
  if (!scene.customer.is_null()) TILLSIGHT_TRY(clerk.name_customer(scene.customer));
  return pay(scene, stage, clerk);
}

/// A customer whom head office knows and this till does not.
Status play_regular(const Scene& scene, const Past& past, const DemoStage& stage, TillClient& till,
                    const StopSignals& stop) {
  Clerk clerk(till, stop);
  TILLSIGHT_TRY(show(scene, stage, clerk));
  const auto offer = std::ranges::find_if(
      past.may_want, [](const hub::Recommended& one) { return one.sku != "apple"; });
  if (offer == past.may_want.end()) {
    return error(Code::kNotFound, "the model in use has nothing for {}", past.phone);
  }
  TILLSIGHT_ASSIGN(const Json view, clerk.ask_who(past.phone, offer->sku));
  tell(format("the clerk keys the phone of a regular; head office answers: {}, who may want",
              view["customer"].get<std::string>()));
  for (const Json& choice : view["wanted"]) {
    const auto one =
        std::ranges::find(past.may_want, choice["sku"].get<std::string>(), &hub::Recommended::sku);
    const bool reasoned = one != past.may_want.end() && !one->because.empty();
    tell(format("  {}{}", choice["name"].get<std::string>(),
                reasoned ? format(" (because of {})", one->because) : ""));
  }
  TILLSIGHT_TRY(clerk.add(offer->sku));
  return pay(scene, stage, clerk);
}

/// Told when the tills start and again when they go on: each address holds once.
Status tell_pages(const DemoStage& stage) {
  for (const char* till : {"T01", "T02"}) {
    TILLSIGHT_ASSIGN(const std::string address, stage.page_of(till));
    tell(format("the page of till {}: {}", till, address));
  }
  return {};
}

Status play_all(const DemoSettings& settings, DemoStage& stage, const StopSignals& stop,
                std::int64_t& invoices) {
  heading("A year that is made up goes to head office, which learns from it");
  TILLSIGHT_TRY(stage.start_broker());
  TILLSIGHT_TRY(stage.set_up_hub());
  TILLSIGHT_ASSIGN(const Past past, make_past(stage.hub_settings(), settings.catalogue, stop));
  heading("Head office and two tills start");
  TILLSIGHT_TRY(stage.start_hub());
  std::map<std::string, TillClient> tills;
  for (const std::string id : {"T01", "T02"}) {
    TILLSIGHT_ASSIGN(TillClient till, stage.start_till(id, stop));
    tills.emplace(id, std::move(till));
  }
  if (settings.serve) TILLSIGHT_TRY(tell_pages(stage));
  const std::vector<Scene> all = scenes(settings);
  constexpr std::int64_t kWithNetwork = 4;
  heading("Photos become invoices");
  for (const Scene& scene : all) {
    if (invoices == kWithNetwork) {
      heading("A customer whom head office knows");
      const Scene regular{"T01", settings.photos / "apple.jpg", {}, nullptr, "card"};
      TILLSIGHT_TRY(play_regular(regular, past, stage, tills.at("T01"), stop));
      ++invoices;
      heading("The network goes away; the tills sell on");
      stage.stop_broker();
    }
    TILLSIGHT_TRY(play(scene, stage, tills.at(scene.till), stop));
    ++invoices;
  }
  heading("The network is back; what was sold meanwhile follows");
  return stage.start_broker();
}

/// \return how many invoices of tills head office has.
Result<std::int64_t> invoices_at_hub(const fs::path& hub_data) {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(hub_data, hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(auto count, db.prepare("SELECT count(*) FROM v_invoices WHERE origin = 'till'"));
  TILLSIGHT_ASSIGN(const bool found, count.step());
  return found ? count.integer(0) : 0;
}

Status wait_until_hub_has(std::int64_t invoices, const fs::path& hub_data,
                          const StopSignals& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kDemoPatience;
  while (true) {
    TILLSIGHT_ASSIGN(const std::int64_t there, invoices_at_hub(hub_data));
    if (there == invoices) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return error(Code::kUnavailable, "head office has {} of {} invoices after {} s; see {}",
                   there, invoices, kDemoPatience.count() / 1000, hub_data.string());
    }
    if (stop.wait(std::chrono::milliseconds(100))) return Error(Code::kCancelled, "stopped");
  }
}

/// What stands in the hub's lines, as anybody with SQL may read it.
Result<eda::Report> lines_at_hub(const fs::path& hub_data, const Currency& currency) {
  TILLSIGHT_ASSIGN(auto db, hub::open_for_reading(hub_data, hub::Persons::kHidden));
  TILLSIGHT_ASSIGN(auto rows,
                   db.prepare("SELECT invoice_no, item, aisle, quantity, gross, entry "
                              "FROM v_lines WHERE origin = 'till' ORDER BY cursor, line"));
  eda::Report report{"lines",
                     "Lines of these tills at head office (view v_lines)",
                     {{"invoice_no", eda::ColumnType::kText, {}},
                      {"item", eda::ColumnType::kText, {}},
                      {"aisle", eda::ColumnType::kText, {}},
                      {"quantity", eda::ColumnType::kInteger, {}},
                      {"gross", eda::ColumnType::kMoney, currency},
                      {"entry", eda::ColumnType::kText, {}}},
                     {},
                     {}};
  while (true) {
    TILLSIGHT_ASSIGN(const bool found, rows.step());
    if (!found) return report;
    report.rows.push_back({std::string(rows.text(0)), std::string(rows.text(1)),
                           std::string(rows.text(2)), rows.integer(3),
                           Money::minor(rows.integer(4)), std::string(rows.text(5))});
  }
}

Status show_head_office(const fs::path& hub_data) {
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse("INR"));
  TILLSIGHT_ASSIGN(const TimeZone zone, TimeZone::find("Asia/Kolkata"));
  heading("Head office");
  TILLSIGHT_ASSIGN(const eda::Report lines, lines_at_hub(hub_data, currency));
  std::cout << eda::to_table(lines);
  for (const std::string_view name :
       {"sales-on", "top-customers", "busiest-days", "customers-by-month"}) {
    eda::ReportRequest request{std::string(name)};
    if (name == "sales-on") request.date = zone.to_local(SystemClock().utc_now()).date;
    TILLSIGHT_ASSIGN(const eda::Report report, eda::Reports(hub_data).run(request));
    std::cout << '\n' << eda::to_table(report);
  }
  return {};
}

void tell_where(const DemoStage& stage, const DemoSettings& settings) {
  heading("Where everything was written");
  tell(format("{}: hub.db (sales), persons.db (names)", stage.hub_data().string()));
  for (const char* till : {"T01", "T02"}) {
    tell(format("{}: the journal of till {}", stage.till_journal(till).string(), till));
  }
  tell(format("Ask more: {} report top-customers --data {}", settings.program.string(),
              stage.hub_data().string()));
}

/// The tills are the visitor's now, with something on the first one's counter.
Status serve(const DemoSettings& settings, const DemoStage& stage) {
  heading("The tills go on; Ctrl-C ends them");
  TILLSIGHT_TRY(stage.put_on_counter("T01", settings.photos / "fruits.jpg"));
  TILLSIGHT_TRY(tell_pages(stage));
  tell("each address opens one browser; the next one stands in till.url");
  tell(format("another photo on the counter: cp PHOTO {}", stage.view("T01").string()));
  return {};
}

}  // namespace

Status run_demo(const DemoSettings& settings, const StopSignals& stop) {
  TILLSIGHT_ASSIGN(DemoStage stage, DemoStage::set_up(settings));
  std::int64_t invoices = 0;
  TILLSIGHT_TRY(play_all(settings, stage, stop, invoices));
  TILLSIGHT_TRY(wait_until_hub_has(invoices, stage.hub_data(), stop));
  tell(format("all {} invoices are at head office, each once", invoices));
  if (!settings.serve) stage.stop_all();
  TILLSIGHT_TRY(show_head_office(stage.hub_data()));
  tell_where(stage, settings);
  if (!settings.serve) return {};
  TILLSIGHT_TRY(serve(settings, stage));
  TILLSIGHT_TRY(stage.wait_for_stop(stop));
  stage.stop_all();
  return {};
}

}  // namespace tillsight::app
