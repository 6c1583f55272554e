#include "tillsight/core/config.hpp"

#include <stdexcept>

// What toml++ 3.3 takes for impossible, a broken file does ("[ =" for one): as an assertion it
// would end the process, and with NDEBUG the optimiser would rely on it. Here it is a mistake.
#undef NDEBUG
#define TOML_ASSERT(expr) \
  if (!(expr)) throw std::invalid_argument("this is no TOML; a name or a value is missing")
#include <toml++/toml.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

/// Levenshtein distance, to guess which key a typo meant.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

/// \return the first line up to which the text cannot be read, for mistakes that come without one.
std::int64_t first_broken_line(std::string_view toml) {
  std::int64_t line = 1;
  for (auto end = toml.find('\n'); end != std::string_view::npos; end = toml.find('\n', end + 1)) {
    try {
      [[maybe_unused]] const auto table = toml::parse(toml.substr(0, end));
    } catch (const std::invalid_argument&) {
      break;
    } catch (const toml::parse_error&) {  // a text over several lines, not ended yet
    }
    ++line;
  }
  return line;
}

}  // namespace

struct ConfigReader::Document {
  toml::table root;
  std::string name;
  std::filesystem::path folder;
  std::set<std::string, std::less<>> asked;
  std::set<std::string, std::less<>> tables_of_data;
  std::optional<Error> mistake;
  std::optional<Error> missing;  // said last: a typo elsewhere is the likelier cause

  void remember(std::string_view key, const toml::node* at, std::string_view why) {
    if (mistake) return;
    const auto line = at != nullptr ? at->source().begin.line : 0;
    const std::string where = line > 0 ? format("{}:{}", name, line) : name;
    mistake = error(Code::kInvalidArgument, "{}: {}: {}", where, key, why);
  }

  const toml::node* find(std::string_view key) {
    asked.emplace(key);
    return root.at_path(key).node();
  }

  /// \return whether there was a value of the right type.
  template <typename T>
  bool read(std::string_view key, T& out, std::string_view expected) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    const auto value = node->value_exact<T>();
    if (!value) {
      remember(key, node, format("is not {}", expected));
      return false;
    }
    out = *value;
    return true;
  }

  template <typename T>
  void read_in_range(std::string_view key, T& out, T least, T most, std::string_view expected) {
    T value{};
    if (!read(key, value, expected)) return;
    if (value < least || value > most) {
      remember(key, find(key), format("{} is out of range; use {} to {}", value, least, most));
    } else {
      out = value;
    }
  }

  void reject_unknown(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      if (asked.contains(path) || tables_of_data.contains(path)) continue;
      if (const toml::table* inner = node.as_table(); inner != nullptr && is_known_table(path)) {
        reject_unknown(*inner, path + ".");
      } else {
        remember(path, &node, format("is not a setting{}", suggestion(path)));
      }
    }
  }

  bool is_known_table(const std::string& path) const {
    const auto next = asked.lower_bound(path + ".");
    return next != asked.end() && next->starts_with(path + ".");
  }

  std::string suggestion(std::string_view key) const {
    const auto nearest = std::ranges::min_element(
        asked, {}, [&](const std::string& known) { return edit_distance(key, known); });
    if (nearest == asked.end() || edit_distance(key, *nearest) > 3) return "";
    return format("; did you mean {}?", *nearest);
  }
};

ConfigReader::ConfigReader(std::unique_ptr<Document> document) : document_(std::move(document)) {}
ConfigReader::ConfigReader(ConfigReader&&) noexcept = default;
ConfigReader& ConfigReader::operator=(ConfigReader&&) noexcept = default;
ConfigReader::~ConfigReader() = default;

Result<ConfigReader> ConfigReader::load(const std::filesystem::path& file) {
  TILLSIGHT_ASSIGN(const std::string text, read_file(file));
  TILLSIGHT_ASSIGN(ConfigReader reader, parse(text, file.string()));
  reader.document_->folder = file.parent_path();
  return reader;
}

Result<ConfigReader> ConfigReader::parse(std::string_view toml, std::string name) {
  auto document = std::make_unique<Document>();
  document->name = std::move(name);
  try {
    document->root = toml::parse(toml);
  } catch (const toml::parse_error& wrong) {
    return error(Code::kInvalidArgument, "{}:{}: {}", document->name, wrong.source().begin.line,
                 wrong.description());
  } catch (const std::invalid_argument& wrong) {
    return error(Code::kInvalidArgument, "{}:{}: {}", document->name, first_broken_line(toml),
                 wrong.what());
  }
  return ConfigReader(std::move(document));
}

void ConfigReader::optional(std::string_view key, std::string& out) {
  document_->read(key, out, "a text in quotes");
}

void ConfigReader::optional(std::string_view key, bool& out) {
  document_->read(key, out, "true or false");
}

void ConfigReader::optional(std::string_view key, std::int64_t& out, std::int64_t least,
                            std::int64_t most) {
  document_->read_in_range(key, out, least, most, "a whole number");
}

void ConfigReader::optional(std::string_view key, int& out, int least, int most) {
  std::int64_t wide = out;
  document_->read_in_range<std::int64_t>(key, wide, least, most, "a whole number");
  out = static_cast<int>(wide);
}

void ConfigReader::optional(std::string_view key, double& out, double least, double most) {
  const toml::node* node = document_->find(key);
  if (node != nullptr && node->is_integer()) {  // "1" where "1.0" is meant is no mistake
    const auto whole = static_cast<double>(node->as_integer()->get());
    if (whole < least || whole > most) {
      return document_->remember(key, node, format("is out of range; use {} to {}", least, most));
    }
    out = whole;
    return;
  }
  document_->read_in_range(key, out, least, most, "a number");
}

void ConfigReader::optional(std::string_view key, std::filesystem::path& out) {
  std::string text;
  document_->read(key, text, "a path in quotes");
  if (!text.empty()) out = document_->folder / text;
}

void ConfigReader::optional(std::string_view key, std::vector<std::string>& out) {
  const toml::node* node = document_->find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr || !(array->empty() || array->is_homogeneous(toml::node_type::string))) {
    return document_->remember(key, node, R"(is not a list of texts such as ["person", "bird"])");
  }
  out.clear();
  for (const toml::node& element : *array) out.push_back(element.as_string()->get());
}

void ConfigReader::optional(std::string_view key, std::chrono::milliseconds& out,
                            std::chrono::milliseconds least, std::chrono::milliseconds most) {
  std::int64_t count = out.count();
  document_->read_in_range<std::int64_t>(key, count, least.count(), most.count(),
                                         "a whole number of milliseconds");
  out = std::chrono::milliseconds(count);
}

void ConfigReader::expect(std::string_view key) {
  if (document_->find(key) != nullptr || document_->missing) return;
  document_->missing = error(Code::kInvalidArgument, "{}: {}: is missing", document_->name, key);
}

std::vector<std::string> ConfigReader::keys(std::string_view table) {
  document_->tables_of_data.emplace(table);
  std::vector<std::pair<toml::source_index, std::string>> by_line;
  const toml::node* node = document_->root.at_path(table).node();
  if (node == nullptr) return {};
  if (const toml::table* entries = node->as_table()) {
    for (const auto& [key, value] : *entries) {
      by_line.emplace_back(value.source().begin.line, key.str());
    }
  } else {
    document_->remember(table, node, "is not a table");
  }
  std::ranges::sort(by_line);
  std::vector<std::string> names;
  for (auto& [line, key] : by_line) names.push_back(std::move(key));
  return names;
}

void ConfigReader::reject(std::string_view key, std::string_view why) {
  document_->remember(key, document_->find(key), why);
}

Status ConfigReader::finish() {
  document_->reject_unknown(document_->root, "");
  if (document_->mistake) return *document_->mistake;
  if (document_->missing) return *document_->missing;
  return {};
}

}  // namespace tillsight
