/// \file
/// For daemons whose memory holds customers: a crash leaves no core file, and no other user's
/// process reads the memory.
#pragma once

namespace tillsight::app {

/// Call first in the process. Switched off for good: the limit cannot be raised again, and the
/// kernel dumps to nobody, whatever the system's core pattern says.
void forbid_core_dumps();

}  // namespace tillsight::app
