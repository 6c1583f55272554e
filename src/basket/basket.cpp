// The camera's side of the basket; the clerk's is basket_clerk.cpp.
#include "tillsight/basket/basket.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

bool asks_for(const StableObject& object, const std::string& label) {
  return std::ranges::any_of(object.alternatives,
                             [&](const Candidate& c) { return c.label == label; });
}

void add_choice(std::vector<Sku>& choices, const Sku& sku) {
  if (std::ranges::find(choices, sku) == choices.end()) choices.push_back(sku);
}

Piece seen_piece(const StableObject& object, MonotonicTime now) {
  Piece piece;
  piece.state = PieceState::kSeen;
  piece.object = object.id;
  piece.label = object.best.label;
  piece.score = object.best.score;
  piece.since = now;
  return piece;
}

}  // namespace

Basket::Basket(const Catalogue& catalogue, BasketSettings settings)
    : catalogue_(catalogue), settings_(settings) {}

bool Basket::see(const Snapshot& snapshot) {
  const std::vector<BasketLine> lines_before = outline();
  const int elsewhere_before = elsewhere();
  const bool closed_before = closed_;

  now_ = snapshot.time;
  view_ = snapshot.objects;
  if (restored_) begin_claims();
  let_leave();
  expire_claims();
  if (closed_) stay_closed();
  if (!closed_) {
    for (const StableObject& object : view_) place(object);
  }
  return closed_ != closed_before || elsewhere() != elsewhere_before || outline() != lines_before;
}

/// What a clerk can tell apart: no scores, no times.
std::vector<BasketLine> Basket::outline() const {
  std::vector<BasketLine> lines = content_.lines;
  for (BasketLine& line : lines) {
    for (Piece& piece : line.pieces) {
      piece.score = 0;
      piece.since = piece.awaited_until = MonotonicTime();
    }
  }
  return lines;
}

const StableObject* Basket::in_view(ObjectId id) const {
  const auto found = std::ranges::find(view_, id, &StableObject::id);
  return found == view_.end() ? nullptr : &*found;
}

BasketLine* Basket::line_of(ObjectId id) {
  for (BasketLine& line : content_.lines) {
    if (std::ranges::find(line.pieces, id, &Piece::object) != line.pieces.end()) return &line;
  }
  return nullptr;
}

void Basket::begin_claims() {
  restored_ = false;
  awaited_aside_until_ = clear_at_ = now_ + settings_.claim_window;
  for (BasketLine& line : content_.lines) {
    for (Piece& piece : line.pieces) {
      if (piece.state == PieceState::kAwaited) piece.awaited_until = awaited_aside_until_;
    }
  }
}

void Basket::let_leave() {
  const auto left = [&](const Piece& piece) {
    return piece.state == PieceState::kSeen && in_view(piece.object) == nullptr;
  };
  for (BasketLine& line : content_.lines) {
    std::erase_if(line.pieces, [&](const Piece& piece) { return left(piece) && !piece.kept; });
    for (Piece& piece : line.pieces) {
      if (!left(piece)) continue;
      const bool comes_back = now_ < piece.awaited_until;  // on its way from the scanner
      piece.state = comes_back ? PieceState::kAwaited : PieceState::kLeft;
      piece.object = ObjectId();
    }
    if (line.count(PieceState::kSeen) > 0) continue;
    // The clerk's word on a quantity holds no longer than the objects it was about.
    for (Piece& piece : line.pieces) {
      if (piece.awaited_until == MonotonicTime::max()) piece.state = PieceState::kUnseen;
    }
  }
  std::erase_if(content_.lines, [](const BasketLine& line) { return line.pieces.empty(); });
  std::erase_if(aside_, [&](const auto& entry) { return in_view(entry.first) == nullptr; });
}

void Basket::expire_claims() {
  const auto over = [&](const Piece& piece) {
    return piece.state == PieceState::kAwaited && now_ >= piece.awaited_until;
  };
  for (BasketLine& line : content_.lines) {
    std::erase_if(line.pieces, [&](const Piece& piece) { return over(piece) && !piece.kept; });
    for (Piece& piece : line.pieces) {
      if (over(piece)) piece.state = piece.score > 0 ? PieceState::kLeft : PieceState::kUnseen;
    }
  }
  std::erase_if(content_.lines, [](const BasketLine& line) { return line.pieces.empty(); });
  if (now_ >= awaited_aside_until_) awaited_aside_.clear();
}

void Basket::stay_closed() {
  for (const StableObject& object : view_) {
    const std::string& label = object.best.label;
    if (aside_.contains(object.id) || std::ranges::find(sold_, label) == sold_.end()) continue;
    aside_[object.id] = {Aside::kElsewhere, label};
  }
  if (elsewhere() > 0) clear_at_ = std::max(clear_at_, now_ + settings_.clear_after);
  if (now_ >= clear_at_) open();
}

int Basket::elsewhere() const {
  return static_cast<int>(std::ranges::count_if(
      aside_, [](const auto& entry) { return entry.second.why == Aside::kElsewhere; }));
}

void Basket::place(const StableObject& object) {
  if (aside_.contains(object.id)) return;
  if (BasketLine* const line = line_of(object.id)) return follow(*line, object);

  const Reading reading = read(object);
  if (reading.choices.empty() || claim_awaited(object) || claim_aside(object)) return;
  BasketLine single;
  single.pieces.push_back(seen_piece(object, now_));
  file(std::move(single), reading);
}

bool Basket::claim_awaited(const StableObject& object) {
  const auto claim = [&](const auto& fits) {
    for (BasketLine& line : content_.lines) {
      for (Piece& piece : line.pieces) {
        if (piece.state != PieceState::kAwaited || !fits(piece.label)) continue;
        piece.state = PieceState::kSeen;
        piece.object = object.id;
        piece.label = object.best.label;
        piece.score = object.best.score;
        piece.since = now_;
        if (piece.awaited_until == MonotonicTime::max()) piece.awaited_until = MonotonicTime();
        return true;
      }
    }
    return false;
  };
  return claim([&](const std::string& label) { return label == object.best.label; }) ||
         (!object.sure && claim([&](const std::string& label) { return asks_for(object, label); }));
}

bool Basket::claim_aside(const StableObject& object) {
  const auto found = std::ranges::find(awaited_aside_, object.best.label, &SetAside::label);
  if (found == awaited_aside_.end()) return false;
  aside_[object.id] = *found;
  awaited_aside_.erase(found);
  return true;
}

/// Keeps an object's piece in step with what the camera says now.
void Basket::follow(BasketLine& line, const StableObject& object) {
  Piece& piece = *std::ranges::find(line.pieces, object.id, &Piece::object);
  piece.score = object.best.score;
  piece.kept = piece.kept || object.seen - piece.since >= settings_.settle;
  if (piece.decided) return;

  switch (line.question) {
    case Question::kReturned:
    case Question::kMore:
    case Question::kChanged: return;  // only the clerk can know
    case Question::kNone:
      if (object.best.label == piece.label) return;  // sold, even if its score dips now
      break;
    case Question::kUnsure:
    case Question::kWhich: break;
  }
  Reading reading = read(object);
  if (reading.choices.empty()) return;
  if (!line.asks() && piece.kept) {
    reading.question = Question::kChanged;
    add_choice(reading.choices, line.sku);
  }
  if (reading.question == line.question && reading.choices == line.choices) return;
  BasketLine single = split(line, object.id);
  single.pieces.front().label = object.best.label;
  file(std::move(single), reading);
}

Basket::Reading Basket::read(const StableObject& object) const {
  Reading reading;
  for (const Product* product : catalogue_.by_label(object.best.label)) {
    add_choice(reading.choices, product->sku);
  }
  if (reading.choices.empty()) return reading;
  const bool ambiguous = reading.choices.size() > 1;
  const Sku sku = reading.choices.front();
  for (const Candidate& candidate : object.alternatives) {
    for (const Product* product : catalogue_.by_label(candidate.label)) {
      add_choice(reading.choices, product->sku);
    }
  }
  const auto set = [&](const BasketLine& line) {
    const bool full = line.quantity() >= limits::kQuantityMax;
    return !line.asks() && line.sku == sku && line.seen.empty() && (line.quantity_set || full);
  };
  if (!object.sure) {
    reading.question = Question::kUnsure;
  } else if (ambiguous) {
    reading.question = Question::kWhich;
  } else if (left_before(object.best.label)) {
    reading.question = Question::kReturned;
  } else if (std::ranges::any_of(content_.lines, set)) {
    reading.question = Question::kMore;
  }
  return reading;
}

bool Basket::left_before(const std::string& label) const {
  const auto like_it = [&](const Piece& piece) {
    return piece.state == PieceState::kLeft && piece.label == label;
  };
  return std::ranges::any_of(content_.lines, [&](const BasketLine& line) {
    return std::ranges::any_of(line.pieces, like_it);
  });
}

/// Takes the object's piece out of its line; a line of its own keeps its number.
BasketLine Basket::split(BasketLine& line, ObjectId id) {
  BasketLine single;
  const auto piece = std::ranges::find(line.pieces, id, &Piece::object);
  if (line.pieces.size() == 1) single.id = line.id;
  single.pieces.push_back(*piece);
  line.pieces.erase(piece);
  std::erase_if(content_.lines, [](const BasketLine& l) { return l.pieces.empty(); });
  return single;
}

/// Puts a line of one piece where its reading belongs.
void Basket::file(BasketLine single, const Reading& reading) {
  single.question = reading.question;
  single.choices = single.asks() ? reading.choices : std::vector<Sku>();
  single.sku = single.asks() ? Sku() : reading.choices.front();
  single.seen.clear();
  merge(std::move(single));
}

BasketState Basket::state() const {
  BasketState state{content_, closed_, {}, {}, sold_};
  const auto remember = [&](const SetAside& aside) {
    (aside.why == Aside::kRemoved ? state.removed : state.elsewhere).push_back(aside.label);
  };
  for (const auto& [id, aside] : aside_) remember(aside);
  for (const SetAside& aside : awaited_aside_) remember(aside);
  return state;
}

void Basket::restore(BasketState state) {
  content_ = std::move(state.content);
  closed_ = state.closed;
  sold_ = std::move(state.sold);
  for (BasketLine& line : content_.lines) {
    for (Piece& piece : line.pieces) {
      if (piece.state != PieceState::kSeen && piece.state != PieceState::kAwaited) continue;
      piece.state = PieceState::kAwaited;
      piece.object = ObjectId();
    }
  }
  view_.clear();
  aside_.clear();
  awaited_aside_.clear();
  for (std::string& label : state.removed) {
    awaited_aside_.push_back({Aside::kRemoved, std::move(label)});
  }
  for (std::string& label : state.elsewhere) {
    awaited_aside_.push_back({Aside::kElsewhere, std::move(label)});
  }
  restored_ = true;
}

}  // namespace tillsight
