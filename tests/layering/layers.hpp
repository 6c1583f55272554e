/// \file
/// The include table of docs/architecture.md and the check that the source tree obeys it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/layering/source_tree.hpp"

namespace tillsight::house {

/// One row of the table. `may_include` holds folders ("domain") and single headers
/// ("capture/frame.hpp").
struct Layer {
  std::string folder;
  std::set<std::string> may_include;
  std::set<std::string> third_parties;
};

/// What the outside world's includes are called (third_party.txt).
struct ThirdParties {
  std::map<std::string, std::string> by_prefix;  ///< "spdlog/" → "spdlog"
  std::set<std::string> system;                  ///< "unistd.h", "sys/"
  std::map<std::string, std::string> public_in;  ///< "core/format.hpp" → "fmt"
};

/// Rows in the order of the document. A row is a table line whose first cell is a folder in
/// backquotes; in its third and fourth cells only what stands in backquotes counts, and "everything
/// above".
std::vector<Layer> read_layers(const SourceFile& architecture);
ThirdParties read_third_parties(const SourceFile& list);

/// Why the table itself is wrong: a row may name only rows above it, so that no cycle can exist.
std::vector<std::string> mistakes(const std::vector<Layer>& layers);

/// Every include under include/tillsight and src that the table forbids, as "path:line: why".
std::vector<std::string> violations(const std::filesystem::path& root,
                                    const std::vector<Layer>& layers,
                                    const ThirdParties& third_parties);

}  // namespace tillsight::house
