// Goal: no bytes from outside crash a decoder, and what a fuzzer once found stays fixed.
// Method: every file of the corpus, and seeded damage to each, goes through its decoder; laws are
// checked inside the targets. Under asan this is the regression form of `./dev fuzz`.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "bench/figure.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/random.hpp"

namespace tillsight::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kDamagedPerFile = 200;
const fs::path kCorpus = fs::path(source_dir()) / "tests/fuzz/corpus";

std::vector<std::string> corpus(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kCorpus / target)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> contents;
  for (const fs::path& file : files) contents.push_back(read_file(file).value());
  return contents;
}

/// One to four of: a byte changed, a piece cut out, a piece said twice, the end missing.
std::string damaged(std::string bytes, Random& random) {
  for (auto left = 1 + random.next_u64() % 4; left > 0 && !bytes.empty(); --left) {
    const std::size_t at = random.next_u64() % bytes.size();
    const std::size_t length = 1 + random.next_u64() % std::min<std::size_t>(32, bytes.size() - at);
    switch (random.next_u64() % 4) {
      case 0: bytes[at] = static_cast<char>(random.next_u64()); break;
      case 1: bytes.erase(at, length); break;
      case 2: bytes.insert(at, bytes.substr(at, length)); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

TEST(Decoders, SurviveTheirCorpusAndDamageToIt) {
  log::set_level(log::Level::kError);
  SeededRandom random(11);
  int inputs = 0;
  for (const Target& target : targets()) {
    // Said before, so that a crash has a name.
    std::cout << "decoder " << target.name << std::endl;
    const std::vector<std::string> files = corpus(target.name);
    ASSERT_GE(files.size(), 2u) << "a decoder without examples is not tested";
    for (const std::string& file : files) {
      target.run(file);
      for (int i = 0; i < kDamagedPerFile; ++i) target.run(damaged(file, random));
      inputs += 1 + kDamagedPerFile;
    }
  }
  bench::print({"security.decoder_crashes", 0, "of_" + std::to_string(inputs) + "_hostile_inputs",
                bench::Goal::kAtMost, 0});
}

}  // namespace
}  // namespace tillsight::fuzz
