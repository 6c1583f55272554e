// Goal: head office answers over HTTP in the form that is asked for, tells persons only to those
// who may know and only once that is on record, and who is rude costs others nothing. Method: a
// server on loopback over a head office of a few words, and raw bytes on sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/figure.hpp"
#include "tests/support/http_line.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/web/fake_head_office.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "web/http_text.hpp"

namespace tillsight::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class HubApiTest : public testing::Test {
 protected:
  HubApiTest() {
    HubWebSettings settings;
    settings.session_key_file = folder_ / "page.key";
    auto server = HubServer::start(settings, office_, clock_, random_);
    EXPECT_TRUE(server.ok()) << (server.ok() ? "" : server.error().message());
    server_ = *std::move(server);
    host_ = format("127.0.0.1:{}", server_->port());
  }

  std::string request(const std::string& path, const std::string& more = "",
                      const std::string& method = "GET") const {
    return format("{} {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", method, path, host_, more);
  }
  std::string as(const std::string& name) const {
    return "Authorization: Bearer " + token_text(name) + "\r\n";
  }
  std::string ask(const std::string& path, const std::string& more = "",
                  const std::string& method = "GET") const {
    return raw(request(path, more + "Connection: close\r\n", method));
  }
  std::string raw(const std::string& bytes) const {
    Line line(server_->port());
    line.say(bytes);
    return line.hear("never");  // to the end
  }
  static std::string body(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }
  static std::string header(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t from = at + name.size() + 4;
    return answer.substr(from, answer.find("\r\n", from) - from);
  }
  milliseconds time_of_a_request() const {
    const auto begun = steady_clock::now();
    EXPECT_THAT(ask("/api/v1/tills", as("reader")), StartsWith("HTTP/1.1 200"));
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  }

  const TempDir folder_;
  FakeClock clock_;
  SystemRandom random_;
  FakeHeadOffice office_;
  std::unique_ptr<HubServer> server_;
  std::string host_;
};

TEST_F(HubApiTest, FormIsWhatIsAskedFor) {
  const auto type = [&](const std::string& path, const std::string& more = "") {
    return header(ask(path, as("reader") + more), "Content-Type");
  };
  EXPECT_EQ(type("/api/v1/lines"), "application/json");
  EXPECT_THAT(type("/api/v1/lines?format=csv"), StartsWith("text/csv"));
  EXPECT_EQ(type("/api/v1/lines", "Accept: application/x-ndjson\r\n"), "application/jsonl");
  EXPECT_THAT(type("/api/v1/lines", "Accept: application/json;q=0.5, text/csv\r\n"),
              StartsWith("text/csv"));
  EXPECT_EQ(type("/api/v1/lines?format=json", "Accept: text/csv\r\n"), "application/json");
  EXPECT_EQ(type("/api/v1/lines", "Accept: image/png\r\n"), "application/problem+json");
  EXPECT_THAT(ask("/api/v1/lines?format=xml", as("reader")), HasSubstr("\"parameter\":\"format\""));
}

TEST_F(HubApiTest, WhatIsKnownAlreadyIsNotSentAgain) {
  const std::string first = ask("/api/v1/invoices", as("reader"));
  const std::string tag = header(first, "ETag");
  ASSERT_THAT(tag, Not(IsEmpty()));
  EXPECT_EQ(header(first, "X-Next-Cursor"), "7");
  const std::string again =
      ask("/api/v1/invoices", as("reader") + "If-None-Match: " + tag + "\r\n");
  EXPECT_THAT(again, StartsWith("HTTP/1.1 304"));
  EXPECT_EQ(body(again), "");
  EXPECT_THAT(ask("/api/v1/lines", as("reader") + "If-None-Match: " + tag + "\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST_F(HubApiTest, IsCompressedForWhoTakesIt) {
  const std::string plain = ask("/api/v1/invoices", as("reader"));
  const std::string packed = ask("/api/v1/invoices", as("reader") + "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
  EXPECT_LT(packed.size(), plain.size());
  EXPECT_EQ(unpacked(body(packed)), body(plain));
  EXPECT_EQ(header(ask("/api/v1/invoices", as("reader") + "Accept-Encoding: gzip;q=0\r\n"),
                   "Content-Encoding"),
            "");
}

TEST_F(HubApiTest, HeadIsTheSameWithoutTheBody) {
  const std::string head = ask("/api/v1/invoices", as("reader"), "HEAD");
  EXPECT_EQ(header(head, "ETag"), header(ask("/api/v1/invoices", as("reader")), "ETag"));
  EXPECT_EQ(body(head), "");
  EXPECT_NE(header(head, "Content-Length"), "0");
}

TEST_F(HubApiTest, LongTextArrivesWholeOrNotAsAWhole) {
  office_.long_left = 100;
  const std::string whole = ask("/api/v1/lines?long=1", as("reader"));
  const std::string text = body(whole);
  EXPECT_EQ(std::ranges::count(text, 'y'), 100 * 50'000);
  EXPECT_THAT(whole, EndsWith("\r\n0\r\n\r\n"));
  office_.long_left = 100;
  office_.long_breaks = true;
  const std::string cut = ask("/api/v1/lines?long=1", as("reader"));
  EXPECT_THAT(cut, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(cut, Not(EndsWith("0\r\n\r\n")));
}

TEST_F(HubApiTest, PersonsAreShownToFewAndOnRecord) {
  EXPECT_THAT(ask("/api/v1/invoices?persons=1", as("reader")), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(office_.reads, IsEmpty());
  EXPECT_THAT(ask("/api/v1/invoices?persons=1&customer=c0ffee", as("boss")),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask("/api/v1/customers/c0ffee?persons=1", as("boss")), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(office_.reads, ElementsAre("token boss at 127.0.0.1: invoices customer persons=1",
                                         "token boss at 127.0.0.1: customers persons=1"));
  office_.unrecorded = true;
  const std::string answer = ask("/api/v1/invoices?persons=1", as("boss"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, Not(HasSubstr("xxx")));
}

TEST_F(HubApiTest, UseIsNotedOnceAMinute) {
  for (int i = 0; i < 3; ++i) ask("/api/v1/invoices", as("boss"));
  EXPECT_THAT(office_.used, ElementsAre(2));
  clock_.advance(std::chrono::seconds(61));
  ask("/api/v1/invoices", as("boss"));
  EXPECT_THAT(office_.used, ElementsAre(2, 2));
}

TEST_F(HubApiTest, StreamTellsWhatCameAndGoesOnWhereItWas) {
  Line page(server_->port());
  page.say(request("/api/v1/stream", as("reader")));
  EXPECT_THAT(page.hear("data: {}\n\n"), HasSubstr("id: 3\nevent: hello"));
  office_.sell(5);
  server_->wake();
  EXPECT_THAT(page.hear("id: 5\n"), HasSubstr("id: 4\nevent: invoice\ndata: {\"cursor\":4}\n\n"));
  Line back(server_->port());
  back.say(request("/api/v1/stream", as("reader") + "Last-Event-ID: 4\r\n"));
  const std::string missed = back.hear("{\"cursor\":5}");
  EXPECT_THAT(missed, HasSubstr("{\"cursor\":5}"));
  EXPECT_THAT(missed, Not(HasSubstr("{\"cursor\":4}")));
}

TEST_F(HubApiTest, SilentStreamLivesAndEndsWithItsToken) {
  Line page(server_->port());
  page.say(request("/api/v1/stream", as("reader")));
  page.hear("data: {}\n\n");
  clock_.advance(std::chrono::seconds(16));
  server_->sweep();
  EXPECT_THAT(page.hear(":\n\n"), HasSubstr(":\n\n"));
  office_.revoke(1);
  clock_.advance(std::chrono::seconds(3));
  server_->sweep();
  EXPECT_THAT(page.hear("0\r\n\r\n"), EndsWith("0\r\n\r\n"));
  EXPECT_THAT(ask("/api/v1/stream", as("reader")), StartsWith("HTTP/1.1 401"));
}

TEST_F(HubApiTest, PageOpensAndClosesItsSession) {
  const std::string own = "Origin: http://" + host_ + "\r\nSec-Fetch-Site: same-origin\r\n";
  const std::string opened = ask("/api/v1/session", own + as("boss"), "POST");
  EXPECT_THAT(opened, StartsWith("HTTP/1.1 204"));
  const std::string set = header(opened, "Set-Cookie");
  const std::string cookie = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  const std::string me = body(ask("/api/v1/session", own + cookie));
  EXPECT_THAT(me, HasSubstr(R"("name":"boss","scope":"persons")"));
  const std::size_t at = me.find("action_token\":\"") + 15;
  const std::string token = "X-Tillsight-Token: " + me.substr(at, me.find('"', at) - at) + "\r\n";
  EXPECT_THAT(ask("/api/v1/session", own + cookie, "DELETE"), StartsWith("HTTP/1.1 403"));
  const std::string closed = ask("/api/v1/session", own + cookie + token, "DELETE");
  EXPECT_THAT(closed, StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(header(closed, "Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_THAT(ask("/api/v1/session", own + cookie, "POST"), StartsWith("HTTP/1.1 401"));
}

TEST_F(HubApiTest, StrangersGetNothing) {
  const std::string boss = as("boss");
  std::vector<std::string> rude = {
      request("/api/v1/invoices"),
      request("/api/v1/persons"),
      request("/metrics"),
      request("/api/v1/stream"),
      request("/api/v1/session", "", "POST"),
      request("/api/v1/invoices", as("nobody")),
      request("/api/v1/invoices", "Authorization: Basic Ym9zczo=\r\n"),
      request("/api/v1/invoices", "Cookie: tillsight_hub_1=1.2.3.4\r\n"),
      request("/api/v1/invoices", boss, "POST"),
      request("/api/v1/invoices", boss, "DELETE"),
      request("/api/v1/invoices", "Origin: https://evil.example\r\n" + boss),
      request("/api/v1/invoices", "Sec-Fetch-Site: cross-site\r\n" + boss),
      "GET /api/v1/invoices HTTP/1.1\r\nHost: evil.example\r\n" + boss + "\r\n",
      request("/../../etc/passwd", boss),
      request("/%2e%2e/persons.db", boss),
      request("/api/v1/../../persons.db", boss),
      request("/api/v1/reports/../persons", boss),
      request("/api/v1/reports/%2e%2e%2fpersons", boss),
      request("/api/v2/invoices", boss),
      request("/api/v1/invoices", boss + "Content-Length: 99999999\r\n", "POST"),
      request("/api/v1/session", boss + "Content-Length: -1\r\n", "POST")};
  int got_in = 0;
  for (const std::string& bytes : rude) {
    Line line(server_->port());
    line.say(bytes);
    const std::string answer = line.hear();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 4")) << bytes;
    if (!answer.starts_with("HTTP/1.1 4")) ++got_in;
  }
  EXPECT_TRUE(bench::print({"hub_page.strangers_let_in", static_cast<double>(got_in), "requests",
                            bench::Goal::kAtMost, 0, format("asked:{}", rude.size())}));
}

TEST_F(HubApiTest, ProblemIsReadableByMachines) {
  const std::string answer = ask("/api/v1/in\x80valid\"", as("reader"));
  EXPECT_EQ(header(answer, "Content-Type"), "application/problem+json");
  EXPECT_THAT(body(answer), StartsWith(R"({"title":"Not Found","status":404,"detail":")"));
  EXPECT_THAT(body(answer), Not(HasSubstr("\x80")));
  EXPECT_EQ(header(ask("/api/v1/invoices"), "WWW-Authenticate"), "Bearer realm=\"tillsight\"");
  EXPECT_EQ(header(ask("/api/v1/invoices", as("boss"), "PUT"), "Allow"), "GET");
}

TEST_F(HubApiTest, EveryAnswerForbidsWhatAPageNeedsNot) {
  for (const std::string path : {"/healthz", "/api/v1/invoices", "/nowhere"}) {
    const std::string answer = ask(path, as("reader"));
    EXPECT_THAT(answer,
                HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(answer, Not(HasSubstr("unsafe")));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(answer, Not(HasSubstr("Access-Control-Allow")));
  }
}

TEST_F(HubApiTest, WhoNeverFinishesOrReadsNothingHoldsNobodyUp) {
  std::vector<Line> slow;
  office_.long_left = 1'000'000;
  for (int i = 0; i < 30; ++i) {
    slow.emplace_back(server_->port());
    slow.back().say("GET / HTTP/1.1\r\nX: ");
    slow.emplace_back(server_->port());
    slow.back().say(request("/api/v1/lines?long=1", as("reader")));
  }
  milliseconds slowest{0};
  for (int i = 0; i < 20; ++i) slowest = std::max(slowest, time_of_a_request());
  EXPECT_TRUE(
      bench::print({"hub_page.beside_deaf_readers_max_ms", static_cast<double>(slowest.count()),
                    "ms", bench::Goal::kAtMost, 500}));
}

TEST_F(HubApiTest, OthersMayReachItOverHttpsAlone) {
  HubWebSettings settings;
  settings.session_key_file = folder_ / "page.key";
  settings.address = "0.0.0.0";
  const auto refused = HubServer::start(settings, office_, clock_, random_);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("set web.certificate_file and web.key_file"));
}

}  // namespace
}  // namespace tillsight::web
