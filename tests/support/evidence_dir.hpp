/// \file
/// A folder for one test that stays, and says where it is, if the test has failed.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "tillsight/core/check.hpp"

namespace tillsight::test {

class EvidenceDir {
 public:
  EvidenceDir() {
    std::string name = (std::filesystem::temp_directory_path() / "tillsight-XXXXXX").string();
    TILLSIGHT_CHECK(::mkdtemp(name.data()) != nullptr, name);
    path_ = name;
  }
  ~EvidenceDir() {
    if (testing::Test::HasFailure()) {
      std::cout << "databases and logs are kept in " << path_.string() << '\n';
      return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  EvidenceDir(const EvidenceDir&) = delete;
  EvidenceDir& operator=(const EvidenceDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tillsight::test
