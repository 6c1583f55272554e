/// \file
/// The open sale's lines: what is about to be sold, piece by piece, and what the clerk is asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/snapshot.hpp"

namespace tillsight {

enum class PieceState {
  kSeen,     ///< stands for the object `object` in the camera's view
  kAwaited,  ///< will stand for the next object that looks like it, until `awaited_until`
  kLeft,     ///< its object left the view; the clerk decides
  kUnseen,   ///< the camera never saw it
};

std::string_view name(PieceState state);  ///< "seen", "awaited", "left", "unseen"

/// One thing of a line, so a line's quantity is its number of pieces.
struct Piece {
  PieceState state = PieceState::kUnseen;
  ObjectId object;    ///< 0 unless kSeen
  std::string label;  ///< what the camera calls it, or would; empty: it knows no such label
  float score = 0;    ///< the camera's last; 0: never seen
  Entry entry = Entry::kCamera;
  bool kept = false;     ///< in view for long, or the clerk's: does not vanish with its object
  bool decided = false;  ///< the clerk has spoken, the camera changes nothing any more
  MonotonicTime since;   ///< of kSeen
  MonotonicTime awaited_until;  ///< max(): as long as an object of the line is in view
  friend bool operator==(const Piece&, const Piece&) = default;
};

/// Why the clerk must choose before payment. A line that asks has one piece.
enum class Question {
  kNone,
  kUnsure,    ///< the camera's score is low
  kWhich,     ///< the label stands for several products
  kReturned,  ///< one like it has left the view: is it back, or is this one more?
  kMore,      ///< the clerk set that product's quantity, and the camera sees one more
  kChanged,   ///< the camera changed its mind about something that was in the basket for a while
};
std::string_view name(Question question);  ///< "", "unsure", "which", "returned", "more", "changed"

struct BasketLine {
  LineId id;
  Sku sku;           ///< what is sold; while it asks, nothing is
  std::string seen;  ///< the camera's label, where the clerk corrected it
  bool quantity_set = false;
  Question question = Question::kNone;
  std::vector<Sku> choices;  ///< while it asks, likeliest first
  std::vector<Piece> pieces;

  bool asks() const { return question != Question::kNone; }
  int quantity() const { return static_cast<int>(pieces.size()); }
  int count(PieceState state) const;
  bool decided() const;  ///< the clerk spoke about every piece
  Entry entry() const;   ///< camera, if it saw any piece first
  float score() const;   ///< the lowest of the pieces that the camera saw; 0: none
  friend bool operator==(const BasketLine&, const BasketLine&) = default;
};

/// A sale's lines with the number of its next line.
struct BasketContent {
  std::vector<BasketLine> lines;
  std::int64_t next_line = 1;
  friend bool operator==(const BasketContent&, const BasketContent&) = default;
};

/// Everything that a basket must remember over a restart. Identities of objects mean nothing then,
/// so what is in view is remembered by how it looks.
struct BasketState {
  BasketContent content;
  bool closed = false;                 ///< paid, and the counter not cleared yet
  std::vector<std::string> removed;    ///< labels of objects that the clerk took out
  std::vector<std::string> elsewhere;  ///< labels of objects that belong to another sale
  std::vector<std::string> sold;       ///< while closed: labels of the paid sale
  friend bool operator==(const BasketState&, const BasketState&) = default;
};

}  // namespace tillsight
