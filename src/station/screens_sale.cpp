#include "station/screens.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::dialog {
namespace {

bool open_with_lines(const SaleView& view) {
  return view.stage == Stage::kOpen && !view.lines.empty();
}

/// Pays what the clerk was shown; another sum is shown first.
Turn pay(const action::Pay& what, Money shown, const SaleView& now,
         const DialogSettings& settings) {
  if (now.gross == shown) return act(what);
  Turn turn = show(tender_screen(now, settings));
  turn.note = "total.changed";
  turn.note_text = format("the total is {} now", to_string(now.gross, settings.currency));
  return turn;
}

Screen amount_screen(const SaleView& view, const std::string& tender,
                     const DialogSettings& settings) {
  Screen screen{"amount", format("{}: {} to pay; what is handed over?", tender,
                                 to_string(view.gross, settings.currency))};
  screen.holds = open_with_lines;
  screen.about = "tender." + tender;
  screen.field = Field{"pay", "paid; nothing typed: exactly", 0, kAmountDigits, true};
  screen.field->enter = [tender, settings, gross = view.gross](const std::string& typed,
                                                               const SaleView& now) {
    return pay({tender, typed}, gross, now, settings);
  };
  return screen;
}

Screen confirm_screen(const SaleView& view, const std::string& tender,
                      const DialogSettings& settings) {
  Screen screen{"confirm", format("{}: {} {}, then Enter", tender, view.refund ? "give" : "take",
                                  to_string(view.gross, settings.currency))};
  screen.holds = open_with_lines;
  screen.about = "tender." + tender;
  screen.bound = {{{Key::kEnter, "pay", "it is paid"},
                   [tender, settings, gross = view.gross](const SaleView& now) {
                     return pay({tender, ""}, gross, now, settings);
                   }}};
  return screen;
}

/// A menu entry keeps its digit whether or not the others make sense now.
void offer(Screen& menu, bool now, Key key, std::string_view id, std::string_view label,
           Then then) {
  if (!now) return;
  menu.picks.push_back({{key, std::string(id), std::string(label), ""}, std::move(then)});
}

}  // namespace

Screen tender_screen(const SaleView& view, const DialogSettings& settings) {
  Screen screen{"tender", format("{} to pay: how?", to_string(view.gross, settings.currency))};
  screen.holds = open_with_lines;
  for (const std::string& tender : settings.tenders) {
    screen.picks.push_back(
        {{Key::k1, "tender." + tender, tender, ""}, [tender, settings](const SaleView& now) {
           const bool change = tender == kCashTender && !now.refund;
           return show(change ? amount_screen(now, tender, settings)
                              : confirm_screen(now, tender, settings));
         }});
  }
  number(screen.picks);
  return screen;
}

Screen menu_screen(const SaleView& view, std::optional<LineId> line,
                   const DialogSettings& settings) {
  Screen menu{"menu", "What to do?"};
  menu.line = line;
  const bool open = open_with_lines(view);
  offer(menu, view.stage != Stage::kPaying, Key::k1, "customer", "customer",
        [](const SaleView&) { return show(customer_screen()); });
  offer(menu, open, Key::k2, "hold", "put this sale aside",
        [](const SaleView&) { return act(action::Hold{}); });
  offer(menu, !open && !view.held.empty(), Key::k3, "resume", "take a sale back",
        [settings](const SaleView& now) { return show(held_screen(now, settings.currency)); });
  offer(menu, open || view.refund, Key::k4, "void", "give this sale up",
        [](const SaleView&) { return show(void_screen()); });
  offer(menu, open && !view.refund, Key::k5, "discount", "discount",
        [line](const SaleView& now) { return show(discount_screen(now, line)); });
  offer(menu, !open && !view.refund, Key::k6, "refund", "goods come back",
        [settings](const SaleView&) { return show(refund_screen(settings)); });
  offer(menu, true, Key::k7, "reprint", "a receipt again",
        [settings](const SaleView&) { return show(reprint_screen(settings)); });
  offer(menu, true, Key::k8, "day", "cash, and the day's books",
        [settings](const SaleView& now) { return show(day_screen(now, settings)); });
  offer(menu, !view.cashier.empty(), Key::k0, "sign_out", "sign out",
        [](const SaleView&) { return act(action::SignOut{}); });
  return menu;
}

Screen customer_screen() {
  Screen screen{"customer", "The customer's phone number"};
  screen.personal = true;
  screen.field = Field{"customer", "this customer; nothing typed: nobody", 0, 15};
  screen.field->enter = [](const std::string& typed, const SaleView&) {
    if (typed.empty()) return act(action::ClearCustomer{});
    return act(action::SetCustomer{"", "", typed});
  };
  return screen;
}

Screen held_screen(const SaleView& view, const Currency& currency) {
  Screen screen{"held", "Which sale?"};
  screen.personal = true;
  screen.holds = [count = view.held.size()](const SaleView& now) {
    return now.held.size() == count;
  };
  for (std::size_t i = 0; i < view.held.size(); ++i) {
    const SaleView::Held& held = view.held[i];
    const std::string whose = held.customer.empty() ? "" : held.customer + ", ";
    screen.picks.push_back(
        {{Key::k1, "", format("{}lines: {}", whose, held.lines), to_string(held.gross, currency)},
         [slot = static_cast<int>(i) + 1](const SaleView&) { return act(action::Resume{slot}); }});
  }
  number(screen.picks);
  return screen;
}

Screen void_screen() {
  Screen screen =
      reason_screen("void", "Give this sale up: why?", kVoidReasons,
                    [](std::string_view reason) { return act(action::Void{std::string(reason)}); });
  screen.holds = [](const SaleView& view) { return open_with_lines(view) || view.refund; };
  return screen;
}

Screen reason_screen(std::string_view step, std::string_view title, std::span<const Reason> reasons,
                     const std::function<Turn(std::string_view)>& then) {
  Screen screen{std::string(step), std::string(title)};
  for (const Reason& reason : reasons) {
    screen.picks.push_back({{Key::k1, std::string(reason.id), std::string(reason.text), ""},
                            [then, text = reason.text](const SaleView&) { return then(text); }});
  }
  number(screen.picks);
  return screen;
}

}  // namespace tillsight::dialog
