#include "tillsight/als/public_data.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tillsight/core/csv.hpp"

namespace tillsight::als {
namespace {

namespace fs = std::filesystem;

/// Numbers in the order in which they are first met.
class Index {
 public:
  std::uint32_t of(const std::string& id) {
    return numbers_.try_emplace(id, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

using Fields = std::vector<std::string>;

Fields split(std::string_view line, std::string_view separators, bool keep_empty) {
  Fields fields;
  while (true) {
    const std::size_t end = line.find_first_of(separators);
    const std::string_view field = line.substr(0, end);
    if (keep_empty || !field.empty()) fields.emplace_back(field);
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::optional<float> number(std::string_view text) {
  float value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

class Reader {
 public:
  explicit Reader(float least_rating) : least_rating_(least_rating) {}

  Result<std::vector<Rating>> read(const fs::path& file) {
    file_ = file;
    pairs_.clear();
    first_ = true;
    TILLSIGHT_ASSIGN(const std::string first, first_line());
    if (first.find(',') != std::string::npos) {
      TILLSIGHT_TRY(read_csv(file, [this](CsvRow& row) { return rating(row.line, row.fields); }));
    } else {
      const bool tabs = first.find('\t') != std::string::npos;
      TILLSIGHT_TRY(each_line([this, tabs](std::int64_t line, const std::string& text) {
        return tabs ? rating(line, split(text, "\t", true)) : list(line, text);
      }));
    }
    return std::move(pairs_);
  }

  std::uint32_t customers() const { return customers_.size(); }
  std::uint32_t items() const { return items_.size(); }
  std::size_t below_rating() const { return below_rating_; }

 private:
  Result<std::string> first_line() const {
    std::ifstream in(file_, std::ios::binary);
    if (!in || fs::is_directory(file_)) {
      return error(Code::kNotFound, "{}: cannot be read; check the path", file_.string());
    }
    for (std::string line; std::getline(in, line);) {
      if (line.find_first_not_of(" \t\r") != std::string::npos) return line;
    }
    return error(Code::kInvalidArgument, "{}: is empty", file_.string());
  }

  template <typename Each>
  Status each_line(Each each) {
    std::ifstream in(file_, std::ios::binary);
    std::int64_t line = 0;
    for (std::string text; std::getline(in, text);) {
      ++line;
      if (text.ends_with('\r')) text.pop_back();
      if (text.find_first_not_of(" \t") == std::string::npos) continue;
      TILLSIGHT_TRY(each(line, text));
    }
    if (in.bad()) return error(Code::kUnavailable, "{}: reading failed", file_.string());
    return {};
  }

  Error wrong(std::int64_t line, std::string_view why) const {
    return error(Code::kInvalidArgument, "{}:{}: {}", file_.string(), line, why);
  }

  Status add(std::int64_t line, const std::string& user, const std::string& item) {
    const auto printable = [](char c) { return static_cast<unsigned char>(c) >= ' '; };
    if (user.empty() || item.empty() || !std::ranges::all_of(user, printable) ||
        !std::ranges::all_of(item, printable)) {
      return wrong(line, "a user or an item without a name; is this a file of ratings?");
    }
    pairs_.push_back({customers_.of(user), items_.of(item), 1});
    return {};
  }

  /// `user item item …`; who has no item is a customer all the same.
  Status list(std::int64_t line, const std::string& text) {
    const Fields fields = split(text, " \t", false);
    const auto a_number = [](const std::string& field) { return number(field).has_value(); };
    if (!std::ranges::all_of(fields, a_number)) {
      return wrong(line, "in a file of `user item item …` all are numbers");
    }
    customers_.of(fields.front());
    for (std::size_t i = 1; i < fields.size(); ++i) {
      TILLSIGHT_TRY(add(line, fields.front(), fields[i]));
    }
    return {};
  }

  Status rating(std::int64_t line, const Fields& fields) {
    const bool first = std::exchange(first_, false);
    if (fields.size() < 2) return wrong(line, "has no second field; expected user,item[,rating]");
    if (fields.size() == 2) {
      // Names would do for users too; only the word tells them from a header.
      const bool header = first && fields[0].find("ser") != std::string::npos;
      return header ? Status() : add(line, fields[0], fields[1]);
    }
    const std::optional<float> value = number(fields[2]);
    if (!value) {
      if (first) return {};  // the header
      return wrong(line, format("'{}' is not a rating", fields[2]));
    }
    if (*value < least_rating_) {
      ++below_rating_;
      return {};
    }
    return add(line, fields[0], fields[1]);
  }

  const float least_rating_;
  fs::path file_;
  bool first_ = true;
  Index customers_;
  Index items_;
  std::vector<Rating> pairs_;
  std::size_t below_rating_ = 0;
};

/// A pair that a file has twice is one pair.
Result<Matrix> matrix_of(std::vector<Rating> pairs, std::uint32_t rows, std::uint32_t columns) {
  const auto key = [](const Rating& rating) { return std::pair(rating.row, rating.column); };
  std::ranges::sort(pairs, {}, key);
  const auto again = std::ranges::unique(pairs, {}, key);
  pairs.erase(again.begin(), again.end());
  return Matrix::from(pairs, rows, columns);
}

}  // namespace

Result<PublicData> read_public(const fs::path& train_file, const fs::path& test_file,
                               float least_rating) {
  Reader reader(least_rating);
  TILLSIGHT_ASSIGN(std::vector<Rating> train_pairs, reader.read(train_file));
  if (train_pairs.empty()) {
    return error(Code::kInvalidArgument, "{}: has no pair of user and item", train_file.string());
  }
  TILLSIGHT_ASSIGN(std::vector<Rating> test_pairs, reader.read(test_file));
  PublicData data;
  data.below_rating = reader.below_rating();
  TILLSIGHT_ASSIGN(data.train_set,
                   matrix_of(std::move(train_pairs), reader.customers(), reader.items()));
  TILLSIGHT_ASSIGN(data.test_set,
                   matrix_of(std::move(test_pairs), reader.customers(), reader.items()));
  return data;
}

}  // namespace tillsight::als
