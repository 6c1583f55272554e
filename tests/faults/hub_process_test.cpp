// Goal: what an administrator does with a real head office works while real tills sell: back up the
// running hub, lose it, restore, audit; and orders reach it while it runs.
// Method: real Mosquitto, hub and tills as processes; the commands of the README as a user types
// them; a clerk at each till writes down what was paid.
#include <gmock/gmock.h>

#include <array>
#include <cstdio>

#include "bench/figure.hpp"
#include "tests/faults/trading_day.hpp"

namespace tillsight::test {
namespace {

using ::testing::HasSubstr;

struct Said {
  int status = 0;
  std::string text;
};

/// What a user types after "tillsight".
Said tillsight(const std::string& arguments) {
  const std::string command = format("{} --log-level error {} 2>&1", TILLSIGHT_PROGRAM, arguments);
  std::FILE* const output = ::popen(command.c_str(), "r");
  Said said;
  std::array<char, 4096> block;
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), output)) {
    said.text.append(block.data(), size);
  }
  said.status = ::pclose(output) / 256;
  return said;
}

class RealHeadOffice : public TradingDay {
 protected:
  static constexpr Ms kPatience{60'000};

  RealHeadOffice() { open_shop({}); }

  std::string at_hub() const { return format("--data {}", shop_->hub_data().string()); }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  bool hub_listens() const { return std::filesystem::exists(shop_->hub_data() / "hub.sock"); }
  void expect_status(int status, const Said& said, const std::string& says = "") {
    EXPECT_EQ(said.status, status) << said.text;
    EXPECT_THAT(said.text, HasSubstr(says));
  }
};

TEST_F(RealHeadOffice, IsBackedUpWhileItRunsAndRestoredWithNothingLost) {
  ASSERT_TRUE(sell(20) && settle(kPatience)) << where();
  expect_status(0, tillsight(format("hub backup {} {}", file("backup"), at_hub())),
                "copied and checked");
  ASSERT_TRUE(sell(20) && settle(kPatience)) << where();
  const std::string restore = format("hub restore {} {}", file("backup"), at_hub());
  expect_status(2, tillsight(restore + " --force"), "stop it");
  shop_->kill("hub");
  expect_status(2, tillsight(restore), "--force");
  std::filesystem::remove_all(shop_->hub_data());
  ASSERT_TRUE(sell(10)) << where();
  expect_status(0, tillsight(restore), "restored");
  shop_->start("hub");
  ASSERT_TRUE(settle(kPatience)) << where();

  expect_status(0, tillsight("audit " + at_hub()), "proven: ");
  for (const std::string& till : shop_->tills()) {
    const std::string other = file(till + ".json");
    expect_status(0, tillsight(format("audit --journal {} --format json > {}",
                                      shop_->journal(till).string(), other)));
    expect_status(0, tillsight(format("audit {} --compare {}", at_hub(), other)));
  }
  const Findings findings = audited();
  EXPECT_GE(findings.events, 100);
  EXPECT_TRUE(bench::print({.name = "hub.real_restore_lost_or_doubled",
                            .value = static_cast<double>(findings.lost + findings.doubled),
                            .unit = "invoices",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("sold:{}", findings.events)}));
}

TEST_F(RealHeadOffice, TakesOrdersWhileItRunsAndWhileItDoesNot) {
  ASSERT_TRUE(work_until([this] { return hub_listens(); }, kPatience)) << where();
  expect_status(0, tillsight("hub quarantine list " + at_hub()), "nothing is in quarantine");
  expect_status(0, tillsight("hub quarantine replay " + at_hub()), "0 replayed, 0 still refused");
  expect_status(2, tillsight("hub quarantine drop --id 7 --reason 'a test' " + at_hub()),
                "there is no number 7");
  shop_->kill("hub");
  expect_status(0, tillsight("hub quarantine replay " + at_hub()), "0 replayed, 0 still refused");
}

}  // namespace
}  // namespace tillsight::test
