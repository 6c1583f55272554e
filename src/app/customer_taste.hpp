/// \file
/// What a known customer may want: the port behind which it is found out.
///
/// **Threads** thread-bound. **Errors** kUnavailable: not now; the sale goes on without.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::app {

class CustomerTaste {
 public:
  virtual ~CustomerTaste() = default;
  /// \param phone E.164. \return likeliest first, more than are shown: some are in the basket.
  virtual Result<std::vector<Sku>> likely(std::string_view phone) = 0;
};

/// What sells most in this shop, for everybody. \pre the reader outlives it.
class JournalTaste final : public CustomerTaste {
 public:
  explicit JournalTaste(JournalReader& journal) : journal_(journal) {}
  Result<std::vector<Sku>> likely(std::string_view phone) override;

 private:
  JournalReader& journal_;
};

/// What head office has said of the customer at the counter, and then what `rest` says. \pre it
/// outlives this.
class ToldTaste final : public CustomerTaste {
 public:
  explicit ToldTaste(CustomerTaste& rest) : rest_(rest) {}
  /// Forgets whoever was told of before: only the customer at the counter is kept.
  void hear(std::string phone, std::vector<Sku> skus);
  Result<std::vector<Sku>> likely(std::string_view phone) override;

 private:
  CustomerTaste& rest_;
  std::string phone_;
  std::vector<Sku> skus_;
};

}  // namespace tillsight::app
