/// \file
/// What the counter alone cannot know of an action: whose phone this is, which invoice this number
/// stands for, whose PIN was typed. An action passes here, in its turn, before the counter sees it;
/// the PIN goes no further.
///
/// What this till does not know, head office may. A name, and what its bearer may want, is asked
/// for while the sale goes on and follows when it comes. A refund waits for the answer, at most
/// kPatience: other tills may have given back what this one has sold. What comes later is dropped.
///
/// **Ownership** everything given must outlive it. **Threads** thread-bound (the station thread's).
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/customer_lookup.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/journal/pin_desk.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::app {

class Reception {
 public:
  static constexpr std::chrono::milliseconds kPatience{2'000};

  /// \param random gives the questions' ids.
  Reception(CustomerLookup customers, JournalReader& journal, PinDesk& desk, const Clock& clock,
            Random& random)
      : customers_(std::move(customers)),
        journal_(journal),
        desk_(desk),
        clock_(clock),
        random_(random) {}

  /// Whether complete() may have something to add.
  static bool completes(const ClerkAction& action);
  /// \return `action` with what is known, or a Reject that tells the clerk why not. None: head
  /// office is asked first, and hear() or lose_patience() has it. \pre none is waiting
  std::optional<ClerkAction> complete(ClerkAction action);

  /// \return what is to be put to head office now; each once.
  std::optional<TillQuestion> take_question();
  /// \return the action that waited for this answer.
  std::optional<ClerkAction> hear(const Answer& answer);
  /// \return the action that has waited long enough: it goes on without head office.
  std::optional<ClerkAction> lose_patience();
  /// How long until lose_patience() may have something.
  std::chrono::milliseconds patience() const;
  /// \return whose name has come, once.
  std::optional<Customer> take_name() { return std::exchange(name_, std::nullopt); }
  struct Wants {
    std::string phone;  ///< E.164
    std::vector<Sku> skus;
  };
  /// \return what somebody may want, as head office has it, once.
  std::optional<Wants> take_wants() { return std::exchange(wants_, std::nullopt); }

 private:
  struct AskedRefund {
    std::string id;
    action::Refund refund;  ///< with the sale, if it is in this journal
    InvoiceNumber number;
    MonotonicTime until;
  };
  struct AskedName {
    std::string id;
    std::string phone;
    bool is_known = false;
  };

  std::optional<ClerkAction> begin_refund(action::Refund refund);
  ClerkAction finish_refund(const Answer* answer);
  ClerkAction with_sold(action::Reprint reprint);
  Result<SoldInvoice> merged(const AskedRefund& asked, const answer::Sale& sale);
  Status prove(ClerkAction& action);

  // Constant after construction.
  CustomerLookup customers_;
  JournalReader& journal_;
  PinDesk& desk_;
  const Clock& clock_;
  Random& random_;
  // What is being asked.
  std::deque<TillQuestion> questions_;
  std::optional<AskedRefund> asked_refund_;
  std::optional<AskedName> asked_name_;
  std::optional<Customer> name_;
  std::optional<Wants> wants_;
  /// The invoice of the last refund, if head office had nothing to say: the supervisor's PIN that
  /// follows is not kept waiting once more.
  std::string asked_in_vain_;
  bool unknown_there_ = false;  ///< and that was its word
};

}  // namespace tillsight::app
