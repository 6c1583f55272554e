/// \file
/// What somebody wrote behind the question mark, taken one by one, so that what nobody asked for is
/// a mistake and not silently nothing.
///
/// **Threads** thread-compatible. **Errors** kInvalidArgument with the parameter as its id.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "tillsight/core/result.hpp"

namespace tillsight::app {

class HubParameters {
 public:
  explicit HubParameters(const std::map<std::string, std::string>& given) : given_(given) {}

  /// \return "" if it is not there.
  std::string text(const std::string& name);
  Result<std::optional<std::chrono::year_month_day>> date(const std::string& name);
  Result<std::optional<int>> count(const std::string& name, int most);
  Result<bool> yes(const std::string& name);
  /// A store, a till, a pseudonym: letters and digits.
  Result<std::string> id(const std::string& name);
  /// \return a mistake if there is one that was not taken.
  Status finish() const;

 private:
  const std::map<std::string, std::string>& given_;
  std::map<std::string, bool> taken_;
};

}  // namespace tillsight::app
