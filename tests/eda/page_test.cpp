// Goal: docs/reports.md has every report, with the columns that it has.
// Method: random trade, every report asked; its row on the page read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/hub/random_trade.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/eda/reports.hpp"

namespace tillsight::eda {
namespace {

class ReportsPage : public hub::RandomTrade {
 protected:
  /// The names in the third column of the report's row.
  static std::vector<std::string> columns_of(const std::string& page, std::string_view report) {
    std::smatch row;
    const std::regex line(format(R"(\| `{}` \|[^|]*\|([^|]*)\|)", report));
    if (!std::regex_search(page, row, line)) return {};
    const std::string cell = row[1];
    std::vector<std::string> names;
    const std::regex name("`([^`]+)`");
    for (std::sregex_iterator at(cell.begin(), cell.end(), name), end; at != end; ++at) {
      names.push_back((*at)[1]);
    }
    return names;
  }
};

TEST_F(ReportsPage, HasEveryReportWithItsColumns) {
  trade(200);
  const std::string page = read_file(std::string(source_dir()) + "/docs/reports.md").value();
  Reports reports(folder());
  for (const ReportInfo& info : known_reports()) {
    ReportRequest request{.name = std::string(info.name)};
    if (info.of_a_date) request.date = parse_date("2026-01-06").value();
    const Report report = reports.run(request).value();
    std::vector<std::string> names;
    for (const Column& column : report.columns) {
      std::string name = column.name;
      const std::size_t currency = name.rfind("_INR");
      if (name.ends_with("_EUR")) continue;
      if (currency != name.npos) name.replace(currency, 4, "_¤");
      if (name.starts_with("month_") && name != "month_1" && name != "month_12") continue;
      names.push_back(name);
    }
    std::vector<std::string> expected = columns_of(page, info.name);
    if (info.name == "z-reports") expected.resize(9);  // without a Z there is no currency
    EXPECT_EQ(names, expected) << info.name;
  }
}

}  // namespace
}  // namespace tillsight::eda
