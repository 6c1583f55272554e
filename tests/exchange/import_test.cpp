// Goal: what another system sold stands beside the tills' own sales, each invoice whole and once,
// and what cannot be taken is named with its line.
// Method: small files, and the rows of the database that they become.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exchange/shop_files.hpp"
#include "tillsight/domain/audit.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/hub/audit.hpp"

namespace tillsight::exchange {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Import : public ShopFiles {};

constexpr std::string_view kHeader =
    "invoice_no,store,till,kind,date,time,time_zone,currency,first_name,last_name,phone,sku,item,"
    "aisle,quantity,unit_price,discount,tax_percent,tender,origin\n";

std::string with_header(std::string_view rows) {
  return std::string(kHeader) + std::string(rows);
}

const std::string kTwoInvoices = with_header(
    "A1,S01,T01,sale,2025-03-01,10:15:00,Asia/Kolkata,INR,Asha,Rao,+919876543210,apple,Apple,"
    "Grocery,3,2.00,,0,cash,\n"
    "A1,S01,T01,sale,2025-03-01,10:15:00,Asia/Kolkata,INR,Asha,Rao,+919876543210,cup,Cup,"
    "Utensils,1,249.99,9.99,12,cash,\n"
    "A2,S01,T01,refund,2025-03-02,11:00:00,Asia/Kolkata,INR,,,,cup,Cup,Utensils,1,240.00,,12,card"
    ",synthetic\n");

TEST_F(Import, BecomesRowsBesideTheTillsOwn) {
  const ImportSummary summary = import_csv(kTwoInvoices);
  EXPECT_EQ(summary.stored, 3);
  EXPECT_EQ(summary.invoices, 2);
  EXPECT_THAT(rejected(), IsEmpty());
  EXPECT_EQ(
      text("SELECT kind || ' ' || date || ' ' || time || ' ' || weekday || ' ' || utc || ' ' "
           "|| gross || ' ' || lines || ' ' || origin FROM v_invoices WHERE invoice_no = 'A1'"),
      "sale 2025-03-01 10:15:00 Saturday 2025-03-01T04:45:00.000Z 24600 2 imported");
  EXPECT_EQ(text("SELECT first_name || last_name || phone FROM invoice JOIN persons.person ON "
                 "person.id = person"),
            "AshaRao+919876543210");
  EXPECT_EQ(text("SELECT list_price || ' ' || discount || ' ' || gross || ' ' || net || ' ' || tax "
                 "FROM v_lines WHERE sku = 'cup' AND kind = 'sale'"),
            "24999 999 24000 21429 2571");
  EXPECT_EQ(
      text("SELECT kind || ' ' || gross || ' ' || origin || ' ' || till FROM v_invoices WHERE "
           "invoice_no = 'A2'"),
      "refund 24000 synthetic T01");
  EXPECT_EQ(text("SELECT group_concat(type || amount || origin) FROM v_tenders"),
            "cash24600imported,card24000synthetic");
  EXPECT_EQ(text("SELECT group_concat(source || ' ' || origin || ' ' || invoices) FROM v_imports"),
            "history imported 1,history synthetic 1");
}

TEST_F(Import, IsClaimedByNoAuditAndNoTill) {
  import_csv(kTwoInvoices);
  Audit audit;
  ASSERT_TRUE(hub::audit_hub(hub(), clock_, audit, [](double) {}).ok());
  EXPECT_THAT(audit.problems, IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM v_journals"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM v_gaps"), 0);
  store_.reset();
  open();
  EXPECT_THAT(store_->gaps(), IsEmpty());
}

TEST_F(Import, IsCountedByTheReports) {
  import_csv(kTwoInvoices);
  const auto report = eda::Reports(hub()).run({.name = "top-customers"});
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(eda::to_csv(*report),
            "first_name,last_name,phone,invoices,last_visit,revenue_INR\n"
            "Asha,Rao,+919876543210,1,2025-03-01,246.00\n");
  EXPECT_THAT(eda::to_table(*report), HasSubstr("imported 1, synthetic 1"));
}

TEST_F(Import, TwiceStoresNothingNew) {
  import_csv(kTwoInvoices);
  const std::string before = text("SELECT group_concat(cursor || gross) FROM v_invoices");
  store_.reset();
  open();
  const ImportSummary again = import_csv(kTwoInvoices);
  EXPECT_EQ(again.already, 3);
  EXPECT_EQ(again.invoices, 0);
  EXPECT_EQ(text("SELECT group_concat(cursor || gross) FROM v_invoices"), before);
}

TEST_F(Import, DoesNotBringBackWhoWasErased) {
  import_csv(kTwoInvoices);
  ASSERT_TRUE(store_->erase_customer("+919876543210", random_).ok());
  import_csv(kTwoInvoices);
  EXPECT_EQ(number("SELECT count(*) FROM persons.person"), 0);
}

TEST_F(Import, RejectsANumberThatIsHereWithOtherContent) {
  import_csv(kTwoInvoices);
  const ImportSummary summary = import_csv(with_header(
      "A1,S01,T01,sale,2025-03-01,10:15:00,Asia/Kolkata,INR,,,,apple,Apple,,4,2.00,,0,cash,\n"));
  EXPECT_EQ(summary.rejected, 1);
  EXPECT_THAT(rejected(), HasSubstr("2,\"invoice A1 of source history is here already"));
  EXPECT_EQ(number("SELECT sum(quantity) FROM v_lines"), 5);
}

TEST_F(Import, TakesAnInvoiceWholeOrNotAtAll) {
  const std::string rows = with_header(
      "A1,S01,T01,,2025-03-01,10:15:00,Asia/Kolkata,INR,,,,apple,Apple,,3,2.00,,,,\n"
      "A2,S01,T01,,2025-03-01,10:16:00,Asia/Kolkata,INR,,,,apple,Apple,,1,2.00,,,,\n"
      "A1,S01,T01,,2025-03-01,10:15:00,Asia/Kolkata,INR,,,,cup,Cup,,x,9.00,,,,\n");
  const ImportSummary summary = import_csv(rows);
  EXPECT_EQ(summary.stored, 1);
  EXPECT_EQ(summary.rejected, 2);
  EXPECT_THAT(rejected(), HasSubstr("2,line 4 of the same invoice: quantity 'x' is no number,"));
  EXPECT_THAT(rejected(), HasSubstr("4,quantity 'x' is no number,"));

  std::string corrected = rows;
  corrected.replace(corrected.find(",x,"), 3, ",7,");
  EXPECT_EQ(import_csv(corrected).stored, 2) << "corrected, it is taken";
  EXPECT_THAT(rejected(), IsEmpty()) << "what an earlier import rejected is no longer so";
  EXPECT_EQ(number("SELECT sum(quantity) FROM v_lines WHERE invoice_no = 'A1'"), 10);
}

TEST_F(Import, SaysForEachRowWhatIsWrong) {
  const auto reason = [this](std::string_view row) {
    import_csv(with_header(std::string(row) + "\n"));
    return rejected();
  };
  const std::string head = "B1,S01,T01,,2025-03-01,10:15:00,Asia/Kolkata,INR,,,,";
  EXPECT_THAT(reason("B1,S01,T01,,2031-03-01,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("date '2031-03-01' is in the future"));
  EXPECT_THAT(reason("B1,S01,T01,,2025-02-30,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("date '2025-02-30' is no day of the calendar"));
  EXPECT_THAT(reason("B1,S01,T01,,1.3.2025,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("date '1.3.2025' is no date as %Y-%m-%d"));
  EXPECT_THAT(reason("B1,s 1,T01,,2025-03-01,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("store id 's 1' is not"));
  EXPECT_THAT(reason("B1,S01,T01,,2025-03-01,,Mars/Base,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("time_zone time zone 'Mars/Base' is unknown"));
  EXPECT_THAT(reason("B1,S01,T01,,2025-03-01,,Asia/Kolkata,rupee,,,,a,A,,1,2,,,,"),
              HasSubstr("currency"));
  EXPECT_THAT(reason("B1,S01,T01,,2025-03-01,,Asia/Kolkata,INR,A,B,12,a,A,,1,2,,,,"),
              HasSubstr("phone"));
  EXPECT_THAT(reason(head + "a,A,,1.5,2,,,,"), HasSubstr("'1.5' is no whole number of pieces"));
  EXPECT_THAT(reason(head + "a,A,,0,2,,,,"), HasSubstr("'0' is no whole number of pieces"));
  EXPECT_THAT(reason(head + "a,A,,1,two,,,,"), HasSubstr("unit_price 'two' is no number"));
  EXPECT_THAT(reason(head + "a,A,,1,\"2,50\",,,,"), HasSubstr("unit_price '2,50' is no number"));
  EXPECT_THAT(reason(head + "a,A,,1000000,999999999999,,,,"), HasSubstr("comes to more than"));
  EXPECT_THAT(reason(head + ",,,1,2,,,,"), HasSubstr("has neither sku nor item"));
  EXPECT_THAT(reason(head + "a,A,,1,2,,101,,"), HasSubstr("tax_percent"));
  EXPECT_THAT(reason(head + "a,A,,1,2,,,Cash!,"),
              HasSubstr("tender 'Cash!' is no kind of payment"));
  EXPECT_THAT(reason(head + "a,A,,1,2,,,,real"), HasSubstr("origin 'real' is neither"));
  EXPECT_THAT(reason(",S01,T01,,2025-03-01,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,"),
              HasSubstr("does not tell the number of its invoice"));
  EXPECT_THAT(reason(head + "a,A,,1,2,,,"), HasSubstr("has 19 columns, the header 20"));
  EXPECT_THAT(reason(head + "a,\xFF,,1,2,,,,"), HasSubstr("item is not utf-8"));
  EXPECT_THAT(reason(head + "a,\"A\"x,,1,2,,,,"), HasSubstr("its quotes do not match"));
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 0);
}

TEST_F(Import, AQuoteThatIsNeverClosedCostsItsOwnLine) {
  const std::string good = ",S01,T01,,2025-03-01,,Asia/Kolkata,INR,,,,a,\"A \"\"1\"\"\",,1,2,,,,\n";
  const ImportSummary summary = import_csv(with_header(
      "C1" + good + "C2,\"S01,T01,,2025-03-01,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,\nC3" + good));
  EXPECT_EQ(summary.stored, 2);
  EXPECT_EQ(summary.rejected, 1);
  EXPECT_THAT(rejected(), HasSubstr("3,its quotes do not match,"));
  EXPECT_EQ(text("SELECT item FROM v_lines"), "A \"1\"");
}

TEST_F(Import, TellsAHeaderThatIsNotOneAtOnce) {
  const auto wrong = [this](std::string_view content) {
    const auto summary = try_import(given("x.csv", content), own(Form::kCsv));
    EXPECT_FALSE(summary.ok());
    return summary.error().message();
  };
  EXPECT_THAT(wrong(""), HasSubstr("x.csv:1: is no header row: the file is empty"));
  EXPECT_THAT(wrong("InvoiceNo,Date\n"), HasSubstr("no column 'invoice_no', but 'InvoiceNo,Date'"));
  EXPECT_THAT(try_import(file("none.csv"), own(Form::kCsv)).error().message(),
              HasSubstr("none.csv: cannot read"));
  EXPECT_THAT(try_import(dir_.path(), own(Form::kCsv)).error().message(), HasSubstr("is a folder"));
}

TEST_F(Import, StopsWhereItIsAskedToAndGoesOnFromThere) {
  std::string rows;
  for (int i = 0; i < 60'000; ++i) {
    rows += format("D{},S01,T01,,2025-03-01,,Asia/Kolkata,INR,,,,a,A,,1,2,,,,\n", i / 4);
  }
  const auto path = given("long.csv", with_header(rows));
  int looks = 0;
  const auto stopped = try_import(path, own(Form::kCsv), [&](double) { return ++looks < 45; });
  ASSERT_TRUE(stopped.ok());
  EXPECT_TRUE(stopped->stopped);
  EXPECT_GT(stopped->stored, 0);
  EXPECT_EQ(stopped->rows, stopped->stored);
  const ImportSummary rest = import(path, own(Form::kCsv));
  EXPECT_EQ(rest.already, stopped->stored);
  EXPECT_EQ(rest.stored, 60'000 - stopped->stored);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), 15'000);
}

TEST_F(Import, JsonLinesSayTheSameAsCsv) {
  import_csv(kTwoInvoices);
  const auto path =
      given("own.jsonl",
            R"({"invoice_no":"A1","store":"S01","till":"T01","kind":"sale","date":"2025-03-01",)"
            R"("time":"10:15:00","time_zone":"Asia/Kolkata","currency":"INR","first_name":"Asha",)"
            R"("last_name":"Rao","phone":"+919876543210","tender":"cash","lines":[)"
            R"({"sku":"apple","item":"Apple","aisle":"Grocery","quantity":3,"unit_price":2.0},)"
            R"({"sku":"cup","item":"Cup","aisle":"Utensils","quantity":1,"unit_price":"249.99",)"
            R"("discount":9.99,"tax_percent":12}]})"
            "\n{\"invoice_no\":\"A3\",\"lines\":[]}\n{\"invoice_no\":\"A4\",\nnull\n");
  const ImportSummary summary = import(path, own(Form::kJsonLines));
  EXPECT_EQ(summary.already, 1);
  EXPECT_EQ(summary.rejected, 3);
  EXPECT_THAT(rejected(), HasSubstr("\n2,lines is no array of 1 to 10000 objects,"));
  EXPECT_THAT(rejected(), HasSubstr("\n3,\"is no JSON ("));
  EXPECT_THAT(rejected(), HasSubstr("\n4,is no JSON object,null"));
}

TEST_F(Import, TakesTheDocumentsOfTheOriginalProject) {
  const auto path = given(
      "Invoice.jsonl",
      R"({"_id":{"$oid":"5f"},"InvoiceNo":41,"FirstName":"Asha","LastName":"Rao",)"
      R"("PhoneNumber":9876543210,"Date":"2018-03-04","Time":"18:05:00","DayOfWeek":"Sunday",)"
      R"("Items":{"banana":6,"cell phone":1},"SubTotal":{"banana":18.0,"cell phone":19999.99},)"
      R"("Total":20017.99,"Aisle_visited":["Grocery","Electronics"]})"
      "\n"
      R"({"InvoiceNo":42,"FirstName":"A","LastName":"B","PhoneNumber":"9876543211",)"
      R"("Date":"05/03/2018","Time":"09:00:00","Items":{"apple":1},"SubTotal":{"apple":2},)"
      R"("Total":3})"
      "\n");
  const ImportSummary summary = import(path, shipped("original.toml"));
  EXPECT_EQ(summary.stored, 1);
  EXPECT_THAT(rejected(), HasSubstr("2,\"Total is 3, but its lines come to 2.00\""));
  EXPECT_EQ(
      text("SELECT group_concat(sku || ' ' || aisle || ' ' || quantity || ' ' || list_price || "
           "' ' || gross) FROM v_lines"),
      "banana Grocery 6 300 1800,cellphone Electronics 1 1999999 1999999");
  EXPECT_EQ(text("SELECT date || ' ' || time || ' ' || weekday FROM v_invoices"),
            "2018-03-04 18:05:00 Sunday");
  EXPECT_EQ(text("SELECT phone FROM persons.person"), "+919876543210");
}

TEST_F(Import, ForeignNumbersDatesAndLettersAreReadAsTheMappingSays) {
  const auto toml = given("laden.toml", R"toml(
source = "laden"
delimiter = ";"
encoding = "windows-1252"
store = "S02"
till = "T09"
currency = "EUR"
time_zone = "Europe/Berlin"
[columns]
invoice_no = "Bon"
item = "Artikel"
quantity = "Menge"
date = "Datum"
time = "Zeit"
line_total = "Betrag"
customer = "Kunde"
[date]
formats = ["%d.%m.%Y"]
time_formats = ["%H:%M"]
[numbers]
decimal = ","
thousands = "."
)toml");
  const Mapping mapping = load_mapping(toml).value();
  const auto path = given("laden.csv",
                          "Bon;Datum;Zeit;Artikel;Menge;Betrag;Kunde;Filiale\r\n"
                          "7;02.07.2024;8:05;K\xE4se \x80;1.000;2.499,90;4711;Mitte\r\n"
                          "7;02.07.2024;8:05;Milch;-1;-1,19;4711;Mitte\r\n");
  const ImportSummary summary = import(path, mapping);
  EXPECT_EQ(summary.stored, 2) << rejected();
  EXPECT_EQ(
      text("SELECT sku || '|' || item || '|' || quantity || '|' || list_price || '|' || gross "
           "FROM v_lines WHERE line = 1"),
      "käse-€|Käse €|1000|250|249990");
  EXPECT_EQ(
      text("SELECT quantity || '|' || list_price || '|' || gross FROM v_lines WHERE line = 2"),
      "-1|119|-119");
  EXPECT_EQ(text("SELECT utc || gross FROM v_invoices"), "2024-07-02T06:05:00.000Z249871");
  EXPECT_EQ(text("SELECT phone FROM persons.person"), "laden:4711");
}

TEST_F(Import, AMappingsMistakeIsToldWithItsLine) {
  const auto wrong = [this](std::string_view toml) {
    const auto mapping = load_mapping(given("m.toml", toml));
    EXPECT_FALSE(mapping.ok());
    return mapping.ok() ? "" : mapping.error().message();
  };
  EXPECT_THAT(wrong("source = \"X Y\"\n"), HasSubstr("m.toml:1: source: 'X Y' is no name"));
  EXPECT_THAT(wrong("source = \"x\"\nencoding = \"utf-16\"\n"), HasSubstr("m.toml:2: encoding:"));
  EXPECT_THAT(wrong("source = \"x\"\nencoding = \"klingon\"\n"), HasSubstr("is no encoding"));
  EXPECT_THAT(wrong("source = \"x\"\nform = \"xml\"\n"),
              HasSubstr("m.toml:2: form: is csv or jsonl"));
  EXPECT_THAT(wrong("source = \"x\"\n[columns]\nquantiti = \"q\"\n"), HasSubstr("m.toml"));
  EXPECT_THAT(wrong("source = \"x\"\n"), HasSubstr("columns.invoice_no"));
}

}  // namespace
}  // namespace tillsight::exchange
