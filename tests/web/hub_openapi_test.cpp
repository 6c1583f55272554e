// Goal: docs/openapi.yaml says what head office serves: no path, method or status more or less.
// Method: the page's own indentation is read, and every route is asked in every way that can go
// right or wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "tests/support/source_dir.hpp"
#include "tests/web/fake_head_office.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"
#include "web/hub_api.hpp"

namespace tillsight::web {
namespace {

/// "GET /metrics" → its statuses.
using Statuses = std::map<std::string, std::set<int>>;

Statuses documented() {
  const std::string page =
      *read_file(std::filesystem::path(source_dir()) / "docs" / "openapi.yaml");
  Statuses statuses;
  std::string path;
  std::string method;
  bool in_paths = false;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = std::min(page.find('\n', at), page.size());
    const std::string line = page.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && line[0] != ' ' && line[0] != '#') in_paths = line == "paths:";
    if (!in_paths) continue;
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    for (const char* one : {"get", "post", "delete", "put", "patch"}) {
      if (line != format("    {}:", one)) continue;
      method = one;
      for (char& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (line.starts_with("        \"")) {
      statuses[method + " " + path].insert(std::stoi(line.substr(9, 3)));
    }
  }
  return statuses;
}

class HubOpenApi : public testing::Test {
 protected:
  HttpRequest request(const HubRoute& route, const std::string& last = "busiest-days") const {
    HttpRequest asked;
    asked.method = route.method;
    asked.path = route.path;
    if (const auto brace = asked.path.find('{'); brace != std::string::npos) {
      asked.path = asked.path.substr(0, brace) + last;
    }
    asked.headers = {{"host", "hub.example:8443"},
                     {"authorization", "Bearer " + token_text("boss")}};
    asked.peer = "192.0.2.1";
    return asked;
  }

  /// Every way in which a request can go right or wrong.
  std::set<int> served(const HubRoute& route) {
    std::set<int> statuses;
    const auto ask = [&](const HttpRequest& asked) {
      HttpReply reply = api_.answer(asked);
      statuses.insert(reply.status);
      return reply;
    };
    const HttpReply right = ask(request(route));
    for (const auto& [name, value] : right.headers) {
      if (name != "ETag") continue;
      HttpRequest again = request(route);
      again.headers["if-none-match"] = value;
      ask(again);
    }
    const auto with_header = [&](const char* name, const std::string& value) {
      HttpRequest asked = request(route);
      asked.headers[name] = value;
      ask(asked);
    };
    with_header("authorization", "");
    with_header("host", "evil.example");
    with_header("origin", "https://evil.example");
    with_header("accept", "image/png");
    with_header("last-event-id", "no cursor");
    HttpRequest parameter = request(route);
    parameter.query["wrong"] = "1";
    ask(parameter);
    ask(request(route, "nothing"));
    HttpRequest guess = request(route);
    guess.headers["authorization"] = "Bearer guess";
    for (int i = 0; i <= kWrongTokensMax; ++i) ask(guess);
    office_.broken = true;
    ask(request(route));
    office_.broken = false;
    office_.untrained = true;
    ask(request(route));
    office_.untrained = false;
    return statuses;
  }

  FakeClock clock_;
  SeededRandom random_{1};
  FakeHeadOffice office_;
  HubGate gate_{8443, true, {"hub.example"}, SecretKey(sha256("key")), clock_, random_};
  HubApi api_{office_, gate_, clock_};
};

TEST_F(HubOpenApi, SaysWhatIsServedAndNothingElse) {
  const Statuses said = documented();
  std::set<std::string> routes;
  for (const HubRoute& route : hub_routes()) {
    const std::string name = format("{} {}", route.method, route.path);
    routes.insert(name);
    ASSERT_TRUE(said.contains(name)) << name << " is served and not documented";
    EXPECT_EQ(served(route), said.at(name)) << name;
  }
  for (const auto& [name, _] : said) EXPECT_TRUE(routes.contains(name)) << name << " is not served";
}

TEST_F(HubOpenApi, IsServedAsItStands) {
  HttpRequest asked = request({"GET", "/api/v1/openapi.yaml"});
  EXPECT_EQ(api_.answer(asked).body,
            *read_file(std::filesystem::path(source_dir()) / "docs" / "openapi.yaml"));
}

}  // namespace
}  // namespace tillsight::web
