// Goal: at head office only those get in whose token holds, and the page whose session one opened;
// another page in the same browser, a foreign name, and who guesses do not.
// Method: requests as programs and browsers send them, one thing wrong at a time.
#include "web/hub_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/web/fake_head_office.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "web/gate.hpp"

namespace tillsight::web {
namespace {

using testing::HasSubstr;
using testing::Not;

class HubGateTest : public testing::Test {
 protected:
  HttpRequest by_token(const std::string& token) const {
    HttpRequest request;
    request.method = "GET";
    request.path = "/api/v1/invoices";
    request.headers = {{"host", "hub.example:8443"}, {"authorization", "Bearer " + token}};
    request.peer = "192.0.2.1";
    return request;
  }
  HttpRequest by_page() {
    HttpRequest request = by_token("");
    const std::string set = gate_.open_session(holders_[1]);
    request.headers = {{"host", "hub.example:8443"},
                       {"origin", "https://hub.example:8443"},
                       {"sec-fetch-site", "same-origin"},
                       {"cookie", "theme=dark; " + set.substr(0, set.find(';'))}};
    return request;
  }
  int status(const HttpRequest& request) {
    if (const auto no = gate_.refuse_stranger(request)) return no->status;
    const auto entry = gate_.let_in(request, holders_);
    return entry.holder ? 200 : entry.no.status;
  }

  FakeClock clock_;
  SeededRandom random_{1};
  std::vector<TokenHolder> holders_ = *FakeHeadOffice().holders();
  HubGate gate_{8443, true, {"hub.example", "::1"}, SecretKey(sha256("key")), clock_, random_};
};

TEST_F(HubGateTest, TokenLetsItsHolderIn) {
  const auto entry = gate_.let_in(by_token(token_text("boss")), holders_);
  ASSERT_TRUE(entry.holder.has_value());
  EXPECT_EQ(entry.holder->name, "boss");
  EXPECT_EQ(entry.holder->scope, Scope::kPersons);
  EXPECT_FALSE(entry.by_session);
}

TEST_F(HubGateTest, NoOtherTokenDoes) {
  const std::string right = token_text("boss");
  for (const std::string& token : {std::string(), right.substr(1), right + "0", right + " ",
                                   std::string("boss"), to_hex(sha256(right))}) {
    HttpRequest request = by_token(token);
    request.peer = token;
    EXPECT_EQ(status(request), 401) << token;
  }
  HttpRequest basic = by_token("");
  basic.headers["authorization"] = "Basic Ym9zczpib3Nz";
  EXPECT_EQ(status(basic), 401);
  holders_.pop_back();  // revoked, or expired
  EXPECT_EQ(status(by_token(right)), 401);
}

TEST_F(HubGateTest, WhoGuessesMustWaitAndWhoKnowsNeedNot) {
  for (int i = 0; i < kWrongTokensMax; ++i) EXPECT_EQ(status(by_token("guess")), 401);
  EXPECT_EQ(status(by_token("guess")), 429);
  EXPECT_EQ(status(by_token(token_text("reader"))), 200);
  HttpRequest other = by_token("guess");
  other.peer = "192.0.2.2";
  EXPECT_EQ(status(other), 401);
  clock_.advance(kWrongTokensIn + std::chrono::seconds(1));
  EXPECT_EQ(status(by_token("guess")), 401);
}

TEST_F(HubGateTest, SessionHoldsAsLongAsItsToken) {
  HttpRequest page = by_page();
  EXPECT_EQ(status(page), 200);
  EXPECT_TRUE(gate_.let_in(page, holders_).by_session);
  clock_.advance(kSessionLasts - std::chrono::hours(1));
  EXPECT_EQ(status(page), 200);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(status(page), 401);
  page = by_page();
  holders_.pop_back();
  EXPECT_EQ(status(page), 401);
}

TEST_F(HubGateTest, NoChangedCookieIsASession) {
  const HttpRequest page = by_page();
  const std::string cookie = page.header("cookie");
  const std::size_t from = cookie.find("__Host-tillsight=") + 17;
  for (std::size_t i = from; i < cookie.size(); ++i) {
    HttpRequest changed = page;
    changed.headers["cookie"][i] = cookie[i] == '0' ? '1' : '0';
    EXPECT_EQ(status(changed), 401) << i;
    changed.headers["cookie"] = cookie.substr(0, i);
    EXPECT_EQ(status(changed), 401) << i;
  }
  // Another key, as of another head office.
  HubGate other(8443, true, {"hub.example"}, SecretKey(sha256("other")), clock_, random_);
  EXPECT_FALSE(other.let_in(page, holders_).holder.has_value());
}

TEST_F(HubGateTest, CookieIsForHttpsAndNoScript) {
  const std::string set = gate_.open_session(holders_[0]);
  for (const char* part :
       {"__Host-tillsight=", "; Path=/;", "HttpOnly", "SameSite=Strict", "; Secure"}) {
    EXPECT_THAT(set, HasSubstr(part));
  }
  EXPECT_THAT(set, Not(HasSubstr(token_text("reader"))));
  EXPECT_THAT(gate_.close_session(), HasSubstr("Max-Age=0"));
}

TEST_F(HubGateTest, ForeignNameAndForeignPageAreRefused) {
  HttpRequest request = by_token(token_text("boss"));
  for (const char* host : {"evil.example", "", "hub.example.evil.example", "hub.example:8443:1"}) {
    request.headers["host"] = host;
    EXPECT_EQ(status(request), 421) << host;
  }
  for (const char* host : {"hub.example", "hub.example:8443", "[::1]:8443"}) {
    request.headers["host"] = host;
    EXPECT_EQ(status(request), 200) << host;
  }
  HttpRequest page = by_page();
  for (const char* origin : {"https://evil.example", "http://hub.example:8443", "null"}) {
    page.headers["origin"] = origin;
    EXPECT_EQ(status(page), 403) << origin;
  }
  page = by_page();
  page.headers["sec-fetch-site"] = "cross-site";
  EXPECT_EQ(status(page), 403);
}

TEST_F(HubGateTest, LinkFromElsewhereOpensThePageAndNoData) {
  HttpRequest link = by_token("");
  link.headers = {{"host", "hub.example:8443"},
                  {"sec-fetch-site", "cross-site"},
                  {"sec-fetch-mode", "navigate"}};
  link.path = "/";
  EXPECT_FALSE(gate_.refuse_stranger(link).has_value());
  link.path = "/api/v1/invoices";
  EXPECT_TRUE(gate_.refuse_stranger(link).has_value());
}

TEST_F(HubGateTest, ActionOfASessionNeedsItsToken) {
  HttpRequest page = by_page();
  EXPECT_TRUE(gate_.refuse_action(page).has_value());
  page.headers[std::string(kTokenHeader)] = gate_.action_token(page);
  EXPECT_FALSE(gate_.refuse_action(page).has_value());
  page.headers.erase("origin");
  EXPECT_TRUE(gate_.refuse_action(page).has_value());
}

}  // namespace
}  // namespace tillsight::web
