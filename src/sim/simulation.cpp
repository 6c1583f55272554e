#include "tillsight/sim/simulation.hpp"

#include <algorithm>

#include "sim/misfortune.hpp"
#include "sim/verdict.hpp"

namespace tillsight::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds kStepMax{200};
constexpr milliseconds kPeaceStep{100};
/// The longest wait that a side may have fallen into: a resend's 5 min and a quarter, a
/// connection's one, and what the end of the one leads to.
constexpr minutes kPeace{15};
/// In which the busiest seed has had its sales.
constexpr hours kWar{2};
constexpr double kSaleEachStep = 0.5;

InvoiceLine some_line(Random& random) {
  constexpr std::string_view kItems[] = {"apple", "banana", "orange", "bottle", "cake"};
  InvoiceLine line;
  line.item = kItems[random.next_u64() % std::size(kItems)];
  line.sku = Sku(line.item);
  line.aisle = "Grocery";
  line.quantity = 1 + static_cast<int>(random.next_u64() % 9);
  line.list_price = Money::minor(static_cast<std::int64_t>(random.next_u64() % 100'000));
  line.tax_rate = TaxRate(1800);
  line.catalogue = "0123456789abcdef";
  price_line(line);
  return line;
}

Invoice some_sale(Random& random, const Clock& clock) {
  static const TimeZone zone = TimeZone::find("Asia/Kolkata").value();
  Invoice invoice;
  for (std::uint64_t lines = 1 + random.next_u64() % 2; lines > 0; --lines)
    invoice.lines.push_back(some_line(random));
  invoice.at = moment(clock, zone);
  invoice.business_date = invoice.at.local.date;
  invoice.currency = "INR";
  if (random.next_u64() % 4 == 0) invoice.customer = Customer{"Asha", "Rao", "+919876543210"};
  total_up(invoice);
  invoice.tenders = {{"cash", invoice.gross}};
  return invoice;
}

class Simulation {
 public:
  Simulation(const Plan& plan, const std::filesystem::path& folder)
      : plan_(plan),
        random_(plan.seed),
        story_(till_clock_, folder.string() + '/', plan.trace),
        broker_(random_),
        till_(folder / "till", broker_, till_clock_, random_, plan.bug, story_),
        office_(folder / "hub", broker_, hub_clock_, random_, plan.bug, story_),
        misfortune_(till_, office_, broker_, till_clock_, hub_clock_, random_, story_) {}

  Outcome run() {
    till_.start();
    office_.start();
    while (!enough() && !story_.broken()) step_at_war();
    if (!story_.broken()) make_peace();
    if (!story_.broken()) judge(confirmed_, till_, office_, story_);
    till_.kill();
    office_.kill();
    return std::move(story_.outcome());
  }

 private:
  bool enough() {
    if (story_.now() > kWar) story_.violation("hardly anything is sold any more");
    return sales() >= plan_.sales && story_.outcome().faults >= plan_.faults;
  }
  int sales() const { return story_.outcome().sales; }

  void pass(milliseconds time) {
    till_clock_.advance(time);
    hub_clock_.advance(time);
    misfortune_.turn();
  }

  void step_at_war() {
    pass(milliseconds(1 + random_.next_u64() % static_cast<unsigned>(kStepMax.count())));
    if (misfortune_.happens(kSaleEachStep)) till_.sell(some_sale(random_, till_clock_));
    // Faults strike anywhere between the turns, and as often as the plan's sales leave time for.
    const double fault = kSaleEachStep * plan_.faults / plan_.sales;
    if (misfortune_.happens(fault)) misfortune_.strike();
    turn_till();
    if (misfortune_.happens(fault / 4)) misfortune_.strike();
    office_.turn();
  }

  void turn_till() {
    till_.turn();
    for (Event& event : till_.take_confirmed()) {
      confirmed_.push_back(std::move(event));
      ++story_.outcome().sales;
    }
  }

  void make_peace() {
    story_.tell("peace, after {} sales and {} faults", sales(), story_.outcome().faults);
    misfortune_.end();
    const milliseconds end = story_.now() + kPeace;
    while (!settled() && !story_.broken() && story_.now() < end) {
      pass(kPeaceStep);
      turn_till();
      office_.turn();
    }
    if (!settled()) story_.violation("something is still owed after {} min", kPeace.count());
  }

  bool settled() { return till_.settled() && office_.runs(); }

  const Plan& plan_;
  SeededRandom random_;
  FakeClock till_clock_;
  FakeClock hub_clock_;
  Story story_;
  mqtt::FakeBroker broker_;
  Till till_;
  HeadOffice office_;
  Misfortune misfortune_;
  std::vector<Event> confirmed_;
};

}  // namespace

Outcome simulate(const Plan& plan, const std::filesystem::path& folder) {
  for (const char* box : {"till", "hub"}) std::filesystem::create_directories(folder / box);
  return Simulation(plan, folder).run();
}

}  // namespace tillsight::sim
