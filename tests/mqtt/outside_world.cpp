#include "tests/mqtt/outside_world.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace tillsight::outside_world {
namespace {

std::atomic<long> g_wall_shift_s{0};
std::atomic<long> g_passed_s{0};
std::atomic<bool> g_name_service{true};

}  // namespace

void shift_wall_clock(std::chrono::seconds by) {
  g_wall_shift_s = by.count();
}
void let_time_pass(std::chrono::seconds by) {
  g_passed_s += by.count();
}
void set_name_service(bool works) {
  g_name_service = works;
}
Restored::~Restored() {
  g_wall_shift_s = 0;
  g_name_service = true;  // what has passed has passed: that clock never goes back
}

}  // namespace tillsight::outside_world

// NOLINTBEGIN(readability-identifier-naming): the system's names
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  using namespace tillsight::outside_world;
  const long status = syscall(SYS_clock_gettime, clock, now);
  if (status == 0 && clock == CLOCK_REALTIME) now->tv_sec += g_wall_shift_s;
  if (status == 0 && (clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME)) {
    now->tv_sec += g_passed_s;
  }
  return static_cast<int>(status);
}

extern "C" time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  if (!tillsight::outside_world::g_name_service) return EAI_AGAIN;
  static const Real real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}
// NOLINTEND(readability-identifier-naming)
