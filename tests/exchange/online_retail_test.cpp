// Goal: UCI Online Retail, imported by the mapping that is shipped, has the numbers that it has.
// Method: the real file, if TILLSIGHT_DATA or ../shared/data beside the sources has it; the same
// numbers are counted by awk over the raw CSV, in this run.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "tests/exchange/shop_files.hpp"
#include "tillsight/eda/reports.hpp"

namespace tillsight::exchange {
namespace {

class OnlineRetail : public ShopFiles {
 protected:
  static std::filesystem::path packed() {
    const char* const data = std::getenv("TILLSIGHT_DATA");
    const std::filesystem::path folder =
        data != nullptr ? std::filesystem::path(data)
                        : std::filesystem::path(source_dir()) / "../shared/data";
    return folder / "online-retail/OnlineRetail.csv.gz";
  }

  static std::string output_of(const std::string& command) {
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> block;
    while (const std::size_t size = std::fread(block.data(), 1, block.size(), pipe)) {
      text.append(block.data(), size);
    }
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return text;
  }

  /// Lines, invoices, cancellations, customers, lines without one, pieces, revenue in pence.
  std::array<std::int64_t, 7> counted_by_awk(const std::filesystem::path& csv) const {
    const auto program = given("count.awk", R"awk(
function fields(row,   n, i, c, quoted) {
  n = 1; f[1] = ""; quoted = 0
  for (i = 1; i <= length(row); ++i) {
    c = substr(row, i, 1)
    if (c == "\"") quoted = !quoted
    else if (c == "," && !quoted) f[++n] = ""
    else f[n] = f[n] c
  }
  return n
}
NR > 1 {
  if (index($0, "\"")) fields($0); else split($0, f, ",")
  ++lines; pieces += f[4]
  if (!(f[1] in seen)) { seen[f[1]] = 1; ++invoices; if (f[1] ~ /^C/) ++cancelled }
  if (f[7] == "") ++anonymous; else if (!(f[7] in known)) { known[f[7]] = 1; ++customers }
  pence = f[4] * f[6] * 100
  revenue += int(pence + (pence < 0 ? -0.500001 : 0.500001))
}
END { printf "%d %d %d %d %d %d %d\n", lines, invoices, cancelled, customers, anonymous, pieces,
      revenue }
)awk");
    std::istringstream numbers(
        output_of(format("LC_ALL=C awk -f {} {}", program.string(), csv.string())));
    std::array<std::int64_t, 7> counted{};
    for (std::int64_t& each : counted) numbers >> each;
    return counted;
  }

  /// What reports begin with, by their names: the first cell of five rows with a number of it.
  std::map<std::string, std::string> answered_by_awk(const std::filesystem::path& csv) const {
    const auto program = given("answer.awk", R"awk(
NR > 1 {
  rest = $0; gsub(/"[^"]*"/, "", rest); split(rest, f, ",")
  day = substr(f[5], 1, 10)
  pieces[f[2]] += f[4]
  if (f[1] ~ /^C/) next
  lines[f[2]]++
  if (!(f[1] in seen)) { seen[f[1]] = 1; invoices[day]++ }
}
END {
  for (day in invoices) printf "busiest-days %d %s\n", invoices[day], day
  for (sku in lines) printf "top-items %d %s\n", pieces[sku], sku
}
)awk");
    std::map<std::string, std::string> answers;
    for (const char* const name : {"busiest-days", "top-items"}) {
      // Most first; of equals the earlier day, or the SKU that comes first.
      answers[name] = output_of(
          format("LC_ALL=C awk -f {} {} | grep '^{} ' | LC_ALL=C sort -k2,2nr -k3,3 | head -n 5 | "
                 "awk '{{ print $3, $2 }}'",
                 program.string(), csv.string(), name));
    }
    return answers;
  }

  /// The first cell and the number that the report is about, a line each.
  static std::string first_cells(const eda::Report& report) {
    const std::size_t about = report.name == "busiest-days" ? 2 : 4;
    std::string text;
    for (const auto& row : report.rows) {
      text += format("{} {}\n", std::get<std::string>(row[0]), std::get<std::int64_t>(row[about]));
    }
    return text;
  }
};

TEST_F(OnlineRetail, HasTheNumbersThatItHas) {
  if (!std::filesystem::exists(packed())) {
    GTEST_SKIP() << "no " << packed().string()
                 << "; set TILLSIGHT_DATA to the folder that holds online-retail/";
  }
  const auto csv = file("OnlineRetail.csv");
  output_of(format("gunzip -c {} > {}", packed().string(), csv.string()));
  const auto expected = counted_by_awk(csv);
  ASSERT_GT(expected[0], 500'000);

  const ImportSummary summary = import(csv, shipped("online-retail.toml"));
  EXPECT_EQ(summary.rejected, 0) << rejected().substr(0, 500);
  EXPECT_EQ(summary.stored, expected[0]);
  EXPECT_EQ(summary.invoices, expected[1]);
  EXPECT_EQ(number("SELECT count(*) FROM v_lines"), expected[0]);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices"), expected[1]);
  EXPECT_EQ(number("SELECT count(*) FROM v_invoices WHERE kind = 'refund'"), expected[2]);
  EXPECT_EQ(number("SELECT count(DISTINCT customer) FROM v_invoices"), expected[3]);
  EXPECT_EQ(number("SELECT count(*) FROM v_lines WHERE customer IS NULL"), expected[4]);
  EXPECT_EQ(number("SELECT sum(iif(kind = 'refund', -quantity, quantity)) FROM v_lines"),
            expected[5]);
  EXPECT_EQ(number("SELECT sum(iif(kind = 'refund', -gross, gross)) FROM v_invoices"), expected[6]);
  EXPECT_EQ(number("SELECT count(*) FROM v_lines WHERE gross <> list_price * quantity - discount"),
            0);

  for (const auto& [name, expected_rows] : answered_by_awk(csv)) {
    const auto report = eda::Reports(hub()).run({.name = name, .limit = 5});
    ASSERT_TRUE(report.ok()) << report.error().message();
    EXPECT_EQ(first_cells(*report), expected_rows) << name;
  }

  const ImportSummary again = import(csv, shipped("online-retail.toml"));
  EXPECT_EQ(again.already, expected[0]);
}

}  // namespace
}  // namespace tillsight::exchange
