#include "station/screen.hpp"

namespace tillsight::dialog {

Turn stay(std::string_view note, std::string_view note_text) {
  Turn turn;
  turn.stay = true;
  turn.note = note;
  turn.note_text = note_text;
  return turn;
}

Turn show(Screen screen) {
  Turn turn;
  turn.next = std::make_unique<Screen>(std::move(screen));
  return turn;
}

Turn act(ClerkAction action) {
  Turn turn;
  turn.action = std::move(action);
  return turn;
}

void number(std::vector<Pick>& picks) {
  constexpr int kOnAPage = 9;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    picks[i].option.key = digit_key(static_cast<int>(i) % kOnAPage + 1);
    picks[i].page = static_cast<int>(i) / kOnAPage;
  }
}

}  // namespace tillsight::dialog
