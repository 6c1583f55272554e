#include "cli/caller.hpp"

#include <pwd.h>
#include <unistd.h>

#include "tillsight/core/format.hpp"

namespace tillsight::cli {

std::string caller() {
  const uid_t uid = ::getuid();
  const passwd* const entry = ::getpwuid(uid);
  return entry == nullptr ? format("uid {}", uid) : entry->pw_name;
}

}  // namespace tillsight::cli
