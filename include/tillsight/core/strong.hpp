/// \file
/// Strong types for ids and counters, so that a store id cannot be passed where a till id is meant.
///
/// **Example** `using ObjectId = Strong<std::uint64_t, struct ObjectIdTag>;`
#pragma once

#include <compare>
#include <functional>
#include <utility>

namespace tillsight {

template <typename T, typename Tag>
class Strong {
 public:
  Strong() = default;
  explicit constexpr Strong(T value) : value_(std::move(value)) {}

  constexpr const T& value() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

}  // namespace tillsight

template <typename T, typename Tag>
struct std::hash<tillsight::Strong<T, Tag>> {
  std::size_t operator()(const tillsight::Strong<T, Tag>& id) const {
    return std::hash<T>{}(id.value());
  }
};
