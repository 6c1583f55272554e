/// \file
/// Who stands at the till, and who may vouch for what a clerk alone may not do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"

namespace tillsight {

enum class Role {
  kClerk,
  kSupervisor,  ///< also discounts, unlinked refunds and training
};
std::string_view name(Role role);  ///< "clerk", "supervisor"
Result<Role> parse_role(std::string_view text);

/// Who vouches for an action. It comes in with the PIN that was typed; whoever takes actions in
/// puts the cashier whose PIN it is in its place, or rejects the action. The counter never sees
/// one.
struct Approval {
  std::string pin;      ///< as typed; empty: none, or proven
  std::string cashier;  ///< whose PIN it was; empty: not proven
  Role role = Role::kClerk;
};

/// Who may sign in, as the counter knows them.
struct Roster {
  struct Member {
    std::string name;
    Role role = Role::kClerk;
    friend bool operator==(const Member&, const Member&) = default;
  };
  bool asked = false;  ///< there is a cashiers file: nobody sells without signing in
  std::vector<Member> members;
  friend bool operator==(const Roster&, const Roster&) = default;
};

}  // namespace tillsight
