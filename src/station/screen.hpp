/// \file
/// A screen of the dialog as data: what it shows, what may be typed, where each key leads.
///
/// What a screen is about is fixed when it opens, so that no option changes its place under the
/// clerk's finger; `holds` says when it has lost its object.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/sale_view.hpp"
#include "tillsight/station/key.hpp"
#include "tillsight/station/prompt.hpp"

namespace tillsight::dialog {

struct Screen;

inline constexpr std::size_t kPinDigits = 12;
inline constexpr std::size_t kAmountDigits = 9;  ///< fewer than a barcode has

/// What a key has led to.
struct Turn {
  std::optional<ClerkAction> action;
  std::unique_ptr<Screen> next;  ///< after the action, if it goes well; null: home
  bool stay = false;
  std::string note;  ///< as in Prompt
  std::string note_text;
};

Turn stay(std::string_view note = "", std::string_view note_text = "");
Turn show(Screen screen);
Turn act(ClerkAction action);  ///< and then home

using Then = std::function<Turn(const SaleView&)>;

/// A list entry that a digit chooses.
struct Pick {
  Prompt::Option option;
  Then then;
  int page = 0;
};

/// A key other than a digit.
struct Bound {
  Prompt::KeyHint hint;
  Then then;
};

/// Something to be typed and entered.
struct Field {
  std::string means;  ///< of enter
  std::string label;
  std::size_t least = 1;
  std::size_t most = 20;
  bool dot = false;       ///< an amount
  bool masked = false;    ///< a PIN
  bool personal = false;  ///< a phone number
  std::function<Turn(const std::string& typed, const SaleView&)> enter{};
};

struct Screen {
  std::string step;
  std::string title;
  std::vector<Pick> picks{};
  std::vector<Bound> bound{};
  std::optional<Field> field{};
  bool personal = false;
  std::function<Turn(const std::string& code)> scanned{};  ///< none: it is one more product
  std::function<bool(const SaleView&)> holds = [](const SaleView&) { return true; };
  std::string about{};           ///< as in Prompt
  std::optional<LineId> line{};  ///< what it is about
};

/// Gives the entries the digits 1 to 9, on as many pages as it takes.
void number(std::vector<Pick>& picks);

}  // namespace tillsight::dialog
