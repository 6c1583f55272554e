#include <array>

#include "station/screens.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::dialog {
namespace {

constexpr std::string_view kCash = "cash";

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
  screen.field = Field{"pay", "paid; nothing typed: exactly", 0, 12, true};
  screen.field->enter = [tender, settings, gross = view.gross](const std::string& typed,
                                                               const SaleView& now) {
    return pay({tender, typed}, gross, now, settings);
  };
  return screen;
}

Screen confirm_screen(const SaleView& view, const std::string& tender,
                      const DialogSettings& settings) {
  Screen screen{"confirm", format("{}: take {}, then Enter", tender,
                                  to_string(view.gross, settings.currency))};
  screen.holds = open_with_lines;
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

struct Reason {
  std::string_view id;
  std::string_view text;  ///< as it is written down
};
constexpr std::array kVoidReasons = {
    Reason{"reason.left", "customer left"},
    Reason{"reason.payment", "payment failed"},
    Reason{"reason.mistake", "keyed by mistake"},
    Reason{"reason.other", "other"},
};

}  // namespace

Screen tender_screen(const SaleView& view, const DialogSettings& settings) {
  Screen screen{"tender", format("{} to pay: how?", to_string(view.gross, settings.currency))};
  screen.holds = open_with_lines;
  for (const std::string& tender : settings.tenders) {
    screen.picks.push_back(
        {{Key::k1, "tender." + tender, tender, ""}, [tender, settings](const SaleView& now) {
           return show(tender == kCash ? amount_screen(now, tender, settings)
                                       : confirm_screen(now, tender, settings));
         }});
  }
  number(screen.picks);
  return screen;
}

Screen menu_screen(const SaleView& view, const DialogSettings& settings) {
  Screen menu{"menu", "What to do?"};
  offer(menu, view.stage != Stage::kPaying, Key::k1, "customer", "customer",
        [](const SaleView&) { return show(customer_screen()); });
  offer(menu, open_with_lines(view), Key::k2, "hold", "put this sale aside",
        [](const SaleView&) { return act(action::Hold{}); });
  offer(menu, !view.held.empty() && !open_with_lines(view), Key::k3, "resume", "take a sale back",
        [currency = settings.currency](const SaleView& now) {
          return show(held_screen(now, currency));
        });
  offer(menu, open_with_lines(view), Key::k4, "void", "give this sale up",
        [](const SaleView&) { return show(void_screen()); });
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
    screen.picks.push_back(
        {{Key::k1, "", format("{} {}", held.customer, held.lines), to_string(held.gross, currency)},
         [slot = static_cast<int>(i) + 1](const SaleView&) { return act(action::Resume{slot}); }});
  }
  number(screen.picks);
  return screen;
}

Screen void_screen() {
  Screen screen{"void", "Give this sale up: why?"};
  screen.holds = open_with_lines;
  for (const Reason& reason : kVoidReasons) {
    screen.picks.push_back(
        {{Key::k1, std::string(reason.id), std::string(reason.text), ""},
         [text = std::string(reason.text)](const SaleView&) { return act(action::Void{text}); }});
  }
  number(screen.picks);
  return screen;
}

}  // namespace tillsight::dialog
