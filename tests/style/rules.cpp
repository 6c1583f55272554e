#include "tests/style/rules.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>

#include "tillsight/core/format.hpp"

namespace tillsight::house {
namespace {

std::size_t columns(std::string_view line) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  return line.size() - static_cast<std::size_t>(std::ranges::count_if(line, continues));
}

template <typename Breaks>
Breaches lines_that(const Files& files, std::string_view why, Breaks breaks) {
  Breaches found;
  for (const SourceFile& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (breaks(file.lines[i])) found.push_back(format("{}:{}: {}", file.path, i + 1, why));
    }
  }
  return found;
}

Breaches lines_with(const Files& files, const char* pattern, std::string_view why) {
  const std::regex regex(pattern, std::regex::optimize);
  return lines_that(files, why,
                    [&](const std::string& line) { return std::regex_search(line, regex); });
}

bool names(const SourceFile& cmake_list, std::string_view source) {
  constexpr std::string_view kBetween = " \t()";
  return std::ranges::any_of(cmake_list.lines, [&](std::string_view line) {
    for (auto at = line.find(source); at != std::string_view::npos;
         at = line.find(source, at + 1)) {
      const auto end = at + source.size();
      const bool begins = at == 0 || kBetween.find(line[at - 1]) != std::string_view::npos;
      const bool ends = end == line.size() || kBetween.find(line[end]) != std::string_view::npos;
      if (begins && ends) return true;
    }
    return false;
  });
}

/// Whether `cmake_list` stands above `source` and names it.
bool builds(const SourceFile& cmake_list, const SourceFile& source) {
  const std::string folder = cmake_list.path.substr(0, cmake_list.path.rfind('/') + 1);
  return source.path.starts_with(folder) &&
         names(cmake_list, std::string_view(source.path).substr(folder.size()));
}

}  // namespace

Breaches long_lines(const Files& files) {
  return lines_that(files, format("more than {} columns", kColumnsMax),
                    [](const std::string& line) { return columns(line) > kColumnsMax; });
}

Breaches long_files(const Files& files) {
  Breaches found;
  for (const SourceFile& file : files) {
    if (file.lines.size() > kLinesMax) {
      found.push_back(format("{}: {} lines, more than {}: is it still one idea?", file.path,
                             file.lines.size(), kLinesMax));
    }
  }
  return found;
}

// The words are put together so that this file does not break its own rules.
// clang-format off
Breaches undone_work(const Files& files) {
  return lines_with(files, "\\b(TO" "DO|FIX" "ME|X" "XX)\\b", "work left undone");
}

Breaches sleeping_or_disabled_tests(const Files& tests) {
  return lines_with(tests, "\\b(sleep" "_for|sleep" "_until|u" "sleep|DIS" "ABLED_)",
                    "tests neither sleep nor are switched off");
}

Breaches shared_folders_in_tests(const Files& tests) {
  return lines_with(tests, "testing::Temp" "Dir|\"/t" "mp/", "two tests at once share this path");
}
// clang-format on

Breaches headers_without_contract(const Files& headers) {
  Breaches found;
  for (const SourceFile& header : headers) {
    if (header.lines.empty() || !header.lines.front().starts_with("/// \\file")) {
      found.push_back(header.path + ":1: opens without `/// \\file` and its purpose");
    }
  }
  return found;
}

Breaches sources_outside_the_build(const Files& sources, const Files& cmake_lists) {
  Breaches found;
  for (const SourceFile& source : sources) {
    const bool built = std::ranges::any_of(
        cmake_lists, [&](const SourceFile& list) { return builds(list, source); });
    if (!built) found.push_back(source.path + ": named in no CMakeLists.txt");
  }
  return found;
}

Breaches unknown_commands(const Files& documents, const SourceFile& dev) {
  std::set<std::string> known;
  const std::regex arm("^  ([a-z |]+)\\) ");
  const std::regex word("[a-z]+");
  const std::sregex_iterator end;
  for (const std::string& line : dev.lines) {
    std::smatch names;
    if (!std::regex_search(line, names, arm)) continue;
    const std::string list = names[1];
    for (std::sregex_iterator it(list.begin(), list.end(), word); it != end; ++it)
      known.insert(it->str());
  }
  const std::regex call("\\./dev ([a-z]+)");
  return lines_that(documents, "./dev has no such command", [&](const std::string& line) {
    return std::any_of(std::sregex_iterator(line.begin(), line.end(), call), end,
                       [&](const std::smatch& m) { return !known.contains(m[1]); });
  });
}

Breaches broken_links(const Files& documents, const std::filesystem::path& root) {
  Breaches found;
  const std::regex link("\\]\\(([^):#]+)(#[^)]*)?\\)");
  for (const SourceFile& document : documents) {
    const std::filesystem::path folder = (root / document.path).parent_path();
    const Breaches broken =
        lines_that({document}, "links to a file that is not there", [&](const std::string& line) {
          return std::any_of(
              std::sregex_iterator(line.begin(), line.end(), link), std::sregex_iterator(),
              [&](const std::smatch& m) { return !std::filesystem::exists(folder / m.str(1)); });
        });
    found.insert(found.end(), broken.begin(), broken.end());
  }
  return found;
}

Breaches addresses(const Files& scripts) {
  return lines_with(scripts, "https?://(?!localhost|127\\.0\\.0\\.1)", "an address of a host");
}

}  // namespace tillsight::house
