/// \file
/// The best items of many customers: a blocked product and a partial selection for models of
/// factors, one customer after the other for all others.
///
/// Equal scores stand in the order of the items, so that the same model gives the same list. A
/// score that is not finite is never listed.
/// **Threads** starts threads that end with the call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tillsight/als/matrix.hpp"
#include "tillsight/als/model.hpp"

namespace tillsight::als {

struct Ranked {
  std::uint32_t item = 0;
  float score = 0;
};

/// What is not listed.
struct TopFilter {
  /// Leaves out what a customer has in it (customers × items); borrowed, may be null: groceries are
  /// bought again.
  const Matrix* bought = nullptr;
  /// One byte an item, 0: out of stock, or of an aisle that is not asked for. Empty: all may be
  /// listed. \pre as many as the model has items
  std::span<const std::uint8_t> allowed{};
};

/// The lists, best first. A list is shorter than asked where the filter leaves fewer items.
class TopLists {
 public:
  TopLists(std::size_t customers, std::size_t length);

  std::size_t size() const { return lengths_.size(); }
  /// \param index of the customer in the call, not in the model.
  std::span<const Ranked> list(std::size_t index) const {
    return {ranked_.data() + index * length_, lengths_[index]};
  }
  /// Copies `best`, at most as many as a list may have.
  void set(std::size_t index, std::span<const Ranked> best);

 private:
  std::size_t length_;
  std::vector<Ranked> ranked_;
  std::vector<std::uint32_t> lengths_;
};

/// \pre every customer < model.customers()
/// \param length of a list at most. \param threads 0: as many as the machine has.
TopLists top(const Model& model, std::span<const std::uint32_t> customers, std::size_t length,
             const TopFilter& filter = {}, int threads = 0);

/// The same for scores that somebody else has: of a customer without a row in the model, say.
/// \param left_out items that are not listed, ascending.
std::vector<Ranked> top(std::span<const float> scores, std::size_t length,
                        std::span<const std::uint8_t> allowed = {},
                        std::span<const std::uint32_t> left_out = {});

}  // namespace tillsight::als
