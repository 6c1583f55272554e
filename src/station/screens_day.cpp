// What a supervisor vouches for, and the day's books.
#include <memory>

#include "station/reasons.hpp"
#include "station/screens.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::dialog {
namespace {

constexpr std::size_t kPercentDigits = 5;

/// Asks for an amount, or for nothing at all where `least` is 0.
Screen amount(std::string_view step, std::string title, std::size_t least,
              std::function<Turn(const std::string&, const SaleView&)> enter) {
  Screen screen{std::string(step), std::move(title)};
  screen.field = Field{"enter", "that is it", least, kAmountDigits, true};
  screen.field->enter = std::move(enter);
  return screen;
}

struct DiscountKind {
  std::string_view id;
  std::string_view label;
  bool whole_sale;
  bool percent;
};
constexpr DiscountKind kDiscountKinds[] = {
    {"discount.line_percent", "per cent off the marked line", false, true},
    {"discount.line_amount", "an amount off the marked line", false, false},
    {"discount.sale_percent", "per cent off the whole sale", true, true},
    {"discount.sale_amount", "an amount off the whole sale", true, false},
};

Screen discount_reason_screen(const action::Discount& discount) {
  return reason_screen("discount_reason", "Why?", kDiscountReasons,
                       [discount](std::string_view reason) {
                         action::Discount given = discount;
                         given.reason = reason;
                         return act(given);
                       });
}

Screen discount_value_screen(const DiscountKind& kind, std::optional<LineId> line) {
  Screen screen = amount(kind.percent ? "discount_percent" : "discount_amount",
                         kind.percent ? "How many per cent off?" : "How much off?", 1,
                         [kind, line](const std::string& typed, const SaleView&) {
                           action::Discount discount;
                           if (!kind.whole_sale) discount.line = line.value();
                           (kind.percent ? discount.percent : discount.amount) = typed;
                           return show(discount_reason_screen(discount));
                         });
  if (kind.percent) screen.field->most = kPercentDigits;
  if (!kind.whole_sale) screen.line = line;
  return screen;
}

Screen cash_screen() {
  Screen screen{"cash", "Cash that is no sale"};
  for (const bool in : {true, false}) {
    screen.picks.push_back(
        {{Key::k1, in ? "cash.in" : "cash.out", in ? "into the drawer" : "out of the drawer", ""},
         [in](const SaleView&) {
           return show(amount(in ? "cash_in" : "cash_out", "How much?", 1,
                              [in](const std::string& typed, const SaleView&) {
                                return show(reason_screen(
                                    "cash_reason", "What for?", kCashReasons,
                                    [in, typed](std::string_view reason) {
                                      return act(action::Cash{in, typed, std::string(reason)});
                                    }));
                              }));
         }});
  }
  number(screen.picks);
  return screen;
}

/// Something to read.
Screen paper_screen(std::string_view step, std::string_view title) {
  Screen screen{std::string(step), std::string(title)};
  screen.bound = {{{Key::kEnter, "back", "back"}, [](const SaleView&) { return Turn(); }}};
  return screen;
}

Turn read_after(ClerkAction wish, std::string_view step, std::string_view title) {
  Turn turn = act(std::move(wish));
  turn.next = std::make_unique<Screen>(paper_screen(step, title));
  return turn;
}

Turn report(ClerkAction wish, std::string_view title) {
  return read_after(std::move(wish), "report", title);
}

/// Asks what was counted of each tender, one after the other, and then whether to close.
Screen counted_screen(const DialogSettings& settings, std::size_t tender,
                      const action::CloseDay& close) {
  if (tender == settings.tenders.size()) {
    Screen screen{"close", "Close the day?"};
    screen.bound = {{{Key::kEnter, "close_day", "close it"},
                     [close](const SaleView&) { return report(close, "The day is closed"); }}};
    return screen;
  }
  const std::string& name = settings.tenders[tender];
  Screen screen =
      amount("counted", format("{}: what was counted? Nothing typed: not counted", name), 0,
             [settings, tender, close](const std::string& typed, const SaleView&) {
               action::CloseDay so_far = close;
               if (!typed.empty()) so_far.counted[settings.tenders[tender]] = typed;
               return show(counted_screen(settings, tender + 1, so_far));
             });
  screen.about = "tender." + name;
  return screen;
}

/// A keypad types no letters: the number's digits with its check digit, for this till; before a
/// point, the box that came before ("1.427" is T03-1-000042-7).
std::optional<std::string> invoice_no(const std::string& typed, const DialogSettings& settings) {
  const std::size_t point = typed.find('.');
  const std::string generation =
      point == std::string::npos ? std::to_string(settings.generation) : typed.substr(0, point);
  const std::string digits = point == std::string::npos ? typed : typed.substr(point + 1);
  if (generation.empty() || digits.size() < 2 || digits.find('.') != std::string::npos) return {};
  constexpr std::size_t kPrinted = 6;
  std::string count = digits.substr(0, digits.size() - 1);
  count.erase(0, std::min(count.find_first_not_of('0'), count.size()));
  if (count.size() < kPrinted) count.insert(0, kPrinted - count.size(), '0');
  const std::string number =
      format("{}-{}-{}-{}", settings.till.value(), generation, count, digits.back());
  if (!parse_invoice_number(number).ok()) return std::nullopt;
  return number;
}

Turn wrong_number() {
  return stay("invoice.check", "the number is not right: read it again, with its last digit");
}

Field invoice_field(const DialogSettings& settings, std::size_t least,
                    std::function<Turn(const std::string&)> then) {
  Field field{"enter", "that is it", least, 20, true};
  field.enter = [settings, then = std::move(then)](const std::string& typed, const SaleView&) {
    if (typed.empty()) return then("");
    const auto number = invoice_no(typed, settings);
    return number ? then(*number) : wrong_number();
  };
  return field;
}

}  // namespace

Screen discount_screen(const SaleView& view, std::optional<LineId> line) {
  Screen screen{"discount", "What is taken off?"};
  screen.line = line;
  for (const DiscountKind& kind : kDiscountKinds) {
    screen.picks.push_back(
        {{Key::k1, std::string(kind.id), std::string(kind.label), ""},
         [kind, line](const SaleView&) { return show(discount_value_screen(kind, line)); }});
  }
  if (view.discount > Money()) {
    screen.picks.push_back({{Key::k1, "discount.none", "no discount any more", ""},
                            [](const SaleView&) { return act(action::Discount{}); }});
  }
  number(screen.picks);
  screen.holds = [line](const SaleView& now) {
    return now.stage == Stage::kOpen && line && find_line(now, *line) != nullptr;
  };
  return screen;
}

Screen refund_screen(const DialogSettings& settings) {
  Screen screen{"refund", "The invoice number on the receipt"};
  screen.field = invoice_field(
      settings, 1, [](const std::string& number) { return act(action::Refund{number}); });
  screen.bound = {{{Key::kTimes, "no_receipt", "there is no receipt"},
                   [](const SaleView&) { return act(action::Refund{}); }}};
  return screen;
}

Screen reprint_screen(const DialogSettings& settings) {
  Screen screen{"reprint", "Which invoice? Nothing typed: the last one"};
  screen.field = invoice_field(settings, 0, [](const std::string& number) {
    return read_after(action::Reprint{number}, "copy", "The receipt again");
  });
  return screen;
}

Screen day_screen(const SaleView& view, const DialogSettings& settings) {
  Screen screen{"day", "The day"};
  const auto offer = [&](Key key, std::string_view id, std::string_view label, Then then) {
    screen.picks.push_back({{key, std::string(id), std::string(label), ""}, std::move(then)});
  };
  offer(Key::k1, "open_day", "open the day", [](const SaleView&) {
    return show(amount(
        "float", "Cash in the drawer now; nothing typed: none", 0,
        [](const std::string& typed, const SaleView&) { return act(action::OpenDay{typed}); }));
  });
  offer(Key::k2, "x_report", "the day so far (X)",
        [](const SaleView&) { return report(action::XReport{}, "The day so far"); });
  offer(Key::k3, "close_day", "close the day (Z)",
        [settings](const SaleView&) { return show(counted_screen(settings, 0, {})); });
  offer(Key::k4, "cash", "cash in or out", [](const SaleView&) { return show(cash_screen()); });
  offer(Key::k5, view.training ? "training_off" : "training",
        view.training ? "end the training" : "training",
        [on = !view.training](const SaleView&) { return act(action::Training{on}); });
  return screen;
}

Screen supervisor_screen(const ClerkAction& action) {
  Screen screen{"supervisor", "A supervisor's PIN"};
  screen.field = Field{"approve", "that is it", 1, kPinDigits, false, true};
  screen.field->enter = [action](const std::string& typed, const SaleView&) {
    ClerkAction approved = action;
    approval_of(approved)->pin = typed;
    return act(std::move(approved));
  };
  return screen;
}

}  // namespace tillsight::dialog
