// Goal: what a spreadsheet writes is read back exactly, and broken rows are named by line.
// Method: files with known content; writing and reading are each other's inverse.
#include "tillsight/core/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tillsight {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Csv : public ::testing::Test {
 protected:
  Status read(std::string_view content) {
    std::ofstream(file_, std::ios::binary) << content;
    rows_.clear();
    return read_csv(file_, [&](CsvRow& row) {
      rows_.push_back(row);
      return Status();
    });
  }
  TempDir dir_;
  const std::filesystem::path file_ = dir_ / "rows.csv";
  std::vector<CsvRow> rows_;
};

TEST_F(Csv, ReadsQuotesDoubledQuotesAndLineBreaksInside) {
  ASSERT_TRUE(read("a,\"b, c\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",x,\r\nlast,row,1").ok());
  ASSERT_EQ(rows_.size(), 3u);
  EXPECT_THAT(rows_[0].fields, ElementsAre("a", "b, c", "say \"hi\""));
  EXPECT_THAT(rows_[1].fields, ElementsAre("two\nlines", "x", ""));
  EXPECT_THAT(rows_[2].fields, ElementsAre("last", "row", "1"));
}

TEST_F(Csv, NumbersRowsByTheLineWhereTheyStart) {
  ASSERT_TRUE(read("head\n\n\"two\nlines\"\nafter\n").ok());
  ASSERT_EQ(rows_.size(), 3u);
  EXPECT_EQ(rows_[0].line, 1);
  EXPECT_EQ(rows_[1].line, 3);
  EXPECT_EQ(rows_[2].line, 5);
}

TEST_F(Csv, SkipsTheByteOrderMarkOfSpreadsheets) {
  ASSERT_TRUE(read("\xEF\xBB\xBFlabel,sku\n").ok());
  EXPECT_THAT(rows_[0].fields, ElementsAre("label", "sku"));
}

TEST_F(Csv, NamesTheLineOfAQuoteThatIsLeftOpen) {
  EXPECT_THAT(read("a,b\n\"open,c\n").error().message(), HasSubstr("rows.csv:2: "));
}

TEST_F(Csv, StopsAtTheFirstRowTheReaderRefuses) {
  ASSERT_TRUE(read("a,b\n").ok());
  const Status status = read_csv(file_, [](CsvRow& row) -> Status {
    return error(Code::kInvalidArgument, "row {} refused", row.line);
  });
  EXPECT_FALSE(status.ok());
}

TEST_F(Csv, WrittenFieldsReadBackAsTheyWere) {
  const std::vector<std::string> fields = {"plain", "", "a,b", "\"", " edge ", "two\nlines", "ü€"};
  std::string line;
  for (const auto& field : fields) line += (line.empty() ? "" : ",") + csv_field(field);
  ASSERT_TRUE(read(line + "\n").ok());
  EXPECT_EQ(rows_.at(0).fields, fields);
}

TEST_F(Csv, MissingFileIsNotFound) {
  const Status status = read_csv("/nowhere/x.csv", [](CsvRow&) { return Status(); });
  EXPECT_EQ(status.error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace tillsight
