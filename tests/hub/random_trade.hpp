/// \file
/// Trade as wild as the books allow: sales, refunds, voids and imports of a few shops in a few
/// weeks, with customers who come back, corrected lines, two currencies, late arrivals,
/// repetitions.
#pragma once

#include <array>

#include "tests/hub/head_office.hpp"
#include "tillsight/hub/imported.hpp"

namespace tillsight::hub {

class RandomTrade : public HeadOffice {
 protected:
  /// Sends and stores `count` invoices in batches of random sizes.
  void trade(int count) {
    for (int i = 0; i < count; ++i) {
      const Event event = chain().next(an_invoice());
      receive(to_cloud_events({event}), topics::events(event.identity.store, event.identity.till));
      if (below(20) == 0) {
        receive(to_cloud_events({event}),
                topics::events(event.identity.store, event.identity.till));
      }
      if (below(8) == 0) flush();
    }
    flush();
    EXPECT_EQ(ingest_->counters().quarantined, 0);
  }

  void import(int count) {
    std::vector<ImportedInvoice> batch;
    for (int i = 0; i < count; ++i) {
      ImportedInvoice imported;
      imported.source = {"old-till", StoreId("S0" + std::to_string(1 + below(2))), TillId("IMPORT"),
                         below(2) == 0 ? Origin::kImported : Origin::kSynthetic};
      imported.number = std::to_string(++imported_);
      imported.invoice = an_invoice();
      if (below(4) == 0) imported.invoice.lines.front().quantity = -2;
      total_up(imported.invoice);
      batch.push_back(std::move(imported));
    }
    ASSERT_TRUE(store_->import(batch, clock_.utc_now()).ok());
  }

  std::uint64_t below(std::uint64_t end) { return random_.next_u64() % end; }
  const Customer& somebody() { return customers_.at(below(customers_.size())); }

 private:
  testing::EventChain& chain() { return chains_.at(below(chains_.size())); }

  InvoiceLine some_line() {
    static constexpr std::array<std::string_view, 5> kGoods = {"apple", "banana", "tea", "roti",
                                                               "bread"};
    InvoiceLine line = testing::a_line(kGoods.at(below(kGoods.size())),
                                       static_cast<std::int64_t>(100 + below(900)),
                                       static_cast<int>(1 + below(3)));
    if (below(3) == 0) line.seen = "orange";
    if (below(3) == 0) line.entry = Entry::kKeypad;
    if (below(6) == 0) {
      line.discount = Money::minor(10);
      line.discount_reason = "bruised";
      line.discount_by = "SUE";
      price_line(line);
    }
    line.item += below(2) == 0 ? " रोटी" : " (new)";
    return line;
  }

  Invoice an_invoice() {
    clock_.advance(std::chrono::minutes(below(60 * 14)));
    std::vector<InvoiceLine> lines;
    for (std::uint64_t i = 0; i <= below(3); ++i) lines.push_back(some_line());
    Invoice invoice = testing::a_sale(std::move(lines), clock_);
    if (below(3) != 0) invoice.customer = somebody();
    if (below(5) == 0) invoice.currency = "EUR";
    if (below(2) == 0) invoice.cashier = "MIA";
    if (below(4) == 0) {
      invoice.business_date = std::chrono::sys_days(invoice.business_date) - std::chrono::days(1);
    }
    if (below(7) == 0) invoice.removed.push_back({Sku("tea"), "tea", 1, "not wanted"});
    const std::uint64_t kind = below(10);
    if (kind == 0) {
      invoice.kind = SaleKind::kVoid;
      invoice.tenders.clear();
      invoice.reason = "walked away";
    } else if (kind == 1) {
      make_refund(invoice);
    }
    return invoice;
  }

  static void make_refund(Invoice& invoice) {
    invoice.kind = SaleKind::kRefund;
    invoice.customer.reset();
    invoice.unlinked = true;
    invoice.approver = "SUE";
    invoice.removed.clear();
    invoice.reason = "spoilt";
  }

  std::array<testing::EventChain, 3> chains_ = {
      testing::EventChain("T01", 1), testing::EventChain("T02", 2), testing::EventChain("T03", 3)};
  const std::array<Customer, 5> customers_ = {{{"Asha", "Rao", "+919876543210"},
                                               {"Asha", "Rao-Sen", "+919876543210"},
                                               {"Bela", "Bartók", "+36201234567"},
                                               {"", "", "+34612345678"},
                                               {"रवि", "शर्मा", "+919811122333"}}};
  int imported_ = 0;
};

}  // namespace tillsight::hub
