#include "tests/faults/memory_faults.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <new>

namespace tillsight::faults {
namespace {

MemoryFault g_fault;
MemoryLog* g_log = nullptr;
sqlite3_mem_methods g_sqlite;

bool is_refused(Memory whose) {
  if (g_log == nullptr || whose != g_fault.whose) return false;
  const std::int64_t n = ++g_log->allocations;
  return g_fault.at > 0 && (g_fault.for_ever ? n >= g_fault.at : n == g_fault.at);
}

void* sqlite_malloc(int bytes) {
  return is_refused(Memory::kSqlite) ? nullptr : g_sqlite.xMalloc(bytes);
}

void* sqlite_realloc(void* old, int bytes) {
  return is_refused(Memory::kSqlite) ? nullptr : g_sqlite.xRealloc(old, bytes);
}

/// Must happen before SQLite is used for the first time.
const bool g_installed = [] {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &g_sqlite);
  sqlite3_mem_methods ours = g_sqlite;
  ours.xMalloc = sqlite_malloc;
  ours.xRealloc = sqlite_realloc;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}();

}  // namespace

void refuse(const MemoryFault& fault, MemoryLog& log) {
  if (!g_installed) std::abort();
  g_fault = fault;
  g_log = &log;
  log.allocations = 0;
}

void refuse_no_more() {
  g_log = nullptr;
}

}  // namespace tillsight::faults

void* operator new(std::size_t bytes) {
  using namespace tillsight::faults;
  void* const memory = is_refused(Memory::kOurs) ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
