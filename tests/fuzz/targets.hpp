/// \file
/// Every decoder of foreign bytes as a function that must end quietly, whatever it is given.
///
/// A target does more than survive: what a decoder has taken must come out of the encoder and go
/// in again as the same value. A broken law ends the process, as a crash would, so that libFuzzer
/// (fuzzer.cpp) and the replay of the corpus (corpus_test.cpp) both find it.
#pragma once

#include <span>
#include <string_view>

namespace tillsight::fuzz {

struct Target {
  std::string_view name;  ///< also of its folder in tests/fuzz/corpus
  void (*run)(std::string_view bytes);
};

std::span<const Target> targets();

}  // namespace tillsight::fuzz
