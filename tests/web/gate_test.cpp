// Goal: only the till's own page gets in; another page in the same browser, a foreign name that
// leads to this machine, and whoever has no session do not.
// Method: requests as browsers send them, one header wrong at a time.
#include "web/gate.hpp"

#include <gtest/gtest.h>

namespace tillsight::web {
namespace {

class GateTest : public testing::Test {
 protected:
  GateTest() : cookie_(*sessions_.open(sessions_.start_key())) {}

  HttpRequest own(std::string method = "GET") const {
    HttpRequest request;
    request.method = std::move(method);
    request.path = "/api/act";
    request.headers = {{"host", "127.0.0.1:8080"},
                       {"origin", "http://127.0.0.1:8080"},
                       {"sec-fetch-site", "same-origin"},
                       {"cookie", "theme=dark; tillsight_8080=" + cookie_ + "; a=b"},
                       {"content-type", "application/json"},
                       {std::string(kTokenHeader), sessions_.token(cookie_)}};
    return request;
  }
  HttpRequest with(const std::string& name, const std::string& value) const {
    HttpRequest request = own("POST");
    request.headers[name] = value;
    return request;
  }
  /// 0: it is let in.
  int refused(const HttpRequest& request) const {
    for (const auto& no : {gate_.refuse_stranger(request), gate_.refuse_unknown(request),
                           gate_.refuse_action(request)}) {
      if (no) return no->status;
    }
    return 0;
  }

  SeededRandom random_{1};
  Sessions sessions_{SecretKey(sha256("key")), random_};
  const Gate gate_{8080, sessions_, "/var/lib/tillsight/till.url"};
  const std::string cookie_;
};

TEST_F(GateTest, OwnPageIsLetIn) {
  EXPECT_EQ(refused(own("POST")), 0);
  HttpRequest by_name = own("POST");
  by_name.headers["host"] = "localhost:8080";
  by_name.headers["origin"] = "http://localhost:8080";
  EXPECT_EQ(refused(by_name), 0);
}

TEST_F(GateTest, ForeignNameOfThisMachineIsRefused) {
  for (const char* host : {"evil.example:8080", "127.0.0.1", "127.0.0.1:8081", "", "0.0.0.0:8080",
                           "127.0.0.1:8080.evil.example", "till.localhost:8080"}) {
    HttpRequest request = own("POST");
    request.headers["host"] = host;
    request.headers["origin"] = std::string("http://") + host;  // as a rebound page would send it
    EXPECT_EQ(refused(request), 421) << host;
  }
}

TEST_F(GateTest, OtherPageInTheSameBrowserIsRefused) {
  EXPECT_EQ(refused(with("origin", "http://evil.example")), 403);
  EXPECT_EQ(refused(with("origin", "http://127.0.0.1:9999")), 403);
  EXPECT_EQ(refused(with("origin", "https://127.0.0.1:8080")), 403);
  EXPECT_EQ(refused(with("origin", "null")), 403);
  EXPECT_EQ(refused(with("sec-fetch-site", "cross-site")), 403);
  EXPECT_EQ(refused(with("sec-fetch-site", "same-site")), 403);
}

TEST_F(GateTest, ActionNeedsOriginTokenAndItsType) {
  EXPECT_EQ(refused(with("origin", "")), 403);
  EXPECT_EQ(refused(with(std::string(kTokenHeader), "")), 403);
  EXPECT_EQ(refused(with(std::string(kTokenHeader), cookie_)), 403);
  // What a form of another page can send without asking first.
  EXPECT_EQ(refused(with("content-type", "text/plain")), 415);
  EXPECT_EQ(refused(with("content-type", "application/x-www-form-urlencoded")), 415);
}

TEST_F(GateTest, WithoutASessionThePersonIsToldWhereOneIs) {
  HttpRequest request = own();
  for (const std::string& cookie :
       {std::string(), std::string("tillsight_8080="), "tillsight_8081=" + cookie_,
        "xtillsight_8080=" + cookie_, "tillsight_8080=" + cookie_ + "0"}) {
    request.headers["cookie"] = cookie;
    const auto no = gate_.refuse_unknown(request);
    ASSERT_TRUE(no.has_value()) << cookie;
    EXPECT_EQ(no->status, 401);
    EXPECT_NE(no->why.find("/var/lib/tillsight/till.url"), std::string::npos);
  }
}

TEST_F(GateTest, CookieIsForThisTillAndNoScript) {
  const std::string set = gate_.set_cookie(cookie_);
  EXPECT_EQ(set.find("tillsight_8080=" + cookie_), 0u);
  EXPECT_NE(set.find("HttpOnly"), std::string::npos);
  EXPECT_NE(set.find("SameSite=Strict"), std::string::npos);
}

}  // namespace
}  // namespace tillsight::web
