#include "tests/layering/layers.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tillsight/core/format.hpp"

namespace tillsight::house {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

std::set<std::string> backquoted(const std::string& cell) {
  std::set<std::string> words;
  const std::vector<std::string> parts = split(cell, '`');
  for (std::size_t i = 1; i < parts.size(); i += 2) words.insert(parts[i]);
  return words;
}

/// `#include "x"` or `#include <x>` of a line.
struct Include {
  std::string target;
  bool quoted = false;
};
std::optional<Include> include_of(std::string_view line) {
  constexpr std::string_view kDirective = "#include ";
  if (!line.starts_with(kDirective)) return std::nullopt;
  line.remove_prefix(kDirective.size());
  const bool quoted = line.starts_with('"');
  const auto end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), quoted};
}

class Checker {
 public:
  Checker(const std::vector<Layer>& layers, const ThirdParties& third_parties)
      : layers_(layers), third_parties_(third_parties) {}

  void check(const SourceFile& file) {
    const bool is_public = file.path.starts_with("include/");
    const std::string folder = part(file.path, is_public ? 2 : 1);
    const auto layer = std::ranges::find(layers_, folder, &Layer::folder);
    if (layer == layers_.end()) {
      report(file, 0, format("folder {} is not in the table of docs/architecture.md", folder));
      return;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto include = include_of(file.lines[i]);
      if (!include) continue;
      const std::string why =
          include->quoted ? own(*layer, include->target) : foreign(*layer, file, include->target);
      if (!why.empty()) report(file, i + 1, why);
    }
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  void report(const SourceFile& file, std::size_t line, const std::string& why) {
    found_.push_back(format("{}:{}: {}", file.path, line, why));
  }

  static std::string own(const Layer& layer, const std::string& target) {
    if (!target.starts_with("tillsight/")) {
      const bool beside_it = target.find('/') == std::string::npos;
      if (beside_it || part(target, 0) == layer.folder) return {};
      return format("\"{}\" is not a header of src/{}; private headers stay in their folder",
                    target, layer.folder);
    }
    const std::string other = part(target, 1);
    const std::string header = target.substr(std::string_view("tillsight/").size());
    if (other == layer.folder || layer.may_include.contains(other) ||
        layer.may_include.contains(header)) {
      return {};
    }
    return format("{} may not include {}", layer.folder, header);
  }

  std::string foreign(const Layer& layer, const SourceFile& file, const std::string& target) const {
    for (const auto& [prefix, library] : third_parties_.by_prefix) {
      if (!target.starts_with(prefix)) continue;
      if (!layer.third_parties.contains(library)) {
        return format("{} may not use {}", layer.folder, library);
      }
      return file.path.ends_with(".cpp") ? "" : in_header(file, library);
    }
    const bool standard = target.find_first_of("/.") == std::string::npos;
    if (standard || is_system(target)) return {};
    return format("<{}> is unknown; name its library in tests/layering/third_party.txt", target);
  }

  std::string in_header(const SourceFile& file, const std::string& library) const {
    if (!file.path.starts_with("include/")) return {};
    const auto exception = third_parties_.public_in.find(
        file.path.substr(std::string_view("include/tillsight/").size()));
    if (exception != third_parties_.public_in.end() && exception->second == library) return {};
    return format("{} belongs in a .cpp, not in a public header", library);
  }

  bool is_system(const std::string& target) const {
    return std::ranges::any_of(third_parties_.system, [&](const std::string& known) {
      return known.ends_with('/') ? target.starts_with(known) : target == known;
    });
  }

  const std::vector<Layer>& layers_;
  const ThirdParties& third_parties_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<Layer> read_layers(const SourceFile& architecture) {
  std::vector<Layer> layers;
  for (const std::string& line : architecture.lines) {
    const std::vector<std::string> cells = split(line, '|');
    if (cells.size() != 6 || !line.starts_with("| `")) continue;
    Layer layer{*backquoted(cells[1]).begin(), backquoted(cells[3]), backquoted(cells[4])};
    if (cells[3] == " everything above ") {
      for (const Layer& above : layers) layer.may_include.insert(above.folder);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

ThirdParties read_third_parties(const SourceFile& list) {
  ThirdParties found;
  for (const std::string& line : list.lines) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> words = split(line, ' ');
    std::erase(words, "");
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[0] == "system:") {
        found.system.insert(words[i]);
      } else if (words[0] == "public:") {
        const std::vector<std::string> pair = split(words[i], '=');
        found.public_in.emplace(pair.front(), pair.back());
      } else {
        found.by_prefix.emplace(words[i], words[0].substr(0, words[0].size() - 1));
      }
    }
  }
  return found;
}

std::vector<std::string> mistakes(const std::vector<Layer>& layers) {
  std::vector<std::string> found;
  std::set<std::string> above;
  for (const Layer& layer : layers) {
    for (const std::string& other : layer.may_include) {
      if (!above.contains(part(other, 0))) {
        found.push_back(format("{} names {}, which is no row above it", layer.folder, other));
      }
    }
    if (!above.insert(layer.folder).second) found.push_back(layer.folder + " has two rows");
  }
  return found;
}

std::vector<std::string> violations(const fs::path& root, const std::vector<Layer>& layers,
                                    const ThirdParties& third_parties) {
  Checker checker(layers, third_parties);
  for (const char* folder : {"include/tillsight", "src"}) {
    for (const SourceFile& file : read_tree(root, folder, {".hpp", ".cpp"})) checker.check(file);
  }
  return checker.take();
}

}  // namespace tillsight::house
