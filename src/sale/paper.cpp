#include "sale/paper.hpp"

#include <algorithm>

#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

}  // namespace

void Paper::centred(std::string_view text) {
  const std::string cut = cut_to_width(text, columns_);
  line(blanks((columns_ - display_width(cut)) / 2) + cut);
}

void Paper::left(std::string_view text) {
  line(cut_to_width(text, columns_));
}

void Paper::both(std::string_view text, std::string_view right) {
  const int room = columns_ - display_width(right) - 1;
  const std::string cut = cut_to_width(text, room);
  line(cut + blanks(columns_ - display_width(cut) - display_width(right)) + std::string(right));
}

void Paper::list(std::string_view title, const std::vector<std::string>& entries) {
  std::string row(title);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string entry = " " + entries[i] + (i + 1 < entries.size() ? "," : "");
    if (display_width(row) + display_width(entry) > columns_ && i > 0) {
      left(row);
      row = " ";
    }
    row += entry;
  }
  left(row);
}

void Paper::rule(char with) {
  line(std::string(static_cast<std::size_t>(columns_), with));
}

void Paper::line(const std::string& text) {
  // Centring and cutting may leave blanks at the end, and printers feed them as letters.
  const std::size_t end = text.find_last_not_of(' ');
  text_ += text.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
}

std::string percent_text(TaxRate rate) {
  const int whole = rate.value() / 100;
  const int hundredths = rate.value() % 100;
  if (hundredths == 0) return format("{} %", whole);
  if (hundredths % 10 == 0) return format("{}.{} %", whole, hundredths / 10);
  return format("{}.{:02} %", whole, hundredths);
}

}  // namespace tillsight
