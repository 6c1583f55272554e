#include "app/demo_clerk.hpp"

#include <algorithm>
#include <iostream>

namespace tillsight::app {
namespace {

using Json = Clerk::Json;

Status done(const Result<Json>& view) {
  return view.ok() ? Status() : Status(view.error());
}

bool holds(const Json& choices, const std::string& sku) {
  return std::ranges::any_of(choices, [&](const Json& one) { return one.value("sku", "") == sku; });
}

}  // namespace

void heading(std::string_view text) {
  std::cout << "\n== " << text << '\n' << std::flush;
}
void tell(const std::string& text) {
  std::cout << "   " << text << '\n' << std::flush;
}

Result<Json> Clerk::look() {
  return wait("what lies on the counter",
              [](const Json& view) { return view["state"] == "open" && !view["lines"].empty(); });
}

Status Clerk::answer_questions(Json view, const std::string& not_sold) {
  while (view["asks"] > 0) {
    const auto asked = std::ranges::find_if(
        view["lines"], [](const Json& line) { return line.contains("question"); });
    const Json number = (*asked)["line"];
    TILLSIGHT_TRY(not_sold.empty() ? choose_likeliest(*asked) : take_out(*asked, not_sold));
    TILLSIGHT_ASSIGN(view, wait("the answer", [&](const Json& now) {
                       return std::ranges::none_of(now["lines"], [&](const Json& line) {
                         return line["line"] == number && line.contains("question");
                       });
                     }));
  }
  return {};
}

Status Clerk::add(const std::string& sku) {
  TILLSIGHT_TRY(till_.say({{"do", "add"}, {"sku", sku}}));
  tell(format("the clerk keys {}", sku));
  return done(wait("the keyed item", [&](const Json& view) { return holds(view["lines"], sku); }));
}

Status Clerk::name_customer(const Json& customer) {
  TILLSIGHT_TRY(till_.say(customer));
  return done(wait("the customer", [](const Json& view) { return !view["customer"].is_null(); }));
}

Result<Json> Clerk::ask_who(const std::string& phone, const std::string& sku) {
  TILLSIGHT_TRY(till_.say({{"do", "customer"}, {"phone", phone}}));
  return wait("head office's answer", [&](const Json& view) {
    return view["customer"].is_string() && view["customer"] != "" && view.contains("wanted") &&
           holds(view["wanted"], sku);
  });
}

Result<std::string> Clerk::pay(const std::string& tender) {
  TILLSIGHT_TRY(till_.say({{"do", "pay"}, {"tender", tender}}));
  const auto committed = [](const Json& line) { return line.value("event", "") == "committed"; };
  TILLSIGHT_ASSIGN(const Json line, till_.wait_for("the receipt", committed, kDemoPatience, stop_));
  return line.value("receipt", "");
}

Status Clerk::see_counter_clear() {
  return done(wait("an empty counter", [](const Json& view) {
    return view["state"] == "open" && view["lines"].empty();
  }));
}

Status Clerk::choose_likeliest(const Json& line) {
  const Json& choice = line["choices"][0];
  tell(format("the till asks: {} The clerk presses {}.", line["hint"].get<std::string>(),
              choice["name"].get<std::string>()));
  return till_.say({{"do", "choose"}, {"line", line["line"]}, {"sku", choice["sku"]}});
}

Status Clerk::take_out(const Json& line, const std::string& not_sold) {
  tell(format("the till asks: {} It is {}: the clerk removes it.", line["hint"].get<std::string>(),
              not_sold));
  return till_.say({{"do", "remove"}, {"line", line["line"]}});
}

Result<Json> Clerk::wait(std::string_view what, const std::function<bool(const Json&)>& wanted) {
  return till_.wait_for(
      what, [&](const Json& line) { return line.value("event", "") == "sale" && wanted(line); },
      kDemoPatience, stop_);
}

}  // namespace tillsight::app
