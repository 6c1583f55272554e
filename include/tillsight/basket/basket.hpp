/// \file
/// Stable objects and the clerk's word → the lines of the open sale.
///
/// An object in view is in exactly one place: it is one piece of one line, or it is set aside, or
/// the shop does not sell its label. So nothing is counted twice.
///
///     comes into view ──► counted ── clerk removes it ──────► removed ───── leaves ─► forgotten
///                          ▲  │   ◄─ clerk keys it again ──────┘
///                   Next,  │  └───── pay, hold, void ───────► elsewhere ─── leaves ─► forgotten
///                   resume └──────────────────────────────────┘
///
/// The piece that stands for it (seen, awaited, left, unseen: PieceState):
///
///     camera ──► seen ── leaves before it settled ──────────────────────────────► (nothing)
///                 │ ▲
///         leaves  │ │ something that looks like it comes into view
///                 ▼ │
///     scan, key ──► awaited ── time is over, never seen ──► unseen
///                    ▲ └────── time is over, was seen ────► left ◄── leaves, settled or the
///                    clerk's └──────── the product is scanned ───────┘
///
/// Rules, each a test in tests/basket/basket_test.cpp:
/// 1. A line's quantity is its number of pieces; camera pieces are the stable objects of its label.
/// 2. A settled piece (in sight for `settle`, or touched by the clerk) stays when its object leaves
///    and is marked left; only the clerk takes it out. Before that it goes with its object.
/// 3. What the clerk says (product, quantity, removal) outranks the camera until the object leaves.
/// 4. A keyed or scanned product first claims a piece that the camera saw, then a line that asks
///    and may be it, then an object that was removed. Else it is a new piece, and claims what
///    looks like it if that comes into view within `claim_window` (scan, then put down).
/// 5. What cannot be known is asked, one line a piece: a low score, a label of several products,
///    one more beside a piece that left or beside a quantity that the clerk set, a settled piece
///    that the camera now reads differently.
/// 6. After payment the objects in view, and those of the same labels that turn up before the
///    counter was clear for `clear_after`, belong to the paid sale until they leave or until
///    next().
///
/// **Ownership** `catalogue` must outlive the basket. One ObjectTracker feeds it for life.
/// **Threads** thread-compatible (the counter's).
/// **Errors** Clerk's calls answer kNotFound / kFailedPrecondition / kResourceExhausted with a text
/// for the clerk, and then nothing has changed.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/basket_line.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight {

struct BasketSettings {
  std::chrono::milliseconds settle{1500};
  std::chrono::milliseconds claim_window{10000};
  std::chrono::milliseconds clear_after{2000};
};

class Basket {
 public:
  Basket(const Catalogue& catalogue, BasketSettings settings);

  /// \return whether anything changed that the clerk can see.
  bool see(const Snapshot& snapshot);

  /// \pre !closed()
  Status add(const Product& product, int quantity, Entry entry, MonotonicTime now);
  Status remove(LineId line);
  Status set_quantity(LineId line, int quantity);
  Status choose(LineId line, const Product& product);

  /// Hold, void: takes the lines out; their objects belong elsewhere until they leave.
  BasketContent take_out();
  /// Resume: pieces whose objects stayed in view all the time stand for them again.
  /// \pre lines() is empty.
  void put_back(BasketContent content);
  /// Payment: as take_out(), and the camera adds nothing before open(), next() or a clear counter.
  void close();
  void open();
  /// Opens, and what was elsewhere is counted here. \pre lines() is empty.
  void next();

  const std::vector<BasketLine>& lines() const { return content_.lines; }
  bool closed() const { return closed_; }
  /// \return how many objects in view belong to another sale.
  int elsewhere() const;

  BasketState state() const;
  /// Until `claim_window` after the first snapshot, what looks like it was in view before claims
  /// its old place.
  void restore(BasketState state);

 private:
  enum class Aside { kRemoved, kElsewhere };
  struct SetAside {
    Aside why;
    std::string label;
  };
  struct Reading {
    Question question = Question::kNone;
    std::vector<Sku> choices;  ///< empty: the shop does not sell it
  };

  // The camera's side.
  const StableObject* in_view(ObjectId id) const;
  BasketLine* line_of(ObjectId id);
  void begin_claims();
  void let_leave();
  void expire_claims();
  void stay_closed();
  void place(const StableObject& object);
  bool claim_awaited(const StableObject& object);
  bool claim_aside(const StableObject& object);
  void follow(BasketLine& line, const StableObject& object);
  Reading read(const StableObject& object) const;
  bool left_before(const std::string& label) const;
  BasketLine split(BasketLine& line, ObjectId id);
  void file(BasketLine single, const Reading& reading);
  std::vector<BasketLine> outline() const;

  // The clerk's side.
  BasketLine* find(LineId line);
  BasketLine* sku_line(const Sku& sku, const std::string& seen);
  bool claim_counted(const Product& product, Entry entry, MonotonicTime now);
  bool claim_question(const Product& product, Entry entry);
  Piece one_more(const Product& product, Entry entry);
  void drop_one(BasketLine& line);
  void merge(BasketLine line);
  void set_aside(const BasketLine& line, Aside why);
  Status no_line(LineId line) const;

  // Constant after construction.
  const Catalogue& catalogue_;
  const BasketSettings settings_;
  // The sale; lines by id.
  BasketContent content_;
  bool closed_ = false;
  std::vector<std::string> sold_;  ///< while closed
  // What the camera sees, and what of it does not count.
  MonotonicTime now_;
  MonotonicTime clear_at_;  ///< while closed: opens then
  std::vector<StableObject> view_;
  std::map<ObjectId, SetAside> aside_;
  // After a restart, until `awaited_aside_until_`.
  bool restored_ = false;
  std::vector<SetAside> awaited_aside_;
  MonotonicTime awaited_aside_until_;
};

}  // namespace tillsight
