#include "tillsight/domain/cashier.hpp"

namespace tillsight {

std::string_view name(Role role) {
  switch (role) {
    case Role::kClerk: return "clerk";
    case Role::kSupervisor: return "supervisor";
  }
  check_failed("role is known", "a cashier has a role outside its enumeration");
}

Result<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::kClerk, Role::kSupervisor}) {
    if (name(role) == text) return role;
  }
  return error(Code::kInvalidArgument, "'{}' is no role; use clerk or supervisor", text);
}

}  // namespace tillsight
