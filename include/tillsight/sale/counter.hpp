/// \file
/// The sale as a state machine: snapshots and the clerk's actions in, a view and invoices out.
///
///        ┌──────────── hold ⇄ resume (sales on hold)
///        ▼                                          durable
///      open ── pay, void ──► paying ── committed() ────────► paid (void: open again, empty)
///        ▲                     │                              │
///        │◄───── failed() ─────┘                              │
///        └── next, first key of the next sale, counter clear ─┘
///
/// Payment has two phases, so that the clerk is never told what a power cut can take back: an
/// accepted pay or void leaves pending(); the caller makes it durable, together with
/// state_after_commit() in the same transaction, and only then calls committed(). Until then other
/// actions are refused, and snapshots wait.
///
/// **Ownership** `catalogue`, `clock` and `zone` must outlive the counter.
/// **Threads** thread-compatible (the counter thread's).
/// **Errors** A refused action changes nothing but the message: kInvalidArgument and kNotFound (fix
/// the input), kFailedPrecondition (do something else first), kResourceExhausted (a limit),
/// kUnavailable (wait).
/// **Example**
/// \code
///   if (counter.act(action).ok()) {
///     if (const Invoice* invoice = counter.pending()) { … append, then committed() or failed() }
///     else { … save counter.state_json() }
///   }
///   print(to_json(counter.view(), currency));
/// \endcode
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/basket/basket.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/sale_view.hpp"
#include "tillsight/domain/snapshot.hpp"

namespace tillsight {

struct CounterSettings {
  Currency currency;
  std::string region = "IN";                                ///< of national phone numbers
  std::vector<std::string> tenders{"cash", "card", "upi"};  ///< only "cash" gives change
  BasketSettings basket{};
};

class Counter {
 public:
  static constexpr std::size_t kHeldMost = 20;

  Counter(const Catalogue& catalogue, CounterSettings settings, const Clock& clock,
          const TimeZone& zone);

  void see(const Snapshot& snapshot);
  Status act(const ClerkAction& action);

  /// \return the invoice or void to be made durable now, or null.
  const Invoice* pending() const { return pending_ ? &*pending_ : nullptr; }
  /// The state_json() that holds once pending() is durable; to be written with it, or a restart in
  /// between would open a sale that is paid. \pre pending()
  std::string state_after_commit() const;
  /// \pre pending(), which is `event` now.
  void committed(const Event& event);
  /// The sale is open as it was. \pre pending()
  void failed(const Error& error);

  SaleView view() const;
  /// How the till's disk is, for the view. With a `refusal` nothing can be written down now: pay
  /// and void are refused with it, before the clerk has taken money.
  void see_disk(std::string state, std::string refusal);

  /// Grows whenever view() changes.
  std::int64_t revision() const { return revision_; }

  std::string state_json() const;
  /// Takes up where state_json() was. Lines whose product is gone from the catalogue are left out,
  /// and the message says so. \return kInvalidArgument, and then nothing has changed.
  Status restore(std::string_view json);

 private:
  Status perform(const action::Add& add);
  Status perform(const action::Remove& remove);
  Status perform(const action::SetQuantity& set);
  Status perform(const action::Choose& choose);
  Status perform(const action::SetCustomer& set);
  Status perform(const action::ClearCustomer& clear);
  Status perform(const action::Pay& pay);
  Status perform(const action::Next& next);
  Status perform(const action::Void& voided);
  Status perform(const action::Hold& hold);
  Status perform(const action::Resume& resume);
  Status perform(const action::SetCashier& set);
  Status perform(const action::SignIn& sign_in);
  Status perform(const action::SignOut& sign_out);
  Status perform(const action::Discount& discount);
  Status perform(const action::Refund& refund);
  Status perform(const action::OpenDay& open);
  Status perform(const action::Cash& cash);
  Status perform(const action::XReport& wish);
  Status perform(const action::CloseDay& close);
  Status perform(const action::Training& training);
  Status perform(const action::Reprint& reprint);
  Status perform(const action::Reject& reject);

  void put_pending(Invoice invoice);
  Status only_open(std::string_view what) const;
  Status writable(std::string_view what) const;
  Status payable() const;
  Result<Money> tendered(const action::Pay& pay, Money total) const;
  Invoice make_invoice(SaleKind kind) const;
  std::vector<InvoiceLine> priced(const BasketContent& content) const;
  InvoiceLine priced(const BasketLine& line, const Product& product) const;
  SaleView::Line view_line(const BasketLine& line) const;
  SaleView::Held view_held(const HeldSale& sale) const;
  std::vector<std::string> drop_unknown(BasketContent& content) const;
  CounterState state() const;
  void settle_pending();

  // Constant after construction.
  const Catalogue& catalogue_;
  const CounterSettings settings_;
  const Clock& clock_;
  const TimeZone& zone_;
  // The open sale and what waits beside it.
  Basket basket_;
  std::optional<Customer> customer_;
  std::string cashier_;
  std::vector<HeldSale> held_;
  std::optional<BusinessDay> day_;
  // The two phases of a payment.
  std::optional<Invoice> pending_;
  PaidSale pending_paid_;
  std::optional<BusinessDay> pending_day_;
  std::optional<Snapshot> waiting_;
  std::optional<PaidSale> paid_;
  // The till's disk: empty while all is well.
  std::string disk_;
  std::string disk_refusal_;
  // What the clerk is told.
  std::string message_;
  bool refused_ = false;
  std::string code_;
  std::int64_t revision_ = 0;
};

}  // namespace tillsight
