// The state machine's core; what actions do is counter_lines.cpp, counter_pay.cpp and
// counter_day.cpp, what the clerk sees counter_view.cpp.
#include "tillsight/sale/counter.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sale/refuse.hpp"

namespace tillsight {
namespace {

/// Of a refusal that has no id of its own.
std::string id_of(const ClerkAction& action, Code code) {
  const auto why = [&] {
    switch (code) {
      case Code::kNotFound: return "unknown";
      case Code::kInvalidArgument: return "wrong";
      case Code::kResourceExhausted: return "full";
      case Code::kUnavailable: return "busy";
      default: return "not_now";
    }
  };
  return format("{}.{}", name(action), why());
}

/// What may be pressed while goods come back.
bool belongs_to_refund(const ClerkAction& action) {
  return std::holds_alternative<action::Add>(action) ||
         std::holds_alternative<action::Remove>(action) ||
         std::holds_alternative<action::SetQuantity>(action) ||
         std::holds_alternative<action::Pay>(action) ||
         std::holds_alternative<action::Void>(action) ||
         std::holds_alternative<action::XReport>(action) ||
         std::holds_alternative<action::Reprint>(action);
}

/// What would reach the books, or what lies in them.
bool reaches_books(const ClerkAction& action) {
  return std::holds_alternative<action::Hold>(action) ||
         std::holds_alternative<action::Resume>(action) ||
         std::holds_alternative<action::Refund>(action) ||
         std::holds_alternative<action::OpenDay>(action) ||
         std::holds_alternative<action::Cash>(action) ||
         std::holds_alternative<action::CloseDay>(action);
}

/// What anybody may press.
bool belongs_to_door(const ClerkAction& action) {
  return std::holds_alternative<action::SignIn>(action) ||
         std::holds_alternative<action::SignOut>(action) ||
         std::holds_alternative<action::Reject>(action);
}

}  // namespace

Counter::Counter(const Catalogue& catalogue, CounterSettings settings, const Clock& clock,
                 const TimeZone& zone)
    : catalogue_(catalogue),
      settings_(std::move(settings)),
      clock_(clock),
      zone_(zone),
      basket_(catalogue, settings_.basket) {}

void Counter::see(const Snapshot& snapshot) {
  if (pending_) {
    waiting_ = snapshot;
    return;
  }
  if (!basket_.see(snapshot)) return;
  // What is put down while goods come back is no new sale.
  if (refund_ && !basket_.closed()) basket_.close();
  figures_.basket_has_lines(!basket_.lines().empty(), clock_.monotonic_now());
  drop_notes_of_gone_lines();
  ++revision_;
}

void Counter::see_disk(std::string state, std::string refusal) {
  if (state == "ok") state.clear();
  if (state == disk_ && refusal == disk_refusal_) return;
  disk_ = std::move(state);
  disk_refusal_ = std::move(refusal);
  ++revision_;
}

void Counter::see_roster(Roster roster) {
  if (roster == roster_) return;
  roster_ = std::move(roster);
  ++revision_;
  if (!roster_.asked) {
    role_ = Role::kClerk;
    return;
  }
  const auto member = std::ranges::find(roster_.members, cashier_, &Roster::Member::name);
  if (member == roster_.members.end()) {
    cashier_.clear();
    role_ = Role::kClerk;
  } else {
    role_ = member->role;
  }
}

Status Counter::act(const ClerkAction& action) {
  message_.clear();
  code_.clear();
  report_.reset();
  Status status = allowed(action);
  if (status.ok()) status = std::visit([&](const auto& a) { return perform(a); }, action);
  refused_ = !status.ok();
  if (refused_) {
    message_ = status.error().message();
    const std::string& id = status.error().id();
    code_ = id.empty() ? id_of(action, status.error().code()) : id;
  } else {
    drop_notes_of_gone_lines();
    if (!pending_) {
      figures_.basket_has_lines(!basket_.lines().empty(), clock_.monotonic_now());
    }
  }
  ++revision_;
  return status;
}

/// What stands in the way of every action.
Status Counter::allowed(const ClerkAction& action) const {
  if (pending_) {
    return error(Code::kUnavailable, "the sale is being written; wait a moment, then press again")
        .with_id("sale.busy");
  }
  if (belongs_to_door(action)) return {};
  if (roster_.asked && cashier_.empty()) {
    return refuse("needs.sign_in", "{}: nobody is signed in; type your PIN first", name(action));
  }
  if (refund_ && !belongs_to_refund(action)) {
    return refuse("refund.open", "{}: goods are coming back; pay them out or void first",
                  name(action));
  }
  if (training_ && reaches_books(action)) {
    return refuse("training.on", "{}: this is training; end it first", name(action));
  }
  return {};
}

Status Counter::only_open(std::string_view what) const {
  if (!basket_.closed()) return {};
  return refuse("sale.paid", "{}: this sale is paid; press next for a new one", what);
}

/// What the camera alone sees may wait; a word of the clerk may not.
Status Counter::nothing_open(std::string_view what) const {
  const auto& lines = basket_.lines();
  const bool spoken = customer_ || notes_.discount || !notes_.discounts.empty() ||
                      std::ranges::any_of(lines, [](const BasketLine& line) {
                        return std::ranges::any_of(line.pieces, &Piece::decided);
                      });
  if (!spoken) return {};
  return refuse("sale.open", "{}: another sale is open; pay, hold or void it first", what);
}

Status Counter::writable(std::string_view what) const {
  if (disk_refusal_.empty()) return {};
  return error(Code::kResourceExhausted, "{}: {}", what, disk_refusal_).with_id("disk.full");
}

Result<std::string> Counter::voucher(std::string_view what, const Approval& approval) const {
  const bool any = std::ranges::any_of(
      roster_.members, [](const Roster::Member& m) { return m.role == Role::kSupervisor; });
  if (!any) {
    return refuse("needs.cashiers",
                  "{}: a supervisor must agree, and this till knows none; make one with 'tillsight "
                  "cashier add NAME --role supervisor'",
                  what);
  }
  if (!approval.cashier.empty() && approval.role == Role::kSupervisor) return approval.cashier;
  if (role_ == Role::kSupervisor && !cashier_.empty()) return cashier_;
  return refuse("needs.supervisor", "{}: a supervisor must agree; type a supervisor's PIN", what);
}

void Counter::drop_notes_of_gone_lines() {
  std::erase_if(notes_.discounts, [&](const auto& discount) {
    return std::ranges::find(basket_.lines(), discount.first, &BasketLine::id) ==
           basket_.lines().end();
  });
}

void Counter::see_choices(std::span<const LearntChoice> learnt) {
  choices_.add(learnt);
  ++revision_;
}

void Counter::see_wanted(std::string_view phone, std::vector<Sku> wanted) {
  if (!customer_ || customer_->phone != phone || wanted == wanted_) return;
  wanted_ = std::move(wanted);
  ++revision_;
}

void Counter::see_name(const Customer& customer) {
  if (pending_ || !customer_ || customer_->phone != customer.phone) return;
  if (!customer_->first_name.empty() || !customer_->last_name.empty()) return;
  auto named =
      make_customer(customer.first_name, customer.last_name, customer.phone, settings_.region);
  if (!named.ok()) return;  // no name that this till could seal
  customer_ = *std::move(named);
  ++revision_;
}

std::optional<Invoice> Counter::take_training_sale() {
  return std::exchange(training_sale_, std::nullopt);
}

std::optional<Sequence> Counter::take_print_order() {
  return std::exchange(print_order_, std::nullopt);
}

CounterState Counter::state() const {
  CounterState state{basket_.state(), customer_, cashier_, held_, paid_, day_};
  state.notes = notes_;
  state.role = role_;
  state.training = training_;
  state.refunding = refund_.has_value();
  return state;
}

std::string Counter::state_json() const {
  return to_json(state());
}

std::string Counter::state_after_commit() const {
  TILLSIGHT_CHECK(pending_.has_value(), "a state after commit needs something pending");
  CounterState after = state();
  after.day = pending_day_;
  if (const Invoice* const invoice = pending_invoice()) {
    Basket basket = basket_;
    if (invoice->kind == SaleKind::kVoid) {
      basket.take_out();
    } else {
      basket.close();
      after.paid = pending_paid_;
    }
    after.basket = basket.state();
    after.customer.reset();
    after.notes = {};
    after.refunding = false;
  }
  return to_json(after);
}

/// Takes lines out whose product the price list has no more. \return their SKUs.
std::vector<std::string> Counter::drop_unknown(BasketContent& content) const {
  std::vector<std::string> gone;
  const auto unknown = [&](const Sku& sku) { return catalogue_.by_sku(sku) == nullptr; };
  std::erase_if(content.lines, [&](BasketLine& line) {
    std::erase_if(line.choices, unknown);
    const bool out = line.asks() ? line.choices.empty() : unknown(line.sku);
    if (out && !line.asks()) gone.push_back(line.sku.value());
    return out;
  });
  return gone;
}

Status Counter::restore(std::string_view json) {
  TILLSIGHT_CHECK(!pending_, "a counter is restored before it is used");
  TILLSIGHT_ASSIGN(CounterState saved, parse_counter_state(json));
  std::vector<std::string> gone = drop_unknown(saved.basket.content);
  for (HeldSale& sale : saved.held)
    std::ranges::move(drop_unknown(sale.content), std::back_inserter(gone));
  basket_.restore(std::move(saved.basket));
  customer_ = std::move(saved.customer);
  notes_ = std::move(saved.notes);
  cashier_ = std::move(saved.cashier);
  role_ = saved.role;
  training_ = saved.training;
  held_ = std::move(saved.held);
  paid_ = std::move(saved.paid);
  day_ = std::move(saved.day);
  drop_notes_of_gone_lines();
  refused_ = !gone.empty() || saved.refunding;
  if (saved.refunding) {
    message_ = "the refund was not finished before the restart; begin it again";
    code_ = "restart.refund";
  }
  if (!gone.empty()) {
    message_ =
        format("after the restart, {} left out: no more in the price list", fmt::join(gone, ", "));
    code_ = "restart.left_out";
  }
  ++revision_;
  return {};
}

}  // namespace tillsight
