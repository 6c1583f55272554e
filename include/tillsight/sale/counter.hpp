/// \file
/// The sale as a state machine: snapshots and the clerk's actions in, a view and postings out.
///
///        ┌──────────── hold ⇄ resume (sales on hold)
///        ▼                                          durable
///      open ── pay, void ──► paying ── committed() ────────► paid (void: open again, empty)
///      │ ▲                   │   ▲                            │
///      │ │◄───── failed() ───┘   │ pay                        │
///      │ │◄─────────────────── refunding (void: open again)   │
///      │ │                       ▲                            │
///      │ │   refund (nothing keyed in, nobody known) ─────────┤
///      │ └── next, first key of the next sale, counter clear ─┘
///      │
///      └── open_day, cash, close_day ──► paying ──► as it was; x_report ──► paying ── reported()
///
/// Beside it stand who is signed in (where a roster asks for it, nobody else presses anything) and
/// training, between two sales: pay then leads to paid at once, and nothing is written down.
///
/// What is written down has two phases, so that the clerk is never told what a power cut can take
/// back: an accepted action leaves pending(); the caller makes it durable, together with
/// state_after_commit() in the same transaction, and only then calls committed(). Until then other
/// actions are refused, and snapshots wait.
///
/// A refund in the making is not kept over a restart: nothing has been given back yet, and the
/// clerk is told to begin again.
///
/// **Ownership** `catalogue`, `clock` and `zone` must outlive the counter.
/// **Threads** thread-compatible (the counter thread's).
/// **Errors** A refused action changes nothing but the message: kInvalidArgument and kNotFound (fix
/// the input), kFailedPrecondition (do something else first), kResourceExhausted (a limit),
/// kUnavailable (wait). The refusal's id stands in the view as `code`.
/// **Example**
/// \code
///   if (counter.act(action).ok()) {
///     if (const Posting* posting = counter.pending()) { … append, then committed() or failed() }
///     else { … save counter.state_json() }
///   }
///   print(to_json(counter.view(), currency));
/// \endcode
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/basket/basket.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/sale_view.hpp"
#include "tillsight/domain/snapshot.hpp"
#include "tillsight/sale/choice_history.hpp"
#include "tillsight/sale/open_refund.hpp"
#include "tillsight/sale/self_figures.hpp"

namespace tillsight {

struct CounterSettings {
  Currency currency;
  std::string region = "IN";                                ///< of national phone numbers
  std::vector<std::string> tenders{"cash", "card", "upi"};  ///< only "cash" gives change
  BasketSettings basket{};
};

/// What the journal is asked to write down; ReportWish only to look.
using Posting = std::variant<Invoice, DayOpening, CashMovement, DayClosing, ReportWish>;

class Counter {
 public:
  static constexpr std::size_t kHeldMost = 20;

  Counter(const Catalogue& catalogue, CounterSettings settings, const Clock& clock,
          const TimeZone& zone);

  void see(const Snapshot& snapshot);
  Status act(const ClerkAction& action);

  /// \return what is to be made durable, or looked up, now; or null.
  const Posting* pending() const { return pending_ ? &*pending_ : nullptr; }
  /// \return the sale, void or refund to be made durable now, or null.
  const Invoice* pending_invoice() const {
    return pending_ ? std::get_if<Invoice>(&*pending_) : nullptr;
  }
  /// The state_json() that holds once pending() is durable; to be written with it, or a restart in
  /// between would open a sale that is paid. \pre pending()
  std::string state_after_commit() const;
  /// \pre pending(), which is `event` now.
  void committed(const Event& event);
  /// \pre a ReportWish is pending()
  void reported(const DaySums& sums);
  /// All is as it was. \pre pending()
  void failed(const Error& error);

  SaleView view() const;
  /// How the till's disk is, for the view. With a `refusal` nothing can be written down now: pay
  /// and void are refused with it, before the clerk has taken money.
  void see_disk(std::string state, std::string refusal);

  /// Who may sign in. Whoever is signed in and may no more, is not.
  void see_roster(Roster roster);
  /// What clerks chose before: it orders what is offered.
  void see_choices(std::span<const LearntChoice> learnt);
  /// What the pending sale teaches; to be written with it.
  const std::vector<LearntChoice>& learnt() const { return learnt_; }
  /// What the customer of `phone` may want, likeliest first. Ignored if he has gone meanwhile.
  void see_wanted(std::string_view phone, std::vector<Sku> wanted);
  /// Who the customer is, of whom the clerk knew the phone alone. Ignored if he has gone meanwhile,
  /// has a name by now, or pays at the moment.
  void see_name(const Customer& customer);
  /// \return of a refund in the making the sale that it is of; null: not known, or there is none.
  std::shared_ptr<const SoldInvoice> refunded_sale() const {
    return refund_ ? refund_->sold() : nullptr;
  }
  /// \return the phone of the open sale's customer; empty: nobody.
  std::string customer_phone() const { return customer_ ? customer_->phone : ""; }
  const TillFigures& figures() const { return figures_.figures(); }
  /// \return what was paid in training since the last call: no invoice, but a receipt to look at.
  std::optional<Invoice> take_training_sale();
  /// \return the event whose receipt the clerk wants again, once.
  std::optional<Sequence> take_print_order();

  /// Grows whenever view() changes.
  std::int64_t revision() const { return revision_; }

  std::string state_json() const;
  /// Takes up where state_json() was. Lines whose product is gone from the catalogue are left out,
  /// and the message says so. \return kInvalidArgument, and then nothing has changed.
  Status restore(std::string_view json);

 private:
  // The open sale: counter_lines.cpp.
  Status perform(const action::Add& add);
  Status perform(const action::Remove& remove);
  Status perform(const action::SetQuantity& set);
  Status perform(const action::Choose& choose);
  Status perform(const action::SetCustomer& set);
  Status perform(const action::ClearCustomer& clear);
  Status perform(const action::Discount& discount);
  Status perform(const action::Next& next);
  Status perform(const action::Hold& hold);
  Status perform(const action::Resume& resume);
  // What leaves it: counter_pay.cpp.
  Status perform(const action::Pay& pay);
  Status perform(const action::Void& voided);
  Status perform(const action::Refund& refund);
  // Around it: counter_day.cpp.
  Status perform(const action::SetCashier& set);
  Status perform(const action::SignIn& sign_in);
  Status perform(const action::SignOut& sign_out);
  Status perform(const action::OpenDay& open);
  Status perform(const action::Cash& cash);
  Status perform(const action::XReport& wish);
  Status perform(const action::CloseDay& close);
  Status perform(const action::Training& training);
  Status perform(const action::Reprint& reprint);
  Status perform(const action::Reject& reject);

  // What stands in the way.
  Status allowed(const ClerkAction& action) const;
  Status only_open(std::string_view what) const;
  Status nothing_open(std::string_view what) const;
  Status writable(std::string_view what) const;
  Status payable() const;
  /// \return who vouches for `what`: the supervisor who is signed in, or whose PIN it was.
  Result<std::string> voucher(std::string_view what, const Approval& approval) const;

  Result<Money> tendered(const action::Pay& pay, Money total) const;
  Status pay_refund(const action::Pay& pay);
  Status pay_in_training(Invoice invoice);
  Result<DiscountTerms> discount_terms(const action::Discount& discount) const;
  void end_sale();
  void post(Posting posting, std::optional<BusinessDay> day_after);
  Invoice make_invoice(SaleKind kind) const;
  BookEntry book_entry() const;
  BusinessDay day_at(const BookEntry& entry) const;
  std::vector<InvoiceLine> priced(const BasketContent& content, const SaleNotes& notes) const;
  InvoiceLine priced(const BasketLine& line, const Product& product, const SaleNotes& notes) const;
  std::vector<Sku> choices_of(const BasketLine& line) const;
  std::vector<SaleView::Choice> view_wanted() const;
  SaleView::Line view_line(const BasketLine& line, const InvoiceLine* sold) const;
  void view_sale(SaleView& view) const;
  void view_refund(SaleView& view) const;
  SaleView::Held view_held(const HeldSale& sale) const;
  void drop_notes_of_gone_lines();
  std::vector<std::string> drop_unknown(BasketContent& content) const;
  CounterState state() const;
  void settle_pending();
  void settle_invoice(const Invoice& invoice, const Event& event);

  // Constant after construction.
  const Catalogue& catalogue_;
  const CounterSettings settings_;
  const Clock& clock_;
  const TimeZone& zone_;
  // The open sale and what waits beside it.
  Basket basket_;
  std::optional<Customer> customer_;
  SaleNotes notes_;
  std::optional<OpenRefund> refund_;
  std::vector<HeldSale> held_;
  // Who is here, and the day.
  Roster roster_;
  std::string cashier_;
  Role role_ = Role::kClerk;
  bool training_ = false;
  std::optional<BusinessDay> day_;
  // The two phases of what is written down.
  std::optional<Posting> pending_;
  PaidSale pending_paid_;
  std::optional<BusinessDay> pending_day_;
  std::optional<Snapshot> waiting_;
  std::optional<PaidSale> paid_;
  std::vector<LearntChoice> learnt_;  // by what is pending
  std::optional<Invoice> training_sale_;
  std::optional<Sequence> print_order_;
  // What the till has learnt, of itself and of its customers.
  ChoiceHistory choices_;
  SelfFigures figures_;
  std::vector<Sku> wanted_;
  // The till's disk: empty while all is well.
  std::string disk_;
  std::string disk_refusal_;
  // What the clerk is told.
  std::string message_;
  bool refused_ = false;
  std::string code_;
  std::optional<SaleView::Report> report_;
  std::int64_t revision_ = 0;
};

}  // namespace tillsight
