#include "app/clerk_input.hpp"

#include <nlohmann/json.hpp>

namespace tillsight::app {

Result<ClerkInput> parse_clerk_input(std::string_view json_line) {
  const auto json = nlohmann::json::parse(json_line, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("do") && json["do"] == "key") {
    const auto name = json.find("key");
    if (name != json.end() && name->is_string()) {
      if (const auto key = parse_key(name->get_ref<const std::string&>())) return ClerkInput(*key);
    }
    return error(Code::kInvalidArgument,
                 "action: key: no key of a keypad; use 0 to 9, enter, dot, plus, minus, times, "
                 "slash, num or back");
  }
  TILLSIGHT_ASSIGN(ClerkAction action, parse_clerk_action(json_line));
  return ClerkInput(std::move(action));
}

}  // namespace tillsight::app
