/// \file
/// What a known customer may want: the port behind which it is found out.
///
/// **Threads** thread-bound. **Errors** kUnavailable: not now; the sale goes on without.
#pragma once

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

}  // namespace tillsight::app
