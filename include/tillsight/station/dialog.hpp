/// \file
/// What seventeen keys mean: the state machine between a keypad and the sale.
///
///     items ── enter ──► tender ── digit ──► amount, confirm ── enter ──► Pay
///       │ digits, enter: a product by its code        ▲ the sum has changed: asked again
///       │ dot: what is it?  ──► choose, code ──► Choose
///       │ times: how many?  ──► quantity ──────► SetQuantity
///       │ minus: take out?  ──► remove ────────► Remove
///       │ slash: menu ──► customer, hold, resume, void, discount, refund, reprint, the day, …
///       └ num, anywhere: what each key does
///
/// What the counter refuses until a supervisor vouches for it is said again with a PIN. Where
/// somebody must sign in first, home is `sign_in` and knows digits and enter alone.
///
/// Minus takes back the last digit, and with none leads home to `items`, from everywhere. Nothing
/// is sold by a single key, nor for a sum that the clerk was not shown. A screen about something
/// that is gone (the camera saw it leave) is left by itself.
///
/// The dialog does nothing to the sale: it gives actions, and is told how they went.
///
/// **Threads** thread-compatible (the counter thread's).
/// **Example** tests/station/dialog_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/money.hpp"
#include "tillsight/domain/sale_view.hpp"
#include "tillsight/station/key.hpp"
#include "tillsight/station/prompt.hpp"

namespace tillsight {

namespace dialog {
struct Screen;
struct Turn;
}  // namespace dialog

struct DialogSettings {
  Currency currency;
  std::vector<std::string> tenders{"cash", "card", "upi"};  ///< offered in this order, by digit
  TillId till{};  ///< whose invoice numbers are typed without their letters
  int generation = 1;
};

class Dialog {
 public:
  static constexpr std::size_t kTypedMost = 20;
  /// So many minus pressed one after the other pass home, whatever was on the screen.
  static constexpr int kMinusHome = static_cast<int>(kTypedMost) + 2;

  explicit Dialog(DialogSettings settings);
  ~Dialog();
  Dialog(Dialog&&) noexcept;
  Dialog& operator=(Dialog&&) noexcept;

  /// \param view what the clerk sees while pressing.
  /// \return what is to be done now; answered() must be called before the next key.
  std::optional<ClerkAction> press(Key key, const SaleView& view);
  /// How the action went. \param view after it. A refused one leaves the clerk where he was.
  void answered(const SaleView& view);
  /// The sale has changed without a key.
  void follow(const SaleView& view);
  /// A scanner has read a code: the product, or what the line on the screen is. The screen stays,
  /// unless it was asked there. \return as press().
  std::optional<ClerkAction> scan(const std::string& code, const SaleView& view);
  /// Something else for the clerk to know: why a key that was pressed did not come this far.
  void tell(std::string_view note, std::string_view text);
  /// A keypad was pulled out: what is half typed counts for nothing.
  void forget_typed();

  /// \pre `view` was followed.
  Prompt prompt(const SaleView& view) const;
  /// Grows whenever prompt() changes of itself.
  std::int64_t revision() const { return revision_; }

 private:
  // What a key does at home (dialog_home.cpp).
  dialog::Turn press_home(Key key, const SaleView& view);
  dialog::Turn press_locked(Key key);
  dialog::Turn press_home_typed(Key key, const SaleView& view);
  dialog::Turn enter_home(const SaleView& view) const;
  static Prompt locked_prompt();
  Prompt home_prompt(const SaleView& view) const;
  std::optional<LineId> selected(const SaleView& view) const;
  void select_next(const SaleView& view);

  // What it does on any other screen (dialog.cpp).
  std::optional<ClerkAction> take(dialog::Turn turn);
  /// \return nothing for a key that neither types nor erases.
  std::optional<dialog::Turn> edit(Key key, std::size_t most, bool dot);
  dialog::Turn press_screen(Key key, const SaleView& view);
  Prompt screen_prompt() const;
  void go(std::unique_ptr<dialog::Screen> screen);

  DialogSettings settings_;
  std::unique_ptr<dialog::Screen> screen_;  // null: home
  std::unique_ptr<dialog::Screen> after_;   // where a successful answer leads
  bool awaiting_ = false;                   // an action was given and not answered
  bool staying_ = false;                    // a successful answer leads nowhere
  std::optional<ClerkAction> asked_;        // of the last key; lacks a supervisor, maybe
  bool locked_ = false;                     // somebody must sign in
  std::string typed_;
  bool too_long_ = false;  // more was typed than fits: enter is not to take a part of it
  int page_ = 0;
  bool help_ = false;
  std::optional<LineId> chosen_;  // by the clerk; none: the line that asks, or the last
  std::string note_;
  std::string note_text_;
  std::int64_t revision_ = 0;
};

}  // namespace tillsight
