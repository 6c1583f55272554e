#include "detect/labels.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

struct Entry {
  int id = 0;
  std::string label;
};

Result<Entry> parse_line(const std::string& line) {
  Entry entry;
  const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), entry.id);
  const bool blank_follows = end != line.data() + line.size() && *end == ' ';
  if (failed != std::errc() || !blank_follows || entry.id < 0 || entry.id > kClassIdMax) {
    return error(Code::kInvalidArgument,
                 "'{}' does not begin with a class id from 0 to {} and a blank", line, kClassIdMax);
  }
  entry.label = line.substr(static_cast<std::size_t>(end + 1 - line.data()));
  return entry;
}

Status insert(Entry entry, std::vector<std::string>& labels) {
  const auto index = static_cast<std::size_t>(entry.id);
  if (labels.size() <= index) labels.resize(index + 1);
  if (!labels[index].empty()) {
    return error(Code::kInvalidArgument, "class {} has a label already", entry.id);
  }
  if (entry.label.empty() || std::ranges::find(labels, entry.label) != labels.end()) {
    return error(Code::kInvalidArgument, "label '{}' is empty or used before", entry.label);
  }
  labels[index] = std::move(entry.label);
  return {};
}

}  // namespace

Result<std::vector<std::string>> load_labels(const std::filesystem::path& file, int count) {
  TILLSIGHT_ASSIGN(const std::string text, read_file(file));
  std::istringstream lines(text);
  std::vector<std::string> labels;
  std::string line;
  int found = 0;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const std::string where = format("{}:{}", file.string(), number);
    auto entry = parse_line(line);
    if (!entry.ok()) return entry.error().with_context(where);
    const Status inserted = insert(std::move(entry).value(), labels);
    if (!inserted.ok()) return inserted.error().with_context(where);
    ++found;
  }
  if (found != count) {
    return error(Code::kInvalidArgument,
                 "{}: it holds {} labels, the manifest says {}; give the labels the network was "
                 "trained with",
                 file.string(), found, count);
  }
  return labels;
}

}  // namespace tillsight
