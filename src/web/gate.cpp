#include "web/gate.hpp"

#include <utility>

#include "tillsight/core/format.hpp"
#include "web/cookie.hpp"

namespace tillsight::web {

Gate::Gate(int port, const Sessions& sessions, std::string start_file)
    // Cookies know no ports: two tills on one machine must not take each other's.
    : cookie_name_(format("tillsight_{}", port)),
      port_(format(":{}", port)),
      sessions_(sessions),
      start_file_(std::move(start_file)) {}

std::optional<Refused> Gate::refuse_stranger(const HttpRequest& request) const {
  const std::string& host = request.header("host");
  if (host != "127.0.0.1" + port_ && host != "localhost" + port_ && host != "[::1]" + port_) {
    return Refused{421, "this till answers on this machine only"};
  }
  const std::string& site = request.header("sec-fetch-site");
  const std::string& origin = request.header("origin");
  const bool own_site = site.empty() || site == "same-origin" || site == "none";
  if (!own_site || (!origin.empty() && origin != "http://" + host)) {
    return Refused{403, "another page may not ask this till"};
  }
  return std::nullopt;
}

std::optional<Refused> Gate::refuse_unknown(const HttpRequest& request) const {
  if (sessions_.holds(cookie(request))) return std::nullopt;
  return Refused{401, format("no session; open the address that stands in {}", start_file_)};
}

std::optional<Refused> Gate::refuse_action(const HttpRequest& request) const {
  if (request.header("origin").empty()) return Refused{403, "only the till's page may do this"};
  const std::string& token = request.header(std::string(kTokenHeader));
  if (!same_secret(token, sessions_.token(cookie(request)))) {
    return Refused{403, "the page is too old; load it again"};
  }
  if (!request.header("content-type").starts_with("application/json")) {
    return Refused{415, "an action is application/json"};
  }
  return std::nullopt;
}

std::string Gate::cookie(const HttpRequest& request) const {
  return cookie_of(request.header("cookie"), cookie_name_);
}

std::string Gate::set_cookie(const std::string& session) const {
  return format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=34560000", cookie_name_,
                session);
}

}  // namespace tillsight::web
