// What keys do at home, where the sale's lines are.
#include <algorithm>

#include "station/screens.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/station/dialog.hpp"

namespace tillsight {
namespace {

using dialog::act;
using dialog::show;
using dialog::stay;
using dialog::Turn;

Turn idle() {
  return stay("idle", "this key does nothing here");
}

const SaleView::Line* first_asking(const SaleView& view) {
  const auto asks = [](const SaleView::Line& line) { return line.question != Question::kNone; };
  const auto found = std::ranges::find_if(view.lines, asks);
  return found == view.lines.end() ? nullptr : &*found;
}

}  // namespace

std::optional<LineId> Dialog::selected(const SaleView& view) const {
  if (view.stage != Stage::kOpen || view.lines.empty()) return std::nullopt;
  if (chosen_) return chosen_;
  const SaleView::Line* const asking = first_asking(view);
  return asking != nullptr ? asking->id : view.lines.back().id;
}

void Dialog::select_next(const SaleView& view) {
  const auto now = std::ranges::find(view.lines, selected(view).value(), &SaleView::Line::id);
  chosen_ = now == view.lines.begin() ? view.lines.back().id : std::prev(now)->id;
}

Turn Dialog::press_home(Key key, const SaleView& view) {
  if (view.stage == Stage::kPaying) return stay("wait", "the sale is being written");
  if (locked_) return press_locked(key);
  if (!typed_.empty() || digit(key)) return press_home_typed(key, view);
  if (key == Key::kEnter) return enter_home(view);
  if (key == Key::kSlash) return show(dialog::menu_screen(view, selected(view), settings_));
  const auto line_id = selected(view);
  if (!line_id) return idle();
  const SaleView::Line& line = *dialog::find_line(view, *line_id);
  switch (key) {
    case Key::kMinus: return show(dialog::remove_screen(line));
    case Key::kTimes: return show(dialog::quantity_screen(line));
    case Key::kDot: return show(dialog::choose_screen(line, settings_.currency));
    case Key::kPlus: select_next(view); return stay();
    default: return idle();
  }
}

Turn Dialog::press_locked(Key key) {
  if (auto edited = edit(key, dialog::kPinDigits, false)) return std::move(*edited);
  if (key != Key::kEnter || typed_.empty()) return idle();
  action::SignIn sign_in;
  sign_in.approval.pin = std::exchange(typed_, "");
  return act(std::move(sign_in));
}

Turn Dialog::press_home_typed(Key key, const SaleView& view) {
  if (auto edited = edit(key, kTypedMost, false)) return std::move(*edited);
  if (key == Key::kEnter) {
    chosen_.reset();  // what is added is what the next key is about
    return act(action::Add{std::exchange(typed_, ""), 1, Entry::kKeypad});
  }
  if (key != Key::kTimes) return idle();
  const auto quantity = dialog::read_quantity(typed_);
  const auto line = selected(view);
  if (!line) return stay("no.line", "no line is selected");
  if (!quantity) return dialog::quantity_out_of_range();
  typed_.clear();
  return act(action::SetQuantity{*line, *quantity});
}

Turn Dialog::enter_home(const SaleView& view) const {
  if (view.stage == Stage::kPaid) return act(action::Next{});
  if (const SaleView::Line* const asking = first_asking(view)) {
    const SaleView::Line& marked = *dialog::find_line(view, selected(view).value());
    const bool it = marked.question != Question::kNone;
    return show(dialog::choose_screen(it ? marked : *asking, settings_.currency));
  }
  if (!view.lines.empty()) return show(dialog::tender_screen(view, settings_));
  if (view.elsewhere > 0) return act(action::Next{});
  return idle();
}

Prompt Dialog::locked_prompt() {
  Prompt prompt;
  prompt.step = "sign_in";
  prompt.title = "Your PIN";
  prompt.masked = true;
  prompt.keys = {{Key::kEnter, "sign_in", "sign in"},
                 {Key::kMinus, "erase", "take back the last digit"}};
  return prompt;
}

Prompt Dialog::home_prompt(const SaleView& view) const {
  Prompt prompt;
  if (locked_ && view.stage != Stage::kPaying) prompt = locked_prompt();
  prompt.typed = typed_;
  if (locked_) return prompt;
  prompt.selected = selected(view);
  const auto says = [&prompt](Key key, std::string_view means, std::string_view label) {
    prompt.keys.push_back({key, std::string(means), std::string(label)});
  };
  if (view.stage == Stage::kPaying) {
    prompt.step = "paying";
    prompt.title = "One moment: the sale is being written";
    return prompt;
  }
  prompt.step = view.stage == Stage::kPaid ? "paid" : "items";
  if (!typed_.empty()) {
    prompt.title = "A code, then Enter";
    says(Key::kEnter, "add", "add this product");
    if (prompt.selected) says(Key::kTimes, "quantity", "so many of the marked line");
    says(Key::kMinus, "erase", "take back the last digit");
    return prompt;
  }
  if (view.stage == Stage::kPaid) {
    prompt.title = "Paid";
    says(Key::kEnter, "next", "the next sale");
  } else if (first_asking(view) != nullptr) {
    prompt.title = "Enter: say what the marked line is";
    says(Key::kEnter, "answer", "say what it is");
  } else if (!view.lines.empty()) {
    prompt.title = "Enter: pay";
    says(Key::kEnter, "pay", "pay");
  } else if (view.elsewhere > 0) {
    prompt.title = "Enter: what is on the counter is the next sale";
    says(Key::kEnter, "next", "what is on the counter is the next sale");
  } else {
    prompt.title = "Put things on the counter, or type a code";
  }
  if (prompt.selected) {
    says(Key::kMinus, "remove", "take the marked line out");
    says(Key::kTimes, "quantity", "how many of the marked line");
    says(Key::kDot, "correct", "the marked line is something else");
    if (view.lines.size() > 1) says(Key::kPlus, "select", "mark the line above");
  }
  says(Key::kSlash, "menu", "customer, hold, void and more");
  return prompt;
}

}  // namespace tillsight
