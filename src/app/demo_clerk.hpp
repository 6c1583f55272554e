/// \file
/// One till's clerk, as far as the demo needs one: says what a keypad would, waits for what the
/// page would show, and tells the visitor.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "app/till_client.hpp"
#include "tillsight/app/stop_signals.hpp"

namespace tillsight::app {

inline constexpr std::chrono::milliseconds kDemoPatience{30'000};

/// What the demo prints.
void heading(std::string_view text);
void tell(const std::string& text);

class Clerk {
 public:
  using Json = TillClient::Json;

  Clerk(TillClient& till, const StopSignals& stop) : till_(till), stop_(stop) {}

  /// \return the sale, once the camera is certain of something.
  Result<Json> look();
  /// Answers every question of the basket: with the likeliest choice, or by taking out what is
  /// `not_sold` here.
  Status answer_questions(Json view, const std::string& not_sold);
  Status add(const std::string& sku);
  Status name_customer(const Json& customer);
  /// Types a phone that this till has never seen. \return the sale, once head office has said who
  /// it is, and `sku` is among what they may want.
  Result<Json> ask_who(const std::string& phone, const std::string& sku);
  /// \return the receipt, once the sale is durable.
  Result<std::string> pay(const std::string& tender);
  /// What was paid has been taken away; the till notices by itself.
  Status see_counter_clear();

 private:
  Status choose_likeliest(const Json& line);
  Status take_out(const Json& line, const std::string& not_sold);
  Result<Json> wait(std::string_view what, const std::function<bool(const Json&)>& wanted);

  TillClient& till_;
  const StopSignals& stop_;
};

}  // namespace tillsight::app
