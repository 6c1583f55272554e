#include "app/hub_parameters.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "tillsight/core/time_zone.hpp"

namespace tillsight::app {
namespace {

constexpr std::size_t kIdBytesMax = 64;

Error wrong(const std::string& name, std::string message) {
  return Error(Code::kInvalidArgument, name + ": " + std::move(message)).with_id(name);
}

}  // namespace

std::string HubParameters::text(const std::string& name) {
  taken_[name] = true;
  const auto found = given_.find(name);
  return found == given_.end() ? "" : found->second;
}

Result<std::optional<std::chrono::year_month_day>> HubParameters::date(const std::string& name) {
  const std::string said = text(name);
  if (said.empty()) return std::optional<std::chrono::year_month_day>();
  const auto date = parse_date(said);
  if (!date.ok()) return wrong(name, format("'{}' is no date; write it as 2026-11-23", said));
  return std::optional(*date);
}

Result<std::optional<int>> HubParameters::count(const std::string& name, int most) {
  const std::string said = text(name);
  if (said.empty()) return std::optional<int>();
  int value = 0;
  const auto read = std::from_chars(said.data(), said.data() + said.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == said.data() + said.size();
  if (!whole || value < 1 || value > most) {
    return wrong(name, format("'{}' is no number from 1 to {}", said, most));
  }
  return std::optional(value);
}

Result<bool> HubParameters::yes(const std::string& name) {
  const std::string said = text(name);
  if (said.empty() || said == "0" || said == "false") return false;
  if (said == "1" || said == "true") return true;
  return wrong(name, format("'{}' is neither true nor false", said));
}

Result<std::string> HubParameters::id(const std::string& name) {
  std::string said = text(name);
  const bool plain = std::ranges::all_of(
      said, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
  if (said.size() <= kIdBytesMax && plain) return said;
  return wrong(name, "it has letters and digits only; the answers name those that there are");
}

Status HubParameters::finish() const {
  std::string known;
  for (const auto& [name, _] : taken_) known += format("{}{}", known.empty() ? "" : ", ", name);
  for (const auto& [name, _] : given_) {
    if (taken_.contains(name)) continue;
    return wrong(name, format("is no parameter here; there are format{}{}",
                              known.empty() ? "" : ", ", known));
  }
  return {};
}

}  // namespace tillsight::app
