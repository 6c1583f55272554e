/// \file
/// Clock and name service of this test program, bent for the libraries in it: libmosquitto, OpenSSL
/// and the C++ runtime find these functions before the system's. Other processes, the broker among
/// them, see the world as it is.
#pragma once

#include <chrono>

namespace tillsight::outside_world {

/// What is added to the wall clock, for time() and clock_gettime().
void shift_wall_clock(std::chrono::seconds by);
/// What is added to the clock that never jumps: as if so much time had passed.
void let_time_pass(std::chrono::seconds by);
/// Whether names resolve.
void set_name_service(bool works);

/// Puts everything right at the end of a test.
struct Restored {
  Restored() = default;
  ~Restored();
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
};

}  // namespace tillsight::outside_world
