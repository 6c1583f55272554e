// Goal: head office's server answers from workers that may take long, streams of any length, over
// TLS too, and nobody who is slow holds others up; a bad address or certificate is said.
// Method: daemons on loopback with handlers that block until the test lets them go, raw sockets,
// and OpenSSL as the client.
#include "web/http_daemon.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "tests/support/http_line.hpp"
#include "tests/web/tls_line.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight::web {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

HttpReply text(std::string body) {
  return {200, {{"Content-Type", "text/plain"}}, std::move(body), {}};
}
std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
}
std::string ask(const HttpDaemon& daemon, const std::string& path) {
  Line line(daemon.port());
  line.say(get(path));
  return line.hear("never");  // to the end
}

/// So many blocks of a thousand bytes; counts what was asked of it.
class Blocks final : public HttpStream {
 public:
  Blocks(int count, std::atomic<int>& made) : left_(count), made_(made) {}
  std::string next() override {
    if (left_ == 0) return "";
    --left_;
    ++made_;
    return std::string(999, 'x') + "\n";
  }
  bool over() const override { return left_ == 0; }
  bool ends() const override { return true; }

 private:
  int left_;
  std::atomic<int>& made_;
};

/// Says what is told it, when it is woken.
class News final : public HttpStream {
 public:
  explicit News(std::atomic<int>& told) : told_(told) {}
  std::string next() override {
    const int now = told_;
    return now == std::exchange(seen_, now) ? "" : format("news {};", now);
  }

 private:
  std::atomic<int>& told_;
  int seen_ = 0;
};

HttpListening with_workers(unsigned workers) {
  HttpListening listening;
  listening.workers = workers;
  return listening;
}

TEST(HttpDaemon, HandlerThatWaitsHoldsNobodyUp) {
  std::latch go{1};
  std::atomic<int> waiting{0};
  auto daemon = HttpDaemon::start(with_workers(3), [&](const HttpRequest& request) {
    if (request.path == "/slow") {
      ++waiting;
      go.wait();
    }
    return text("done " + request.path);
  });
  ASSERT_TRUE(daemon.ok()) << daemon.error().message();
  Line first((*daemon)->port());
  Line second((*daemon)->port());
  first.say(get("/slow"));
  second.say(get("/slow"));
  while (waiting < 2) std::this_thread::yield();
  EXPECT_THAT(ask(**daemon, "/quick"), EndsWith("done /quick"));
  go.count_down();
  EXPECT_THAT(first.hear("never"), EndsWith("done /slow"));
  EXPECT_THAT(second.hear("never"), EndsWith("done /slow"));
}

TEST(HttpDaemon, EndsWhileHandlersAreAtWork) {
  std::latch go{1};
  std::atomic<int> waiting{0};
  auto daemon = HttpDaemon::start(with_workers(1), [&](const HttpRequest&) {
    ++waiting;
    go.wait();
    return text("done");
  });
  ASSERT_TRUE(daemon.ok());
  Line working((*daemon)->port());
  Line queued((*daemon)->port());
  working.say(get("/"));
  queued.say(get("/"));
  while (waiting < 1) std::this_thread::yield();
  std::jthread ending([&] { daemon->reset(); });
  go.count_down();
  ending.join();
  working.hear("never");
  queued.hear("never");
  EXPECT_TRUE(working.closed());
  EXPECT_TRUE(queued.closed());
}

TEST(HttpDaemon, LongStreamArrivesWholeAndIsMadeOnlyAsItIsRead) {
  constexpr int kBlocks = 8'000;  // 8 MB: more than any socket holds
  std::atomic<int> made{0};
  auto daemon = HttpDaemon::start(with_workers(2), [&](const HttpRequest& request) {
    if (request.path == "/quick") return text("quick");
    return HttpReply{200, {}, {}, std::make_unique<Blocks>(kBlocks, made)};
  });
  ASSERT_TRUE(daemon.ok());
  Line deaf((*daemon)->port());
  deaf.say(get("/stream"));
  while (made < 100) std::this_thread::yield();
  EXPECT_THAT(ask(**daemon, "/quick"), EndsWith("quick"));
  EXPECT_LT(made, kBlocks);
  const std::string all = ask(**daemon, "/stream");
  EXPECT_EQ(std::ranges::count(all, 'x'), kBlocks * 999);
  EXPECT_THAT(all, EndsWith("0\r\n\r\n"));
}

TEST(HttpDaemon, StreamThatWaitsIsWokenAndLosesNoNews) {
  for (const unsigned workers : {0U, 2U}) {
    std::atomic<int> told{0};
    auto daemon = HttpDaemon::start(with_workers(workers), [&](const HttpRequest&) {
      return HttpReply{200, {}, {}, std::make_unique<News>(told)};
    });
    ASSERT_TRUE(daemon.ok());
    Line page((*daemon)->port());
    page.say(get("/"));
    page.hear();
    for (int i = 1; i <= 500; ++i) {
      told = i;
      (*daemon)->wake();
    }
    EXPECT_THAT(page.hear("news 500;"), HasSubstr("news 500;"));
  }
}

TEST(HttpDaemon, OneAddressTakesNotAllPlaces) {
  HttpListening listening = with_workers(1);
  listening.connections_max_of_one = 4;
  auto daemon =
      HttpDaemon::start(std::move(listening), [](const HttpRequest&) { return text("in"); });
  ASSERT_TRUE(daemon.ok());
  std::vector<Line> lines;
  for (int i = 0; i < 8; ++i) lines.emplace_back((*daemon)->port());
  int answered = 0;
  for (Line& line : lines) {
    if (line.say(get("/"))) answered += line.hear("in").ends_with("in") ? 1 : 0;
  }
  EXPECT_EQ(answered, 4);
}

TEST(HttpDaemon, HandlerLearnsWhoAsks) {
  auto daemon = HttpDaemon::start(with_workers(1),
                                  [](const HttpRequest& request) { return text(request.peer); });
  ASSERT_TRUE(daemon.ok());
  EXPECT_THAT(ask(**daemon, "/"), EndsWith("127.0.0.1"));
}

TEST(HttpDaemon, SpeaksTls) {
  const UtcTime now = SystemClock().utc_now();
  const Validity year{now - std::chrono::hours(1), now + std::chrono::hours(8760)};
  const auto authority = Authority::create("Corner Shops", year);
  ASSERT_TRUE(authority.ok());
  const auto credential =
      authority->issue({"hub page", Purpose::kServer, {"localhost", "127.0.0.1"}}, year);
  ASSERT_TRUE(credential.ok());
  HttpListening listening = with_workers(2);
  listening.certificate = credential->certificate;
  listening.key = credential->key;
  std::atomic<int> made{0};
  auto daemon = HttpDaemon::start(std::move(listening), [&](const HttpRequest&) {
    return HttpReply{200, {}, {}, std::make_unique<Blocks>(3'000, made)};
  });
  ASSERT_TRUE(daemon.ok()) << daemon.error().message();
  // Somebody who never shakes hands holds nobody up.
  Line silent((*daemon)->port());
  TlsLine line((*daemon)->port(), authority->credential().certificate);
  ASSERT_EQ(line.refused(), "");
  line.say(get("/"));
  EXPECT_EQ(std::ranges::count(line.hear_all(), 'x'), 3'000 * 999);
  EXPECT_THAT(line.version(), StartsWith("TLSv1.3"));
  // Plain HTTP gets nothing out of it.
  Line plain((*daemon)->port());
  plain.say(get("/"));
  EXPECT_EQ(plain.hear("never"), "");
}

TEST(HttpDaemon, SaysWhyItCannotListen) {
  const auto nothing = [](const HttpRequest&) { return text(""); };
  auto first = HttpDaemon::start({}, nothing);
  ASSERT_TRUE(first.ok());
  HttpListening taken;
  taken.port = (*first)->port();
  EXPECT_THAT(HttpDaemon::start(taken, nothing).error().message(),
              HasSubstr("stop who does, or set another web.port"));
  HttpListening name;
  name.address = "hub.example";
  EXPECT_THAT(HttpDaemon::start(name, nothing).error().message(),
              HasSubstr("'hub.example' is no address to listen on"));
  HttpListening no_certificate;
  no_certificate.certificate = "no PEM";
  no_certificate.key = "no PEM";
  EXPECT_EQ(HttpDaemon::start(no_certificate, nothing).error().code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tillsight::web
