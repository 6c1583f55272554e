#include "tests/layering/source_tree.hpp"

#include <algorithm>
#include <fstream>

namespace tillsight::house {
namespace fs = std::filesystem;

SourceFile read_source(const fs::path& root, const std::string& path) {
  SourceFile file{path, {}};
  std::ifstream in(root / path);
  for (std::string line; std::getline(in, line);) file.lines.push_back(line);
  return file;
}

std::vector<SourceFile> read_tree(const fs::path& root, std::string_view folder,
                                  const std::vector<std::string>& extensions) {
  std::vector<SourceFile> files;
  if (!fs::exists(root / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string extension = entry.path().extension();
    const bool wanted = extensions.empty() || std::ranges::count(extensions, extension) > 0;
    if (!entry.is_regular_file() || !wanted) continue;
    files.push_back(read_source(root, entry.path().lexically_relative(root).generic_string()));
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::string part(std::string_view path, int index) {
  for (; index > 0; --index) {
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
  return std::string(path.substr(0, path.find('/')));
}

}  // namespace tillsight::house
