/// \file
/// Whose PIN was typed: reads the cashiers' book beside the journal, again whenever it has changed,
/// and makes guessing slow.
///
/// Five wrong PINs are free. From the next on the desk is closed for half a minute, doubling with
/// each to a quarter of an hour; every ten minutes one wrong PIN is forgotten. A right PIN forgets
/// none, so that nobody guesses another's PIN between two of his own. How many were wrong lies in a
/// file beside the book, written before the answer is given: switching the till off and on forgets
/// none either, and the desk stays closed from the start as long as it was to be.
///
/// **Ownership** `clock` must outlive it. **Threads** thread-bound. No clock that can be set is
/// asked.
/// **Errors** kNotFound ("pin.wrong"), kResourceExhausted ("pin.locked", with how long),
/// kFailedPrecondition ("needs.cashiers"): there is no book, or it cannot be read.
/// **Example** tests/journal/pin_desk_test.cpp
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/cashier_book.hpp"

namespace tillsight {

/// "cashiers.json" beside the journal.
std::filesystem::path cashiers_file(const std::filesystem::path& journal);

/// \return kNotFound: nobody was added yet. kFailedPrecondition: others than its owner may use it.
Result<CashierBook> load_cashiers(const std::filesystem::path& file);
Status save_cashiers(const std::filesystem::path& file, const CashierBook& book);

class PinDesk {
 public:
  static constexpr int kFree = 5;
  static constexpr std::chrono::seconds kShortest{30};
  static constexpr std::chrono::seconds kLongest{900};
  static constexpr std::chrono::minutes kForgotten{10};

  PinDesk(std::filesystem::path file, const Clock& clock);

  /// \param name whose PIN it must be; empty: anybody's.
  Result<Roster::Member> check(std::string_view pin, std::string_view name);

  /// \return who may sign in, if that has changed since the last call.
  std::optional<Roster> news();

 private:
  void look();
  Status open_now();
  void forget_old();
  Status remember_wrong();
  void close_for_a_while();

  const std::filesystem::path file_;
  const std::filesystem::path attempts_file_;
  const Clock& clock_;
  std::optional<CashierBook> book_;
  std::string trouble_;  ///< why a book that is there cannot be used
  std::string seen_;     ///< how the file looked when it was read
  std::optional<Roster> told_;
  int wrong_ = 0;
  MonotonicTime forgets_at_;
  MonotonicTime open_at_;
};

}  // namespace tillsight
