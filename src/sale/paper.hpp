/// \file
/// A strip of paper in letters of one width, built line by line.
///
/// **Threads** thread-compatible.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/domain/money.hpp"

namespace tillsight {

class Paper {
 public:
  explicit Paper(int columns) : columns_(columns) {}

  void centred(std::string_view text);
  void left(std::string_view text);
  /// `right` is never cut: it is the amount.
  void both(std::string_view text, std::string_view right);
  /// A list that wraps between its entries.
  void list(std::string_view title, const std::vector<std::string>& entries);
  void rule(char with);
  std::string take() { return std::move(text_); }

 private:
  void line(const std::string& text);

  int columns_;
  std::string text_;
};

/// "18 %", "12.5 %".
std::string percent_text(TaxRate rate);

}  // namespace tillsight
