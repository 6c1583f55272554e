#include "tillsight/app/no_core_dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tillsight::app {

void forbid_core_dumps() {
  // Each is enough where the other is not: a pipe as core pattern passes over the limit, and
  // execve() of another program over the flag.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace tillsight::app
