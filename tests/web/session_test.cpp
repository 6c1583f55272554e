// Goal: a session is opened by an address that holds once, and by nothing else, and outlives the
// till's process.
// Method: two Sessions with one key stand for a till before and after a restart.
#include "web/session.hpp"

#include <gtest/gtest.h>

namespace tillsight::web {
namespace {

const SecretKey kKey(sha256("a key of this till"));

TEST(Sessions, StartKeyHoldsOnce) {
  SeededRandom random(1);
  Sessions sessions(kKey, random);
  const std::string key = sessions.start_key();
  const auto cookie = sessions.open(key);
  ASSERT_TRUE(cookie.has_value());
  EXPECT_TRUE(sessions.holds(*cookie));
  EXPECT_NE(sessions.start_key(), key);
  EXPECT_FALSE(sessions.open(key).has_value());
  EXPECT_FALSE(sessions.open("").has_value());
}

TEST(Sessions, SessionHoldsOverARestartAndNotUnderAnotherKey) {
  SeededRandom random(2);
  Sessions before(kKey, random);
  const std::string cookie = before.open(before.start_key()).value();
  Sessions after(kKey, random);
  EXPECT_TRUE(after.holds(cookie));
  EXPECT_EQ(after.token(cookie), before.token(cookie));
  EXPECT_FALSE(Sessions(SecretKey(sha256("another till")), random).holds(cookie));
}

TEST(Sessions, NoChangedCookieHolds) {
  SeededRandom random(3);
  Sessions sessions(kKey, random);
  const std::string cookie = sessions.open(sessions.start_key()).value();
  for (std::size_t i = 0; i < cookie.size(); ++i) {
    std::string changed = cookie;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(sessions.holds(changed)) << i;
    EXPECT_FALSE(sessions.holds(cookie.substr(0, i))) << i;
  }
  EXPECT_FALSE(sessions.holds(cookie + "0"));
}

TEST(Sessions, TokenIsNotTheCookieAndEachSessionHasItsOwn) {
  SeededRandom random(4);
  Sessions sessions(kKey, random);
  const std::string one = sessions.open(sessions.start_key()).value();
  const std::string other = sessions.open(sessions.start_key()).value();
  EXPECT_NE(sessions.token(one), sessions.token(other));
  EXPECT_EQ(one.find(sessions.token(one)), std::string::npos);
}

}  // namespace
}  // namespace tillsight::web
