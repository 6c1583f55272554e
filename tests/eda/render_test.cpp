// Goal: a report reads well on a terminal in any script, and a spreadsheet and a program get back
// exactly what is in it.
// Method: tables line by line; CSV and JSON are read back by their own readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/csv.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/eda/report.hpp"

namespace tillsight::eda {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Column kName{"name", ColumnType::kText, {}};
const Column kDay{"day", ColumnType::kDate, {}};
const Column kInvoices{"invoices", ColumnType::kInteger, {}};

Column revenue(std::string_view code) {
  return {format("revenue_{}", code), ColumnType::kMoney, Currency::parse(code).value()};
}

Report given_report() {
  Report report;
  report.name = "sample";
  report.title = "Sample";
  report.columns = {kName, kDay, kInvoices, revenue("INR"), revenue("JPY")};
  report.rows = {
      {"Asha Rao", "2026-01-05", std::int64_t{12}, Money::minor(74850), Cell()},
      {"ألف ليلة, \"Zoë\"", "2026-01-06", std::int64_t{3}, Money::minor(-5), Money::minor(200)},
      {"山田 太郎", "2026-01-07", std::int64_t{1}, Cell(), Money::minor(1)},
  };
  report.totals = {{kInvoices, std::int64_t{16}}, {revenue("INR"), Money::minor(74845)}};
  return report;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, AlignsByWhatLettersTakeOnTheScreen) {
  EXPECT_THAT(
      lines_of(to_table(given_report())),
      ElementsAre("Sample", "", "name             day         invoices  revenue_INR  revenue_JPY",
                  "---------------  ----------  --------  -----------  -----------",
                  "Asha Rao         2026-01-05        12       748.50",
                  "ألف ليلة, \"Zoë\"  2026-01-06         3        -0.05          200",
                  "山田 太郎        2026-01-07         1                         1", "",
                  "In all: invoices 16, revenue_INR 748.45"));
}

TEST(Table, WithoutRowsSaysNoSales) {
  Report report = given_report();
  report.rows.clear();
  const std::string table = to_table(report);
  EXPECT_THAT(table, HasSubstr("revenue_INR"));
  EXPECT_THAT(table, HasSubstr("\n(none)\n"));
}

TEST(Table, CannotBeSteeredByAName) {
  Report report = given_report();
  report.rows[0][0] =
      "\x1b[2Jgone\nnext\x7f\xc2\x9b"
      "1m";
  const std::string table = to_table(report);
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(table.find("\xc2\x9b"), std::string::npos);
  EXPECT_THAT(table, HasSubstr("?[2Jgone?next?"));
}

TEST(Table, CutsALongNameAndKeepsTheColumns) {
  Report report = given_report();
  report.rows[0][0] = std::string(60, 'x');
  const auto lines = lines_of(to_table(report));
  EXPECT_THAT(lines[4], HasSubstr("xxx…  2026-01-05"));
  EXPECT_EQ(display_width(lines[3]), 40 + 2 + 10 + 2 + 8 + 2 + 11 + 2 + 11);
}

TEST(CsvForm, ReadsBackAsItWas) {
  const TempDir dir;
  std::ofstream(dir / "report.csv", std::ios::binary) << to_csv(given_report());
  std::vector<std::vector<std::string>> rows;
  const Status read = read_csv(dir / "report.csv", [&](CsvRow& row) {
    rows.push_back(row.fields);
    return Status();
  });
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_THAT(rows[0], ElementsAre("name", "day", "invoices", "revenue_INR", "revenue_JPY"));
  EXPECT_THAT(rows[1], ElementsAre("Asha Rao", "2026-01-05", "12", "748.50", ""));
  EXPECT_THAT(rows[2], ElementsAre("ألف ليلة, \"Zoë\"", "2026-01-06", "3", "-0.05", "200"));
}

TEST(CsvForm, OfAnEmptyReportIsItsHeader) {
  Report report = given_report();
  report.rows.clear();
  EXPECT_EQ(to_csv(report), "name,day,invoices,revenue_INR,revenue_JPY\n");
}

TEST(JsonForm, ReadsBackAsItWas) {
  Report report = given_report();
  report.rows[0][0] = "back\\slash \"quote\"\n\x01 山";
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["report"], "sample");
  EXPECT_EQ(json["columns"].size(), 5u);
  EXPECT_EQ(json["columns"][3]["currency"], "INR");
  EXPECT_EQ(json["columns"][3]["type"], "money");
  EXPECT_EQ(json["rows"].size(), 3u);
  EXPECT_EQ(json["rows"][0]["name"], "back\\slash \"quote\"\n\x01 山");
  EXPECT_EQ(json["rows"][0]["invoices"], 12);
  EXPECT_EQ(json["rows"][0]["revenue_INR"], "748.50");
  EXPECT_TRUE(json["rows"][0]["revenue_JPY"].is_null());
  EXPECT_EQ(json["totals"]["invoices"], 16);
  EXPECT_EQ(json["totals"]["revenue_INR"], "748.45");
}

TEST(JsonForm, OfAnEmptyReportHasAnEmptyList) {
  Report report = given_report();
  report.rows.clear();
  report.totals.clear();
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_TRUE(json["rows"].is_array() && json["rows"].empty());
  EXPECT_TRUE(json["totals"].is_object() && json["totals"].empty());
}

}  // namespace
}  // namespace tillsight::eda
