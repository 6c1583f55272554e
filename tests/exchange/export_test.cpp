// Goal: what is exported is what is stored, whole, in files that other programs read; in the
// original's shape it makes the same books again.
// Method: small imported trades, exported and read back, one of them into a second head office.
#include <gmock/gmock.h>

#include "tests/exchange/shop_files.hpp"
#include "tillsight/exchange/export_files.hpp"

namespace tillsight::exchange {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kTrade =
    "invoice_no,store,till,kind,date,time,time_zone,currency,first_name,last_name,phone,sku,"
    "quantity,unit_price,discount,tender\n"
    "A1,S01,T01,sale,2025-03-01,10:15:00,Asia/Kolkata,INR,Asha,Rao,+919876543210,apple,3,2.00,,"
    "cash\n"
    "A1,S01,T01,sale,2025-03-01,10:15:00,Asia/Kolkata,INR,Asha,Rao,+919876543210,cup,1,249.99,"
    "9.99,cash\n"
    "A2,S02,T01,refund,2025-03-02,11:00:00,Asia/Kolkata,INR,,,,cup,1,240.00,,card\n"
    "A3,S02,T02,sale,2025-03-02,12:00:00,Asia/Kolkata,INR,\"Zoë \"\"Z\"\"\",Ünal,+919876543211,"
    "banana,5,3.00,,cash\n";

class Export : public ShopFiles {
 protected:
  Result<ExportSummary> try_export(const ExportCall& call) {
    said_.clear();
    return export_set(
        hub(), call,
        [this](std::string_view text) {
          said_ += text;
          return Status();
        },
        [](double done) {
          EXPECT_GE(done, 0);
          EXPECT_LE(done, 1);
          return true;
        });
  }
  std::string exported(const std::string& set, ExportForm form, bool persons = false) {
    ExportCall call;
    call.selection.set = set;
    call.selection.persons = persons;
    call.form = form;
    const auto summary = try_export(call);
    EXPECT_TRUE(summary.ok()) << (summary.ok() ? "" : summary.error().message());
    return said_;
  }
  std::vector<std::string> files(const std::filesystem::path& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        names.push_back(std::filesystem::relative(entry.path(), folder).string());
      }
    }
    std::ranges::sort(names);
    return names;
  }
  /// What a day's books say, without what the original's shape cannot.
  std::string books() const {
    return text(
        "SELECT group_concat(row, char(10)) FROM (SELECT invoice_no || ' ' || store || ' ' "
        "|| till || ' ' || kind || ' ' || date || ' ' || time || ' ' || gross || ' ' || "
        "coalesce(first_name || last_name || phone, '-') || ' ' || (SELECT "
        "group_concat(sku || quantity || ' ' || line.gross) FROM (SELECT * FROM line "
        "WHERE event_id = invoice.event_id ORDER BY sku) AS line) AS row FROM invoice "
        "LEFT JOIN persons.person ON person.id = person ORDER BY invoice_no)");
  }

  std::string said_;
};

TEST_F(Export, CsvAndJsonLinesHoldEveryRow) {
  import_csv(kTrade);
  const std::string csv = exported("lines", ExportForm::kCsv);
  EXPECT_THAT(csv, StartsWith("cursor,store,till,invoice_no,kind,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 5);
  const std::string lines = exported("invoices", ExportForm::kJsonLines);
  EXPECT_EQ(std::ranges::count(lines, '\n'), 3);
  EXPECT_THAT(lines, Not(HasSubstr("Asha")));
  EXPECT_THAT(exported("invoices", ExportForm::kJsonLines, true),
              HasSubstr(R"("first_name":"Zoë \"Z\"","last_name":"Ünal")"));
}

TEST_F(Export, FilesStandByDateAndStoreOnceEverythingIsThere) {
  import_csv(kTrade);
  ExportCall call;
  call.selection.set = "lines";
  call.folder = file("out");
  call.by_date = call.by_store = true;
  const auto summary = try_export(call);
  ASSERT_TRUE(summary.ok()) << summary.error().message();
  EXPECT_EQ(summary->rows, 4);
  EXPECT_EQ(summary->files, 2);
  EXPECT_THAT(files(call.folder), ElementsAre("date=2025-03-01/store=S01/lines.csv",
                                              "date=2025-03-02/store=S02/lines.csv"));
  EXPECT_EQ(
      std::ranges::count(*read_file(call.folder / "date=2025-03-02/store=S02/lines.csv"), '\n'), 3);
  EXPECT_EQ(try_export(call).error().code(), Code::kAlreadyExists);
}

TEST_F(Export, GoesOnAfterACursor) {
  import_csv(kTrade);
  ExportCall call;
  call.selection.set = "invoices";
  const auto first = try_export(call);
  ASSERT_TRUE(first.ok());
  call.selection.after = *parse_cursor(first->cursor);
  EXPECT_EQ(try_export(call)->rows, 0);
  std::string more(kTrade);
  for (std::size_t at = more.find("\nA1"); at != std::string::npos; at = more.find("\nA1")) {
    more.replace(at, 3, "\nB1");
  }
  import_csv(more);
  const auto second = try_export(call);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->rows, 1);
  EXPECT_THAT(said_, HasSubstr("B1"));
}

TEST_F(Export, StoppedExportLeavesNoFolder) {
  import_csv(kTrade);
  ExportCall call;
  call.selection.set = "lines";
  call.folder = file("out");
  const auto stopped = export_set(
      hub(), call, [](std::string_view) { return Status(); }, [](double) { return false; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(call.folder));
  EXPECT_FALSE(std::filesystem::exists(call.folder.string() + ".unfinished"));
}

TEST_F(Export, OriginalsDocumentsMakeTheSameBooksAgain) {
  import_csv(kTrade);
  const std::string documents = exported("invoices", ExportForm::kMongoJsonLines, true);
  EXPECT_THAT(documents, StartsWith(R"({"InvoiceNo":"A1","Date":"2025-03-01","Time":"10:15:00",)"
                                    R"("DayOfWeek":"Saturday","FirstName":"Asha","LastName":"Rao",)"
                                    R"("PhoneNumber":"+919876543210","Items":{"apple":3,"cup":1},)"
                                    R"("SubTotal":{"apple":6.00,"cup":240.00},"Aisle_visited":[)"));
  const std::string before = books();
  store_.reset();
  std::filesystem::remove_all(hub());
  open();
  const ImportSummary summary =
      import(given("documents.jsonl", documents), shipped("original.toml"));
  EXPECT_EQ(summary.invoices, 3) << rejected();
  EXPECT_EQ(books(), before);
}

TEST_F(Export, WhatMakesNoSenseIsSaid) {
  ExportCall call;
  call.selection.set = "lines";
  call.form = ExportForm::kMongoJsonLines;
  EXPECT_THAT(try_export(call).error().message(), HasSubstr("export invoices"));
  call.form = ExportForm::kCsv;
  call.by_date = true;
  EXPECT_THAT(try_export(call).error().message(), HasSubstr("name one with --out"));
  call.selection.set = "tills";
  call.folder = file("out");
  EXPECT_THAT(try_export(call).error().message(), HasSubstr("tills have no date"));
  call.selection.set = "nothing";
  EXPECT_EQ(try_export(call).error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace tillsight::exchange
