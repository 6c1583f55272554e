#include <algorithm>
#include <charconv>

#include "station/screens.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::dialog {
namespace {

/// The line is there, and asks or does not ask as it did.
std::function<bool(const SaleView&)> still(const SaleView::Line& line) {
  return [id = line.id, question = line.question](const SaleView& view) {
    const SaleView::Line* const now = find_line(view, id);
    return view.stage == Stage::kOpen && now != nullptr && now->question == question;
  };
}

std::function<Turn(const std::string&)> choose_scanned(LineId id) {
  return [id](const std::string& code) { return act(action::Choose{id, Sku(code)}); };
}

std::string choose_title(const SaleView::Line& line) {
  if (line.question == Question::kNone) return format("What is {}?", line.name);
  return line.hint;
}

}  // namespace

const SaleView::Line* find_line(const SaleView& view, LineId id) {
  const auto found = std::ranges::find(view.lines, id, &SaleView::Line::id);
  return found == view.lines.end() ? nullptr : &*found;
}

std::optional<int> read_quantity(const std::string& typed) {
  int quantity = 0;
  const char* const end = typed.data() + typed.size();
  const auto [stop, trouble] = std::from_chars(typed.data(), end, quantity);
  if (trouble != std::errc() || stop != end) return std::nullopt;
  if (quantity < 1 || quantity > limits::kQuantityMax) return std::nullopt;
  return quantity;
}

Turn quantity_out_of_range() {
  return stay("quantity.range", format("a quantity is 1 to {}", limits::kQuantityMax));
}

Screen choose_screen(const SaleView::Line& line, const Currency& currency) {
  if (line.choices.empty()) return code_screen(line);
  Screen screen{"choose", choose_title(line)};
  screen.line = line.id;
  screen.holds = still(line);
  screen.scanned = choose_scanned(line.id);
  for (const SaleView::Choice& choice : line.choices) {
    screen.picks.push_back({{Key::k1, "", choice.name, to_string(choice.unit_price, currency)},
                            [id = line.id, sku = choice.sku](const SaleView&) {
                              return act(action::Choose{id, sku});
                            }});
  }
  number(screen.picks);
  screen.bound = {
      {{Key::kDot, "code", "something else: type its code"},
       [id = line.id](const SaleView& view) { return show(code_screen(*find_line(view, id))); }},
      {{Key::kTimes, "remove", "take it out"},
       [id = line.id](const SaleView&) { return act(action::Remove{id}); }}};
  return screen;
}

Screen code_screen(const SaleView::Line& line) {
  Screen screen{"code", format("{}: type the code of what it is", line.name)};
  screen.line = line.id;
  screen.holds = still(line);
  screen.scanned = choose_scanned(line.id);
  screen.field = Field{"choose", "this is it"};
  screen.field->enter = [id = line.id](const std::string& typed, const SaleView&) {
    return act(action::Choose{id, Sku(typed)});
  };
  return screen;
}

Screen quantity_screen(const SaleView::Line& line) {
  Screen screen{"quantity", format("{}: how many? Now {}", line.name, line.quantity)};
  screen.line = line.id;
  screen.holds = still(line);
  screen.field = Field{"set", "so many", 1, 3};
  screen.field->enter = [id = line.id](const std::string& typed, const SaleView&) {
    const auto quantity = read_quantity(typed);
    return quantity ? act(action::SetQuantity{id, *quantity}) : quantity_out_of_range();
  };
  return screen;
}

Screen remove_screen(const SaleView::Line& line) {
  const auto remove = [id = line.id](std::string_view reason) {
    return act(action::Remove{id, std::string(reason)});
  };
  Screen screen =
      reason_screen("remove", format("Take out {}: why? Enter: never mind why", line.name),
                    kRemoveReasons, remove);
  screen.line = line.id;
  screen.holds = still(line);
  screen.bound = {
      {{Key::kEnter, "remove", "take it out"}, [remove](const SaleView&) { return remove(""); }}};
  return screen;
}

}  // namespace tillsight::dialog
