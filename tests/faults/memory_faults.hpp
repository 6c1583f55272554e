/// \file
/// Memory that is refused: to SQLite, which answers with an error, and to our own code, which ends
/// by std::bad_alloc. A program that links memory_faults.cpp has its own operator new, and gives
/// SQLite its memory.
#pragma once

#include <atomic>
#include <cstdint>

namespace tillsight::faults {

enum class Memory { kSqlite, kOurs };

struct MemoryFault {
  Memory whose = Memory::kSqlite;
  std::int64_t at = 0;    ///< the Nth allocation from now is refused; 0: none, they are counted
  bool for_ever = false;  ///< and all that follow
};

/// Shared with the child that is refused.
struct MemoryLog {
  std::atomic<std::int64_t> allocations = 0;
};

/// \param log must outlive the arming.
void refuse(const MemoryFault& fault, MemoryLog& log);
void refuse_no_more();

}  // namespace tillsight::faults
