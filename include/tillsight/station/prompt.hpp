/// \file
/// What the clerk is asked now, and what each key does: the part of the screen that the dialog adds
/// to the sale.
///
/// Ids (`step`, `means`, `Option::id`, `note`) are stable: a page translates them, and shows the
/// English text beside them where it knows no better.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/station/key.hpp"

namespace tillsight {

struct Prompt {
  struct KeyHint {
    Key key;
    std::string means;  ///< id, for example "pay"
    std::string label;  ///< the same in English
  };
  struct Option {
    Key key;             ///< the digit that chooses it
    std::string id;      ///< "tender.cash"; empty where `label` is the shop's own word
    std::string label;   ///< in English, or a product's name
    std::string detail;  ///< a price, a sum; may be empty
  };

  std::string step;                ///< id of the screen, for example "items" or "tender"
  std::string title;               ///< in English
  std::string about;               ///< what the title speaks of: "tender.cash"; mostly empty
  std::string typed;               ///< so far; of a PIN only bullets
  bool masked = false;             ///< `typed` is a PIN
  bool personal = false;           ///< `typed` or the options tell who buys
  std::optional<LineId> selected;  ///< the line that the next key is about
  std::vector<KeyHint> keys;       ///< digits that choose an option are not named again
  std::vector<Option> options;
  bool more = false;      ///< there are further options: plus shows them
  std::string note;       ///< id of why the last key did nothing; empty: it did something
  std::string note_text;  ///< the same in English
};

}  // namespace tillsight
