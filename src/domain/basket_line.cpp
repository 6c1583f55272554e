#include "tillsight/domain/basket_line.hpp"

#include <algorithm>

namespace tillsight {

std::string_view name(PieceState state) {
  switch (state) {
    case PieceState::kSeen: return "seen";
    case PieceState::kAwaited: return "awaited";
    case PieceState::kLeft: return "left";
    case PieceState::kUnseen: return "unseen";
  }
  check_failed("state is known", "a piece is in a state outside its enumeration");
}

std::string_view name(Question question) {
  switch (question) {
    case Question::kNone: return "";
    case Question::kUnsure: return "unsure";
    case Question::kWhich: return "which";
    case Question::kReturned: return "returned";
    case Question::kMore: return "more";
    case Question::kChanged: return "changed";
  }
  check_failed("question is known", "a line asks something outside its enumeration");
}

int BasketLine::count(PieceState state) const {
  return static_cast<int>(std::ranges::count(pieces, state, &Piece::state));
}

bool BasketLine::decided() const {
  return std::ranges::all_of(pieces, &Piece::decided);
}

Entry BasketLine::entry() const {
  for (const Piece& piece : pieces) {
    if (piece.entry == Entry::kCamera) return Entry::kCamera;
  }
  return pieces.empty() ? Entry::kCamera : pieces.front().entry;
}

float BasketLine::score() const {
  float lowest = 0;
  for (const Piece& piece : pieces) {
    if (piece.score > 0 && (lowest == 0 || piece.score < lowest)) lowest = piece.score;
  }
  return lowest;
}

}  // namespace tillsight
