/// \file
/// Lets a clerk type a returning customer's phone alone: the name that this till remembers is
/// filled in before the counter sees the action.
///
/// **Threads** thread-bound: each thread that takes clerks' actions has one of its own.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/journal/customers.hpp"

namespace tillsight::app {

class CustomerLookup {
 public:
  /// \param region where national phone numbers belong.
  CustomerLookup(CustomerBook book, std::string region)
      : book_(std::move(book)), region_(std::move(region)) {}

  /// Whether complete() may have something to add.
  static bool completes(const ClerkAction& action);
  /// \return `action`; one that sets a customer by phone alone, with the name that is remembered.
  /// What cannot be found out leaves it as it is: the sale does not depend on it.
  ClerkAction complete(ClerkAction action);
  struct Looked {
    std::string phone;      ///< E.164
    bool is_known = false;  ///< to this till, which has filled in the name
  };
  /// \return whose phone the last action had, if it was a phone alone; once.
  std::optional<Looked> take_looked() { return std::exchange(looked_, std::nullopt); }

 private:
  CustomerBook book_;
  std::string region_;
  std::string trouble_;
  std::optional<Looked> looked_;
};

}  // namespace tillsight::app
