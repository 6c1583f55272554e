#include "app/settings_text.hpp"

#include <algorithm>
#include <vector>

namespace tillsight::app {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Whether a line is `name = …` or `# name = …`.
bool sets(std::string_view line, std::string_view name) {
  if (line.starts_with("# ")) line.remove_prefix(2);
  return line.starts_with(name) && line.substr(name.size()).starts_with(" = ");
}

/// What follows the value: blanks and a comment, or nothing.
std::string_view comment_of(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = line.find('=') + 1; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted) {
      return line.substr(line.find_last_not_of(' ', i - 1) + 1);
    }
  }
  return {};
}

}  // namespace

Status SettingsText::set(std::string_view key, std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      return error(Code::kInvalidArgument, "{}: the value holds a control character", key);
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return set_raw(key, quoted + '"');
}

Status SettingsText::set(std::string_view key, int value) {
  return set_raw(key, std::to_string(value));
}

Status SettingsText::set_raw(std::string_view key, const std::string& value) {
  const std::size_t dot = key.find('.');
  const std::string table = format("[{}]", key.substr(0, dot));
  const std::string_view name = key.substr(dot + 1);
  bool inside = false;
  bool done = false;
  std::string out;
  for (std::string line : lines_of(text_)) {
    if (line == "# " + table) line = table;  // a table that the example leaves out comes into use
    if (line.starts_with('[')) inside = line == table;
    if (inside && !done && sets(line, name)) {
      out += format("{} = {}{}\n", name, value, comment_of(line));
      done = true;
    } else {
      out += line + '\n';
    }
  }
  if (!done) return error(Code::kNotFound, "{}: no such key in the example of the settings", key);
  text_ = std::move(out);
  return {};
}

}  // namespace tillsight::app
