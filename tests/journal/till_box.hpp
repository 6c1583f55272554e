/// \file
/// A till's box for journal tests: a folder with its journal, a clock, and sales as a seed makes
/// them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/journal/journal.hpp"
#include "tillsight/journal/reader.hpp"

namespace tillsight::testing {

/// A void of nothing but its reason.
inline Invoice a_void(const Clock& clock) {
  Invoice invoice = a_sale({a_line("apple", 200)}, clock);
  invoice.kind = SaleKind::kVoid;
  invoice.tenders.clear();
  invoice.reason = "customer left";
  return invoice;
}

/// Mostly sales of a few lines, some with a customer, now and then a void.
inline Invoice some_invoice(Random& random, const Clock& clock) {
  if (random.next_u64() % 5 == 0) return a_void(clock);
  std::vector<InvoiceLine> lines;
  for (std::uint64_t i = 0; i <= random.next_u64() % 6; ++i) {
    lines.push_back(a_line("item" + std::to_string(i),
                           static_cast<std::int64_t>(random.next_u64() % 100'000),
                           1 + static_cast<int>(random.next_u64() % 9)));
  }
  const bool known = random.next_u64() % 2 == 0;
  return a_sale(std::move(lines), clock, known ? std::optional(asha()) : std::nullopt);
}

/// What the counter would remember after event `sequence`.
inline std::string state_after(std::int64_t sequence) {
  return R"({"after":)" + std::to_string(sequence) + "}";
}

class TillBox : public ::testing::Test {
 protected:
  Result<Journal> try_open() { return Journal::open(settings_, random_, clock_); }
  Journal open_journal() { return std::move(try_open()).value(); }
  JournalReader open_reader() { return JournalReader::open(settings_.file).value(); }

  /// Appends `count` random invoices, each with the state that belongs to it.
  void sell(Journal& journal, int count) {
    for (int i = 0; i < count; ++i) {
      const std::int64_t sequence = journal.last_sequence().value() + 1;
      const auto event = journal.append(some_invoice(random_, clock_), state_after(sequence));
      ASSERT_TRUE(event.ok()) << event.error().message();
      ASSERT_EQ(event->identity.sequence.value(), sequence);
      clock_.advance(std::chrono::seconds(20));
    }
  }

  TempDir folder_;
  FakeClock clock_;
  SeededRandom random_{2026};
  JournalSettings settings_{folder_ / "journal.db", StoreId("S01"), TillId("T03"), 1};
};

}  // namespace tillsight::testing
