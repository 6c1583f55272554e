// Goal: whatever stands in a file, every row of it is stored, was there, or is rejected with its
// line; what was stored is what the undamaged rows say; and memory stays bounded.
// Method: a good CSV, damaged at random places in every way that files get damaged, and imported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <map>
#include <random>
#include <set>

#include "tests/exchange/shop_files.hpp"
#include "tillsight/core/csv.hpp"

namespace tillsight::exchange {
namespace {

using ::testing::HasSubstr;

class Laws : public ShopFiles {};

constexpr int kInvoices = 60;
constexpr int kRowsEach = 3;

std::string good_row(int invoice, int row) {
  return format("L{:03},S01,T01,2025-03-01,Asia/Kolkata,INR,sku{},\"Item, {}\",{},1.50", invoice,
                row, row, row + 1);
}

/// \return the row, damaged so that it cannot be taken; its invoice can still be told.
std::string damaged(int invoice, int row, int how) {
  const std::string start = format("L{:03},S01,T01,", invoice);
  switch (how) {
    case 0: return start + "2025-03-01,Asia/Kolkata,INR,s,\"Item,1,1.50";     // open quote
    case 1: return start + "2025-03-01,Asia/Kolkata,INR,s,\"Item\"s,1,1.50";  // after a quote
    case 2: return start + "2025-03-01,Asia/Kolkata,INR,s,Item,1";            // too few
    case 3: return start + "2025-03-01,Asia/Kolkata,INR,s,Item,1,1.50,more";  // too many
    case 4: return start + "2999-01-01,Asia/Kolkata,INR,s,Item,1,1.50";       // future
    case 5: return start + "2025-03-01,Asia/Kolkata,INR,s,It\xE9m,1,1.50";    // Latin-1
    case 6: return start + "2025-03-01,Asia/Kolkata,INR,s,Item,many,1.50";    // quantity
    case 7: return start + "2025-03-01,Asia/Kolkata,INR,s,Item,1,1;50";       // price
    case 8: return start + "yesterday,Asia/Kolkata,INR,s,Item,1,1.50";        // date
    default: return start + std::string(2'000'000, 'x') + format("{}", row);  // no line end
  }
}

TEST_F(Laws, EveryRowIsStoredOrRejectedAndAnInvoiceIsWhole) {
  std::mt19937 random(11);
  for (int round = 0; round < 25; ++round) {
    std::string csv =
        "invoice_no,store,till,date,time_zone,currency,sku,item,quantity,unit_price\n";
    std::set<int> spoilt;
    std::set<std::int64_t> wrong_lines;
    for (int i = 0; i < kInvoices * kRowsEach; ++i) {
      const int invoice = round * kInvoices + i / kRowsEach;
      const bool hit = random() % 20 == 0;
      if (hit) spoilt.insert(invoice);
      if (hit) wrong_lines.insert(i + 2);
      csv += hit ? damaged(invoice, i % kRowsEach, static_cast<int>(random() % 10))
                 : good_row(invoice, i % kRowsEach);
      csv += random() % 4 == 0 ? "\r\n" : "\n";
    }
    const std::int64_t before = number("SELECT count(*) FROM v_lines");
    const ImportSummary summary = import_csv(csv);
    const auto lost = std::ssize(spoilt) * kRowsEach;
    ASSERT_EQ(summary.rows, kInvoices * kRowsEach);
    ASSERT_EQ(summary.rejected, lost) << round;
    ASSERT_EQ(number("SELECT count(*) FROM v_lines"), before + kInvoices * kRowsEach - lost);

    std::int64_t rows = -1;  // the header
    std::set<std::int64_t> named;
    const Status read = read_csv(rejects(), [&](CsvRow& row) {
      if (++rows > 0 && !row.fields.at(1).starts_with("line ")) {
        named.insert(std::stoll(row.fields.at(0)));
      }
      return Status();
    });
    ASSERT_TRUE(read.ok() || lost == 0) << read.error().message();
    ASSERT_EQ(std::max<std::int64_t>(rows, 0), lost);
    for (const std::int64_t line : named) EXPECT_TRUE(wrong_lines.contains(line)) << line;
  }
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT invoice_no FROM v_lines GROUP BY invoice_no "
                   "HAVING count(*) <> 3)"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM invoice WHERE gross <> (SELECT sum(gross) FROM line WHERE "
                   "line.event_id = invoice.event_id)"),
            0);
}

TEST_F(Laws, ALineWithoutEndCostsNoMemory) {
  const auto path = file("endless.csv");
  {
    // A hole reads as zeros: half a gigabyte that takes no disk.
    std::ofstream out(path, std::ios::binary);
    out << "invoice_no,store,till,date,time_zone,currency,sku,quantity,unit_price\n"
        << "E1,S01,T01,2025-03-01,Asia/Kolkata,INR,a,1,1\nE2,\"";
    out.seekp(std::int64_t{512} * 1024 * 1024);
    out << "\nE3,S01,T01,2025-03-01,Asia/Kolkata,INR,a,1,1\n";
  }
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  const ImportSummary summary = import(path, own(Form::kCsv));
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_EQ(summary.stored, 2);
  EXPECT_EQ(summary.rejected, 1);
  EXPECT_THAT(rejected(), HasSubstr("3,is longer than 1024 KiB,"));
  EXPECT_LT(std::filesystem::file_size(rejects()), 128u * 1024);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB more at the peak";
}

}  // namespace
}  // namespace tillsight::exchange
