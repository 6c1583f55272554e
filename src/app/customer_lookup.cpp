#include "app/customer_lookup.hpp"

#include "tillsight/core/log.hpp"

namespace tillsight::app {

bool CustomerLookup::completes(const ClerkAction& action) {
  const auto* const set = std::get_if<action::SetCustomer>(&action);
  return set != nullptr && set->first_name.empty() && set->last_name.empty();
}

ClerkAction CustomerLookup::complete(ClerkAction action) {
  if (!completes(action)) return action;
  auto* const set = std::get_if<action::SetCustomer>(&action);
  const auto phone = normalise_phone(set->phone, region_);
  if (!phone.ok()) return action;  // the counter says what is wrong with it
  const auto known = book_.find(*phone);
  const std::string trouble = known.ok() ? "" : known.error().message();
  if (!trouble.empty() && trouble != trouble_) log::warning("station: customers: {}", trouble);
  trouble_ = trouble;
  const bool is_known = known.ok() && *known;
  if (is_known) {
    set->first_name = (*known)->first_name;
    set->last_name = (*known)->last_name;
  }
  looked_ = Looked{*phone, is_known};
  return action;
}

}  // namespace tillsight::app
