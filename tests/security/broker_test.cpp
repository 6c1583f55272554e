// Goal: with the shipped configuration nobody gets in without a certificate that counts, and nobody
// who is in can do more than its own.
// Method: a chain as `tillsight provision` makes it, a real Mosquitto; everything that somebody
// might try, each attempt with the reason for which it must fail, and controls that would succeed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "bench/figure.hpp"
#include "tests/security/attempts.hpp"

namespace tillsight::security {
namespace {

using ::testing::HasSubstr;

int count_let_in(const std::vector<Attempt>& attempts) {
  int let_in = 0;
  for (const Attempt& attempt : attempts) {
    let_in += attempt.let_in ? 1 : 0;
    EXPECT_FALSE(attempt.let_in) << attempt.name << ": " << attempt.answer;
    EXPECT_THAT(attempt.answer, HasSubstr(attempt.expected)) << attempt.name;
    std::printf("%-60s %s\n", attempt.name.c_str(), attempt.answer.c_str());
  }
  return let_in;
}

TEST(Broker, LetsNobodyInWhoDoesNotBelongAndNobodyDoMoreThanItsOwn) {
  Chain chain;
  int tried = 0;
  int let_in = 0;
  for (const auto& group : {&strangers, &impostors, &greedy_till}) {
    const std::vector<Attempt> attempts = group(chain);
    tried += static_cast<int>(attempts.size());
    let_in += count_let_in(attempts);
  }
  EXPECT_TRUE(bench::print({.name = "security.strangers_let_in",
                            .value = static_cast<double>(let_in),
                            .unit = "attempts",
                            .goal = bench::Goal::kAtMost,
                            .bound = 0,
                            .rival = format("tried:{}", tried)}));
  EXPECT_TRUE(bench::print({.name = "security.refusals_tried",
                            .value = static_cast<double>(tried),
                            .unit = "attempts",
                            .goal = bench::Goal::kAtLeast,
                            .bound = 44}));
}

}  // namespace
}  // namespace tillsight::security
