// Goal: whoever talks nonsense to the clerk's page, floods it, or never reads what it sends, gets a
// refusal or a closed line; the clerk's own page goes on at once, and memory stays bounded.
// Method: a real server on loopback with a till that counts, and raw bytes over sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <vector>

#include "bench/figure.hpp"
#include "tests/support/http_line.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/web/kiosk_server.hpp"

namespace tillsight::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr milliseconds kPatience = kLinePatience;

class CountingTill final : public KioskPort {
 public:
  Answer act(std::string_view lines) override {
    if (lines != R"({"do":"pay"})") return {Taken::kNoAction, "no action"};
    ++acted;
    return {};
  }
  std::atomic<int> acted{0};
};

class PageServer : public testing::Test {
 protected:
  PageServer() {
    KioskSettings settings{0, folder_ / "till.page-key", folder_ / "till.url"};
    auto server = KioskServer::start(settings, till_, random_);
    EXPECT_TRUE(server.ok()) << (server.ok() ? "" : server.error().message());
    server_ = std::move(*server);
    host_ = format("127.0.0.1:{}", server_->port());
    log_in();
  }

  std::string get(const std::string& path, const std::string& more = "") const {
    return format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", path, host_, more);
  }
  std::string act(const std::string& more, const std::string& body = R"({"do":"pay"})") const {
    return format("POST /api/act HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{}\r\n{}", host_,
                  body.size(), more, body);
  }
  std::string own_headers() const {
    return format(
        "Origin: http://{}\r\nCookie: {}\r\nX-Tillsight-Token: {}\r\nContent-Type: "
        "application/json\r\n",
        host_, cookie_, token_);
  }
  std::string ask(const std::string& request) const {
    Line line(server_->port());
    line.say(request);
    return line.hear();
  }
  /// How long the clerk's own page waits for its key to be taken.
  milliseconds key_time() {
    const auto begun = steady_clock::now();
    EXPECT_THAT(ask(act(own_headers())), StartsWith("HTTP/1.1 202"));
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  }

  const TempDir folder_;
  SystemRandom random_;
  CountingTill till_;
  std::unique_ptr<KioskServer> server_;
  std::string host_;
  std::string cookie_;
  std::string token_;

 private:
  void log_in() {
    const std::string url = *read_file(folder_ / "till.url");
    const std::string path = url.substr(url.find("/start"), url.find('\n') - url.find("/start"));
    const std::string answer = ask(get(path));
    const auto begin = answer.find("Set-Cookie: ") + 12;
    cookie_ = answer.substr(begin, answer.find(';', begin) - begin);
    Line stream(server_->port());
    stream.say(get("/api/stream", "Cookie: " + cookie_ + "\r\n"));
    const std::string rest = stream.hear("\"}\n\n");
    const auto token = rest.find("\"token\":\"") + 9;
    token_ = rest.substr(token, rest.find('"', token) - token);
  }
};

TEST_F(PageServer, OwnPageActs) {
  EXPECT_THAT(ask(act(own_headers())), StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(ask(act(own_headers(), "{}")), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(till_.acted, 1);
}

TEST_F(PageServer, NobodyElseActsOrReads) {
  const std::string cookie = "Cookie: " + cookie_ + "\r\n";
  const std::string token = "X-Tillsight-Token: " + token_ + "\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  const std::string origin = "Origin: http://" + host_ + "\r\n";
  const std::vector<std::string> refused = {
      act(""),
      act(origin + token + json),
      act(origin + cookie + json),
      act(cookie + token + json),
      act(origin + cookie + token),
      act("Origin: http://evil.example\r\n" + cookie + token + json),
      act("Sec-Fetch-Site: cross-site\r\n" + origin + cookie + token + json),
      get("/"),
      get("/api/stream"),
      get("/api/picture"),
      get("/kiosk.js", "Cookie: tillsight=1\r\n"),
      get("/start?key=0"),
      get("/api/stream", "Sec-Fetch-Site: same-site\r\n" + cookie),
      "GET / HTTP/1.1\r\nHost: evil.example\r\n" + cookie + "\r\n",
      "GET /metrics HTTP/1.1\r\nHost: rebound.example:80\r\n\r\n",
      "DELETE / HTTP/1.1\r\nHost: " + host_ + "\r\n" + cookie + "\r\n",
      "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
      get("/../../etc/passwd", cookie),
      get("/%2e%2e/till.db", cookie)};
  int got_in = 0;
  for (const std::string& request : refused) {
    const std::string answer = ask(request);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << request;
    if (!answer.starts_with("HTTP/1.1 4")) ++got_in;
  }
  EXPECT_EQ(till_.acted, 0);
  EXPECT_TRUE(bench::print({"page.strangers_let_in", static_cast<double>(got_in), "requests",
                            bench::Goal::kAtMost, 0, format("asked:{}", refused.size())}));
}

TEST_F(PageServer, EveryAnswerForbidsWhatAPageNeedsNot) {
  for (const std::string path : {"/", "/kiosk.js", "/healthz", "/nowhere"}) {
    const std::string answer = ask(get(path, "Cookie: " + cookie_ + "\r\n"));
    EXPECT_THAT(answer,
                HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(answer, Not(HasSubstr("unsafe")));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(answer, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(answer, Not(HasSubstr("Access-Control-Allow")));
  }
}

TEST_F(PageServer, AddressOfASessionHoldsOnceAndIsForItsUserAlone) {
  const auto start = [this] {
    const std::string url = *read_file(folder_ / "till.url");
    return url.substr(url.find("/start"), url.find('\n') - url.find("/start"));
  };
  const std::string path = start();
  EXPECT_THAT(ask(get(path)), StartsWith("HTTP/1.1 303"));
  EXPECT_THAT(ask(get(path)), StartsWith("HTTP/1.1 403"));
  EXPECT_NE(start(), path);
  for (const char* file : {"till.url", "till.page-key"}) {
    const auto perms = std::filesystem::status(folder_ / file).permissions();
    EXPECT_EQ(perms, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << file;
  }
}

TEST_F(PageServer, GarbageIsRefusedAndThePageGoesOn) {
  std::vector<std::string> garbage = {
      "\r\n\r\n",
      std::string(1000, '\0'),
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "POST /api/act HTTP/1.1\r\nHost: " + host_ + "\r\nContent-Length: -1\r\n\r\n",
      "POST /api/act HTTP/1.1\r\nHost: " + host_ +
          "\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /api/act HTTP/1.1\r\nHost: " + host_ + "\r\nContent-Length: 1000000\r\n\r\n",
      "POST /api/act HTTP/1.1\r\nHost: " + host_ + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"};
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    std::string noise(1 + random.next_u64() % 600, ' ');
    random.fill(std::as_writable_bytes(std::span(noise)));
    garbage.push_back(i % 2 == 0 ? noise : "GET /" + noise + "\r\n\r\n");
  }
  for (const std::string& bytes : garbage) {
    Line line(server_->port());
    line.say(bytes);
    EXPECT_THAT(line.hear("HTTP/1.1 ", milliseconds(5)), Not(HasSubstr("HTTP/1.1 2")));
  }
  EXPECT_LT(key_time(), milliseconds(1000));
}

TEST_F(PageServer, EndlessHeadersAndBodiesAreCutOff) {
  Line headers(server_->port());
  headers.say("GET / HTTP/1.1\r\nHost: " + host_ + "\r\n");
  const std::string header = "X-More: " + std::string(1000, 'x') + "\r\n";
  int sent = 0;
  while (sent < 10'000 && headers.say(header)) ++sent;
  EXPECT_LT(sent, 10'000);

  Line body(server_->port());
  body.say("POST /api/act HTTP/1.1\r\nHost: " + host_ + "\r\n" + own_headers() +
           "Transfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "400\r\n" + std::string(1024, 'x') + "\r\n";
  sent = 0;
  while (sent < 100'000 && body.say(chunk)) ++sent;
  EXPECT_LT(sent, 100'000);
  EXPECT_EQ(till_.acted, 0);
}

TEST_F(PageServer, RequestsThatNeverEndLoseTheirPlaces) {
  std::vector<Line> slow;
  while (slow.size() < 60) {
    slow.emplace_back(server_->port());
    slow.back().say("GET / HTTP/1.1\r\nX: ");
  }
  EXPECT_LT(key_time(), milliseconds(1000));
  // One byte now and then keeps a line busy, but makes no request of it.
  const auto until = steady_clock::now() + kPatience;
  std::size_t closed = 0;
  while (closed < slow.size() && steady_clock::now() < until) {
    server_->sweep();
    closed = 0;
    for (Line& line : slow) {
      line.say("x");
      line.hear("never", milliseconds(1));
      if (line.closed()) ++closed;
    }
  }
  EXPECT_EQ(closed, slow.size());
  EXPECT_LT(key_time(), milliseconds(1000));
}

TEST_F(PageServer, PagesThatReadNothingCostNobodyTime) {
  std::vector<Line> deaf;
  for (int i = 0; i < 7; ++i) {
    deaf.emplace_back(server_->port());
    deaf.back().say(get("/api/stream", "Cookie: " + cookie_ + "\r\n"));
  }
  const std::string large(64 * 1024, 'x');
  milliseconds slowest{0};
  for (int i = 0; i < 200; ++i) {
    server_->show(Channel::kSale, large);
    if (i % 4 == 0) slowest = std::max(slowest, key_time());
  }
  EXPECT_EQ(till_.acted, 50);
  EXPECT_TRUE(
      bench::print({"page.key_beside_deaf_pages_max_ms", static_cast<double>(slowest.count()), "ms",
                    bench::Goal::kAtMost, 500}));
}

TEST_F(PageServer, OnlySoManyPagesAreStreamedTo) {
  const std::string stream = get("/api/stream", "Cookie: " + cookie_ + "\r\n");
  std::vector<Line> pages;
  std::vector<std::string> answers;
  for (int i = 0; i < 12; ++i) {
    pages.emplace_back(server_->port());
    pages.back().say(stream);
    answers.push_back(pages.back().hear());
  }
  EXPECT_THAT(answers.front(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answers.back(), StartsWith("HTTP/1.1 503"));
  EXPECT_LT(key_time(), milliseconds(1000));
}

}  // namespace
}  // namespace tillsight::web
