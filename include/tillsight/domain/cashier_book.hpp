/// \file
/// Who may sign in at a till, as `cashiers.json` holds them: names, roles and hashes of PINs.
///
/// One salt for the whole book, so that a PIN alone tells whose it is at the cost of one slow hash;
/// no two cashiers have the same PIN.
///
/// **Threads** thread-compatible. **Errors** kInvalidArgument for a name or PIN that cannot be,
/// kAlreadyExists, kNotFound; messages never hold a PIN.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/cashier.hpp"

namespace tillsight {

class CashierBook {
 public:
  struct Cashier {
    std::string name;
    Role role = Role::kClerk;
    bool disabled = false;
    Digest pin{};
  };

  explicit CashierBook(Random& random);
  static Result<CashierBook> parse(std::string_view json);
  std::string to_json() const;

  Status add(std::string_view name, Role role, std::string_view pin);
  Status set_pin(std::string_view name, std::string_view pin);
  /// Their name stays with what they sold, and their PIN with nobody.
  Status disable(std::string_view name);

  /// \return whose PIN it is; null: nobody's who may sign in. Takes a tenth of a second.
  const Cashier* who(std::string_view pin) const;
  const std::vector<Cashier>& cashiers() const { return cashiers_; }
  Roster roster() const;

 private:
  CashierBook() = default;
  Cashier* find(std::string_view name);
  Result<Digest> fresh_pin(Role role, std::string_view pin) const;

  std::string salt_;
  std::vector<Cashier> cashiers_;
};

/// A clerk's PIN has at least 4 digits, a supervisor's 6; at most 12.
Status check_pin(Role role, std::string_view pin);

}  // namespace tillsight
