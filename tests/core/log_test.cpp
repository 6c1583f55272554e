// Goal: the log is one line an event, whatever a message quotes.
// Method: standard error is captured and read.
#include "tillsight/core/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tillsight {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

template <typename Write>
std::string logged(Write write) {
  ::testing::internal::CaptureStderr();
  write();
  return ::testing::internal::GetCapturedStderr();
}

TEST(Log, SaysWhenHowBadAndWhat) {
  const std::string line = logged([] { log::warning("sync: {} is gone", "Zoë's broker"); });
  EXPECT_THAT(line, HasSubstr("Z warning"));
  EXPECT_THAT(line, EndsWith("sync: Zoë's broker is gone\n"));
}

TEST(Log, AStrangersBytesAddNoLineAndSteerNoTerminal) {
  const std::string line = logged([] { log::error("hub: {}", "a\nerror hub: forged\x1b[2J\x7f"); });
  EXPECT_THAT(line, EndsWith("hub: a?error hub: forged?[2J?\n"));
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST(Log, AStrangersBytesDoNotFillTheDisk) {
  EXPECT_LT(logged([] { log::error("{}", std::string(1'000'000, 'x')); }).size(), 2'100u);
}

TEST(Log, BelowItsLevelIsSilent) {
  log::set_level(log::Level::kError);
  EXPECT_EQ(logged([] { log::warning("sync: not said"); }), "");
  log::set_level(log::Level::kInfo);
}

}  // namespace
}  // namespace tillsight
