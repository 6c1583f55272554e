/// \file
/// What the counter alone cannot know of an action: whose phone this is, which invoice this number
/// stands for, whose PIN was typed. An action passes here, in its turn, before the counter sees it;
/// the PIN goes no further.
///
/// **Ownership** `journal` and `desk` must outlive it. **Threads** thread-bound (the station
/// thread's).
#pragma once

#include "app/customer_lookup.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/journal/pin_desk.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::app {

class Reception {
 public:
  Reception(CustomerLookup customers, JournalReader& journal, PinDesk& desk)
      : customers_(std::move(customers)), journal_(journal), desk_(desk) {}

  /// Whether complete() may have something to add.
  static bool completes(const ClerkAction& action);
  /// \return `action` with what is known, or a Reject that tells the clerk why not.
  ClerkAction complete(ClerkAction action);

 private:
  ClerkAction with_sold(ClerkAction action);
  Status prove(ClerkAction& action);

  CustomerLookup customers_;
  JournalReader& journal_;
  PinDesk& desk_;
};

}  // namespace tillsight::app
