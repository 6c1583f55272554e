// The clerk's side of the basket; the camera's is basket.cpp.
#include <algorithm>
#include <iterator>
#include <utility>

#include "tillsight/basket/basket.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

Error too_many(std::string_view item) {
  return error(Code::kResourceExhausted,
               "{}: at most {} of one product fit a sale; pay this sale and start another", item,
               limits::kQuantityMax);
}

void decide(Piece& piece) {
  piece.decided = piece.kept = true;
}

void decide(BasketLine& line) {
  for (Piece& piece : line.pieces) decide(piece);
}

/// \return what the camera calls the line's first object; empty if it saw none.
std::string camera_label(const BasketLine& line) {
  const auto seen = std::ranges::find_if(line.pieces, [](const Piece& p) { return p.score > 0; });
  return seen == line.pieces.end() ? "" : seen->label;
}

}  // namespace

BasketLine* Basket::find(LineId line) {
  const auto found = std::ranges::find(content_.lines, line, &BasketLine::id);
  return found == content_.lines.end() ? nullptr : &*found;
}

Status Basket::no_line(LineId line) const {
  return error(Code::kNotFound, "line {} is not in this sale; use a number that is on the screen",
               line.value());
}

BasketLine* Basket::sku_line(const Sku& sku, const std::string& seen) {
  const auto found = std::ranges::find_if(content_.lines, [&](const BasketLine& line) {
    return !line.asks() && line.sku == sku && line.seen == seen;
  });
  return found == content_.lines.end() ? nullptr : &*found;
}

/// Joins the line of the same product and correction, or becomes a line, in order of its number.
void Basket::merge(BasketLine line) {
  if (BasketLine* const same = line.asks() ? nullptr : sku_line(line.sku, line.seen)) {
    std::ranges::move(line.pieces, std::back_inserter(same->pieces));
    same->quantity_set = same->quantity_set || line.quantity_set;
    if (same->quantity_set) decide(*same);
    return;
  }
  if (line.id.value() == 0) line.id = LineId(content_.next_line++);
  const auto after = std::ranges::upper_bound(content_.lines, line.id, {}, &BasketLine::id);
  content_.lines.insert(after, std::move(line));
}

Status Basket::add(const Product& product, int quantity, Entry entry, MonotonicTime now) {
  TILLSIGHT_CHECK(!closed_, "a paid sale takes no line; open the next one first");
  TILLSIGHT_CHECK(quantity >= 1, "an action adds at least one piece");
  int already = 0;
  for (const BasketLine& line : content_.lines) {
    already += !line.asks() && line.sku == product.sku ? line.quantity() : 0;
  }
  if (quantity > limits::kQuantityMax - already) return too_many(product.name);
  if (already == 0 && content_.lines.size() >= limits::kLinesPerSale) {
    return error(Code::kResourceExhausted,
                 "a sale has at most {} lines; pay this sale and start another",
                 limits::kLinesPerSale);
  }
  while (quantity > 0 && (claim_counted(product, entry, now) || claim_question(product, entry))) {
    --quantity;
  }
  if (quantity == 0) return {};
  BasketLine fresh;
  fresh.sku = product.sku;
  for (int i = 0; i < quantity; ++i) {
    Piece& piece = fresh.pieces.emplace_back(one_more(product, entry));
    if (piece.state != PieceState::kUnseen || product.label.empty()) continue;
    piece.state = PieceState::kAwaited;
    piece.awaited_until = now + settings_.claim_window;
  }
  merge(std::move(fresh));
  return {};
}

/// A piece that the camera put into the basket and that no key has claimed yet.
bool Basket::claim_counted(const Product& product, Entry entry, MonotonicTime now) {
  for (const PieceState state : {PieceState::kSeen, PieceState::kAwaited, PieceState::kLeft}) {
    for (BasketLine& line : content_.lines) {
      if (line.asks() || line.sku != product.sku) continue;
      for (Piece& piece : line.pieces) {
        if (piece.state != state || piece.entry != Entry::kCamera || piece.decided) continue;
        decide(piece);
        // A scanned thing often leaves the view on its way to the scanner, and comes back.
        piece.awaited_until = now + settings_.claim_window;
        if (state == PieceState::kLeft && entry == Entry::kScanner) {
          piece.state = PieceState::kAwaited;
        }
        return true;
      }
    }
  }
  return false;
}

/// A line that asks and may be this product.
bool Basket::claim_question(const Product& product, Entry entry) {
  const auto found = std::ranges::find_if(content_.lines, [&](const BasketLine& line) {
    return line.asks() && std::ranges::find(line.choices, product.sku) != line.choices.end();
  });
  if (found == content_.lines.end()) return false;
  found->pieces.front().entry = entry;
  return choose(found->id, product).ok();
}

/// A piece that stands for an object of this label that the clerk took out, or for none.
Piece Basket::one_more(const Product& product, Entry entry) {
  Piece piece;
  piece.entry = entry;
  piece.label = product.label;
  decide(piece);
  const auto removed = std::ranges::find_if(aside_, [&](const auto& aside) {
    return aside.second.why == Aside::kRemoved && aside.second.label == product.label;
  });
  if (removed == aside_.end()) return piece;
  piece.state = PieceState::kSeen;
  piece.object = removed->first;
  if (const StableObject* const object = in_view(piece.object)) piece.score = object->best.score;
  piece.since = now_;
  aside_.erase(removed);
  return piece;
}

Status Basket::remove(LineId id) {
  BasketLine* const line = find(id);
  if (line == nullptr) return no_line(id);
  set_aside(*line, Aside::kRemoved);
  std::erase_if(content_.lines, [&](const BasketLine& l) { return l.id == id; });
  return {};
}

void Basket::set_aside(const BasketLine& line, Aside why) {
  for (const Piece& piece : line.pieces) {
    if (piece.state == PieceState::kSeen) aside_[piece.object] = {why, piece.label};
    // After a restart its object may be in view and not recognised yet.
    const bool was_seen = piece.state == PieceState::kAwaited && piece.score > 0;
    if (was_seen) awaited_aside_.push_back({why, piece.label});
  }
}

Status Basket::set_quantity(LineId id, int quantity) {
  TILLSIGHT_CHECK(quantity >= 1, "an action sets a quantity of at least one");
  BasketLine* const line = find(id);
  if (line == nullptr) return no_line(id);
  if (line->asks()) {
    return error(Code::kFailedPrecondition,
                 "line {} is not decided yet; choose its product first, then set the quantity",
                 id.value());
  }
  const Product* const product = catalogue_.by_sku(line->sku);
  if (product == nullptr || quantity > limits::kQuantityMax) return too_many(line->sku.value());

  const bool in_sight = line->count(PieceState::kSeen) > 0;
  while (line->quantity() > quantity) drop_one(*line);
  while (line->quantity() < quantity) {
    Piece piece = one_more(*product, Entry::kKeypad);
    if (piece.state == PieceState::kUnseen && in_sight && !piece.label.empty()) {
      piece.state = PieceState::kAwaited;
      piece.awaited_until = MonotonicTime::max();
    }
    line->pieces.push_back(std::move(piece));
  }
  decide(*line);
  line->quantity_set = true;
  return {};
}

/// Takes out the piece that is the least likely to be there; its object counts no more.
void Basket::drop_one(BasketLine& line) {
  const auto likelihood = [](const Piece& piece) {
    switch (piece.state) {
      case PieceState::kUnseen: return 0.0F;
      case PieceState::kAwaited: return 1.0F;
      case PieceState::kLeft: return 2.0F;
      case PieceState::kSeen: return 3.0F + piece.score;
    }
    check_failed("state is known", "a piece is in a state outside its enumeration");
  };
  const auto least = std::ranges::min_element(line.pieces, {}, likelihood);
  if (least->state == PieceState::kSeen) aside_[least->object] = {Aside::kRemoved, least->label};
  line.pieces.erase(least);
}

Status Basket::choose(LineId id, const Product& product) {
  BasketLine* const line = find(id);
  if (line == nullptr) return no_line(id);
  const std::string camera = camera_label(*line);
  const std::string seen = camera == product.label ? "" : camera;
  const BasketLine* const same = sku_line(product.sku, seen);
  if (same != nullptr && same != line &&
      same->quantity() + line->quantity() > limits::kQuantityMax) {
    return too_many(product.name);
  }
  BasketLine chosen = std::move(*line);
  std::erase_if(content_.lines, [&](const BasketLine& l) { return l.id == id; });
  chosen.sku = product.sku;
  chosen.seen = seen;
  chosen.question = Question::kNone;
  chosen.choices.clear();
  for (Piece& piece : chosen.pieces) {
    decide(piece);
    if (piece.score <= 0) piece.label = product.label;
  }
  merge(std::move(chosen));
  return {};
}

BasketContent Basket::take_out() {
  for (const BasketLine& line : content_.lines) set_aside(line, Aside::kElsewhere);
  return std::exchange(content_, BasketContent());
}

void Basket::put_back(BasketContent content) {
  TILLSIGHT_CHECK(content_.lines.empty(), "a held sale comes back into an empty one");
  open();
  content_ = std::move(content);
  for (BasketLine& line : content_.lines) {
    for (Piece& piece : line.pieces) {
      piece.kept = true;
      if (piece.state == PieceState::kAwaited) {
        piece.state = piece.score > 0 ? PieceState::kLeft : PieceState::kUnseen;
      } else if (piece.state == PieceState::kSeen && aside_.erase(piece.object) == 0) {
        piece.state = PieceState::kLeft;
        piece.object = ObjectId();
      }
    }
  }
}

void Basket::close() {
  const BasketContent sold = take_out();
  sold_.clear();
  for (const BasketLine& line : sold.lines) {
    for (const Piece& piece : line.pieces) {
      const bool known = std::ranges::find(sold_, piece.label) != sold_.end();
      if (!piece.label.empty() && !known) sold_.push_back(piece.label);
    }
  }
  closed_ = true;
  clear_at_ = now_ + settings_.clear_after;
}

void Basket::open() {
  closed_ = false;
  sold_.clear();
}

void Basket::next() {
  TILLSIGHT_CHECK(content_.lines.empty(), "the next sale starts empty");
  open();
  std::erase_if(aside_, [](const auto& a) { return a.second.why == Aside::kElsewhere; });
  std::erase_if(awaited_aside_, [](const SetAside& a) { return a.why == Aside::kElsewhere; });
  for (const StableObject& object : view_) place(object);
}

}  // namespace tillsight
