// Who is at the till, the day's beginning and end, and what else is no sale.
#include <algorithm>
#include <utility>

#include "sale/business_day.hpp"
#include "sale/refuse.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/sale/counter.hpp"

namespace tillsight {

Status Counter::perform(const action::SetCashier& set) {
  if (roster_.asked) {
    return refuse("needs.sign_in", "cashier: this till asks for a PIN; sign in with yours");
  }
  TILLSIGHT_ASSIGN(cashier_, normalise_name(set.name, "cashier"));
  return {};
}

Status Counter::perform(const action::SignIn& sign_in) {
  if (!roster_.asked) {
    return refuse(
        "needs.cashiers",
        "sign_in: this till knows no cashiers; make one with 'tillsight cashier add NAME'");
  }
  const auto member =
      std::ranges::find(roster_.members, sign_in.approval.cashier, &Roster::Member::name);
  if (sign_in.approval.cashier.empty() || member == roster_.members.end()) {
    return refuse("pin.wrong", "sign_in: nobody has this PIN; type it again");
  }
  cashier_ = member->name;
  role_ = member->role;
  message_ = "signed in";
  return {};
}

Status Counter::perform(const action::SignOut&) {
  cashier_.clear();
  role_ = Role::kClerk;
  return {};
}

BookEntry Counter::book_entry() const {
  BookEntry entry;
  entry.cashier = cashier_;
  entry.at = moment(clock_, zone_);
  entry.business_date = business_day(day_, entry.at).date;
  entry.currency = settings_.currency.code();
  return entry;
}

BusinessDay Counter::day_at(const BookEntry& entry) const {
  return business_day(day_, entry.at);
}

Status Counter::perform(const action::OpenDay& open) {
  TILLSIGHT_TRY(writable("open_day"));
  if (day_ && day_->opened) {
    return refuse("day.open", "open_day: {} is open already; close it first",
                  to_string(day_->date));
  }
  DayOpening opening{book_entry(), Money()};
  if (!open.opening_float.empty()) {
    auto amount = parse_money(open.opening_float, settings_.currency);
    if (!amount.ok()) return amount.error().with_context("open_day");
    opening.opening_float = *amount;
  }
  if (opening.opening_float < Money()) {
    return error(Code::kInvalidArgument, "open_day: {} is below zero", open.opening_float);
  }
  BusinessDay day = day_at(opening.entry);
  day.opened = true;
  post(std::move(opening), day);
  return {};
}

Status Counter::perform(const action::Cash& cash) {
  TILLSIGHT_TRY(writable("cash"));
  CashMovement movement{book_entry(), cash.in, Money(), ""};
  auto amount = parse_money(cash.amount, settings_.currency);
  if (!amount.ok()) return amount.error().with_context("cash");
  if (*amount <= Money()) {
    return error(Code::kInvalidArgument, "cash: {} is not more than zero", cash.amount);
  }
  movement.amount = *amount;
  TILLSIGHT_ASSIGN(movement.reason, normalise_name(cash.reason, "reason"));
  if (movement.reason.empty()) {
    return error(Code::kInvalidArgument, "cash: say why").with_id("cash.reason");
  }
  const BusinessDay day = day_at(movement.entry);
  post(std::move(movement), day);
  return {};
}

Status Counter::perform(const action::XReport&) {
  post(ReportWish{}, day_);
  return {};
}

Status Counter::perform(const action::CloseDay& close) {
  TILLSIGHT_TRY(nothing_open("close_day"));
  TILLSIGHT_TRY(writable("close_day"));
  if (!held_.empty()) {
    return refuse("close_day.held", "close_day: {} sale(s) are on hold; finish them first",
                  held_.size());
  }
  DayClosing closing{book_entry(), {}};
  // A day that nobody has sold on for a night still ends as itself.
  if (day_) closing.entry.business_date = day_->date;
  for (const auto& [type, text] : close.counted) {
    if (std::ranges::find(settings_.tenders, type) == settings_.tenders.end()) {
      return error(Code::kInvalidArgument,
                   "close_day: '{}' is no tender of this till; use one of {}", type,
                   fmt::join(settings_.tenders, ", "))
          .with_id("pay.tender");
    }
    auto amount = parse_money(text, settings_.currency);
    if (!amount.ok()) return amount.error().with_context("close_day: " + type);
    closing.counted[type] = *amount;
  }
  post(std::move(closing), std::nullopt);
  return {};
}

Status Counter::perform(const action::Training& training) {
  if (training.on == training_) {
    return refuse("training.same", "training: it is {} already", training_ ? "on" : "off");
  }
  TILLSIGHT_TRY(nothing_open("training"));
  if (!held_.empty()) {
    return refuse("training.held", "training: {} sale(s) are on hold; finish them first",
                  held_.size());
  }
  TILLSIGHT_TRY(voucher("training", training.approval));
  training_ = training.on;
  if (!training_) paid_.reset();
  message_ = training_ ? "training: nothing that is paid now is sold" : "training has ended";
  return {};
}

Status Counter::perform(const action::Reprint& reprint) {
  if (!reprint.sold) {
    return error(Code::kNotFound, "reprint: this till has no invoice {}; check the number",
                 reprint.invoice_no)
        .with_id("reprint.unknown");
  }
  print_order_ = reprint.sold->sequence;
  message_ = format("printing {} again", to_string(reprint.sold->number));
  return {};
}

Status Counter::perform(const action::Reject& reject) {
  return Error(Code::kFailedPrecondition, reject.text).with_id(reject.code);
}

}  // namespace tillsight
