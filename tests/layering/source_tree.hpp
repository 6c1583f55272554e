/// \file
/// The project's own files, as the layering and style tests read them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tillsight::house {

/// One text file of the tree.
struct SourceFile {
  std::string path;  ///< from the root, with '/'
  std::vector<std::string> lines;
};

/// Files below `root`/`folder` whose extension is one of `extensions` (".hpp"; all if empty), by
/// path. A folder that does not exist has none.
std::vector<SourceFile> read_tree(const std::filesystem::path& root, std::string_view folder,
                                  const std::vector<std::string>& extensions);

SourceFile read_source(const std::filesystem::path& root, const std::string& path);

/// The nth part of a path, from 0: part("src/core/log.cpp", 1) is "core".
std::string part(std::string_view path, int index);

}  // namespace tillsight::house
