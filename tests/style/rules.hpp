/// \file
/// House rules that a machine can check. Each answers "path:line: why" for every breach.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/layering/source_tree.hpp"

namespace tillsight::house {

using Files = std::vector<SourceFile>;
using Breaches = std::vector<std::string>;

inline constexpr std::size_t kColumnsMax = 100;
inline constexpr std::size_t kLinesMax = 500;

Breaches long_lines(const Files& files);
Breaches long_files(const Files& files);
/// Notes to do something later: do it, or say it in the commit.
Breaches undone_work(const Files& files);
/// Tests wait for events, never for time to pass, and none is switched off.
Breaches sleeping_or_disabled_tests(const Files& tests);
/// Tests run side by side, so each has a folder of its own (tests/support/temp_dir.hpp).
Breaches shared_folders_in_tests(const Files& tests);
/// A public header opens with its contract.
Breaches headers_without_contract(const Files& headers);
/// Every .cpp is named in the CMakeLists.txt of its folder or of one above.
Breaches sources_outside_the_build(const Files& sources, const Files& cmake_lists);
/// Documents name only commands of ./dev that its `case` at the end knows.
Breaches unknown_commands(const Files& documents, const SourceFile& dev);
/// Links to files of the project lead somewhere.
Breaches broken_links(const Files& documents, const std::filesystem::path& root);
/// Packages come by name from the system's own mirrors.
Breaches addresses(const Files& scripts);

}  // namespace tillsight::house
