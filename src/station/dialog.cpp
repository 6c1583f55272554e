// Screens other than home; what keys do at home is dialog_home.cpp.
#include "tillsight/station/dialog.hpp"

#include <algorithm>
#include <utility>

#include "station/screens.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight {

using dialog::Screen;
using dialog::Turn;

Dialog::Dialog(DialogSettings settings) : settings_(std::move(settings)) {}
Dialog::~Dialog() = default;
Dialog::Dialog(Dialog&&) noexcept = default;
Dialog& Dialog::operator=(Dialog&&) noexcept = default;

std::optional<ClerkAction> Dialog::press(Key key, const SaleView& view) {
  TILLSIGHT_CHECK(!awaiting_, "a key is pressed after the last action was answered");
  follow(view);
  ++revision_;
  note_.clear();
  note_text_.clear();
  if (help_ || key == Key::kNum) {  // a key that ends the help does nothing else
    help_ = !help_;
    return std::nullopt;
  }
  return take(screen_ ? press_screen(key, view) : press_home(key, view));
}

std::optional<ClerkAction> Dialog::scan(const std::string& code, const SaleView& view) {
  TILLSIGHT_CHECK(!awaiting_, "a code is scanned after the last action was answered");
  follow(view);
  ++revision_;
  help_ = false;
  if (screen_ && screen_->scanned) return take(screen_->scanned(code));
  Turn turn = dialog::act(action::Add{code, 1, Entry::kScanner});
  turn.stay = true;
  chosen_.reset();
  return take(std::move(turn));
}

std::optional<ClerkAction> Dialog::take(Turn turn) {
  note_ = std::move(turn.note);
  note_text_ = std::move(turn.note_text);
  if (turn.action) {
    after_ = std::move(turn.next);
    staying_ = turn.stay;
    awaiting_ = true;
    asked_ = turn.action;
  } else if (!turn.stay) {
    go(std::move(turn.next));
  }
  return std::move(turn.action);
}

void Dialog::answered(const SaleView& view) {
  TILLSIGHT_CHECK(awaiting_, "an answer follows an action");
  awaiting_ = false;
  ++revision_;
  if (view.refused && view.code == "needs.supervisor" && approval_of(*asked_) != nullptr) {
    go(std::make_unique<Screen>(dialog::supervisor_screen(*asked_)));
  } else if (view.refused || staying_) {
    after_.reset();
    if (screen_ && screen_->field && screen_->field->masked) typed_.clear();
  } else {
    go(std::move(after_));
  }
  asked_.reset();
  follow(view);
}

void Dialog::follow(const SaleView& view) {
  if (chosen_ && std::ranges::find(view.lines, *chosen_, &SaleView::Line::id) == view.lines.end()) {
    chosen_.reset();
  }
  if (view.sign_in != locked_ && !awaiting_) {
    locked_ = view.sign_in;
    go(nullptr);
  }
  if (!screen_ || awaiting_ || screen_->holds(view)) return;
  go(nullptr);
  note_ = "gone";
  note_text_ = "the sale has changed meanwhile";
}

void Dialog::tell(std::string_view note, std::string_view text) {
  note_ = note;
  note_text_ = text;
  ++revision_;
}

void Dialog::forget_typed() {
  if (typed_.empty()) return;
  typed_.clear();
  too_long_ = false;
  ++revision_;
}

void Dialog::go(std::unique_ptr<Screen> screen) {
  screen_ = std::move(screen);
  typed_.clear();
  too_long_ = false;
  page_ = 0;
  ++revision_;
}

std::optional<Turn> Dialog::edit(Key key, std::size_t most, bool dot) {
  const auto too_long = [] { return dialog::stay("too.long", "too long: type it again"); };
  if (digit(key) || (dot && key == Key::kDot)) {
    too_long_ = too_long_ || typed_.size() >= most;
    if (too_long_) return too_long();
    typed_ += key == Key::kDot ? '.' : static_cast<char>('0' + *digit(key));
    return dialog::stay();
  }
  if (too_long_) {  // whatever it is: what was typed is not what is on the screen
    typed_.clear();
    too_long_ = false;
    return too_long();
  }
  if ((key != Key::kMinus && key != Key::kBack) || typed_.empty()) return std::nullopt;
  typed_.pop_back();
  return dialog::stay();
}

Turn Dialog::press_screen(Key key, const SaleView& view) {
  const Screen& screen = *screen_;
  if ((key == Key::kMinus || key == Key::kBack) && typed_.empty()) return {};
  if (screen.field) {
    if (auto edited = edit(key, screen.field->most, screen.field->dot)) return std::move(*edited);
  }
  if (screen.field && key == Key::kEnter) {
    if (typed_.size() < screen.field->least) return dialog::stay("type.first", "type it first");
    return screen.field->enter(typed_, view);
  }
  for (const dialog::Pick& pick : screen.picks) {
    if (pick.option.key == key && pick.page == page_) return pick.then(view);
  }
  for (const dialog::Bound& bound : screen.bound) {
    if (bound.hint.key == key) return bound.then(view);
  }
  const int pages = screen.picks.empty() ? 1 : screen.picks.back().page + 1;
  if (key == Key::kPlus && pages > 1) {
    page_ = (page_ + 1) % pages;
    return dialog::stay();
  }
  return dialog::stay("idle", "this key does nothing here");
}

Prompt Dialog::prompt(const SaleView& view) const {
  Prompt prompt = screen_ ? screen_prompt() : home_prompt(view);
  prompt.keys.push_back({Key::kNum, "help", "what each key does"});
  if (help_) prompt.step = "help";
  if (prompt.masked) {
    prompt.typed.clear();
    for (std::size_t i = 0; i < typed_.size(); ++i) prompt.typed += "•";
  }
  prompt.note = note_;
  prompt.note_text = note_text_;
  return prompt;
}

Prompt Dialog::screen_prompt() const {
  const Screen& screen = *screen_;
  Prompt prompt;
  prompt.step = screen.step;
  prompt.title = screen.title;
  prompt.about = screen.about;
  prompt.selected = screen.line;
  prompt.personal = screen.personal;
  prompt.typed = typed_;
  if (screen.field) {
    prompt.masked = screen.field->masked;
    prompt.keys.push_back({Key::kEnter, screen.field->means, screen.field->label});
    if (screen.field->dot) prompt.keys.push_back({Key::kDot, "point", "decimal point"});
  }
  for (const dialog::Pick& pick : screen.picks) {
    if (pick.page == page_) prompt.options.push_back(pick.option);
  }
  for (const dialog::Bound& bound : screen.bound) prompt.keys.push_back(bound.hint);
  prompt.more = !screen.picks.empty() && screen.picks.back().page > 0;
  if (prompt.more) prompt.keys.push_back({Key::kPlus, "more", "more of them"});
  if (typed_.empty()) {
    prompt.keys.push_back({Key::kMinus, "back", "back"});
  } else {
    prompt.keys.push_back({Key::kMinus, "erase", "take back the last digit"});
  }
  return prompt;
}

}  // namespace tillsight
