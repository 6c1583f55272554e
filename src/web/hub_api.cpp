#include "web/hub_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "tillsight/core/log.hpp"
#include "web/assets.hpp"
#include "web/hub_streams.hpp"

namespace tillsight::web {
namespace {

constexpr std::string_view kApi = "/api/v1/";
constexpr std::chrono::seconds kUsedToThe{60};

constexpr std::array<HubRoute, 20> kRoutes = {{
    {"GET", "/healthz"},
    {"GET", "/metrics"},
    {"GET", "/api/v1/openapi.yaml"},
    {"GET", "/api/v1/session"},
    {"POST", "/api/v1/session"},
    {"DELETE", "/api/v1/session"},
    {"GET", "/api/v1/today"},
    {"GET", "/api/v1/invoices"},
    {"GET", "/api/v1/lines"},
    {"GET", "/api/v1/tenders"},
    {"GET", "/api/v1/cash"},
    {"GET", "/api/v1/z"},
    {"GET", "/api/v1/tills"},
    {"GET", "/api/v1/persons"},
    {"GET", "/api/v1/recommendations"},
    {"GET", "/api/v1/models"},
    {"GET", "/api/v1/customers/{customer}"},
    {"GET", "/api/v1/reports"},
    {"GET", "/api/v1/reports/{name}"},
    {"GET", "/api/v1/stream"},
}};

bool fits(std::string_view pattern, std::string_view path) {
  const std::size_t brace = pattern.find('{');
  if (brace == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, brace))) return false;
  const std::string_view rest = path.substr(brace);
  return !rest.empty() && rest.find('/') == std::string_view::npos;
}

HttpReply plain(std::string text, std::string_view type = "text/plain; charset=utf-8") {
  return {200,
          {{"Content-Type", std::string(type)}, {"Cache-Control", "no-store"}},
          std::move(text),
          {}};
}

HttpReply refused(const NoEntry& no) {
  return problem(no.status, no.why);
}

HttpReply asset(const HttpRequest& request, std::string_view path) {
  const auto found = std::ranges::find(dashboard_assets(), path, &Asset::path);
  if (found == dashboard_assets().end()) {
    return problem(404, format("there is nothing at {}; docs/api.md lists what there is", path));
  }
  HttpReply reply{200,
                  {{"ETag", std::string(found->etag)},
                   {"Cache-Control", "no-cache"},
                   {"Vary", "Accept-Encoding"},
                   {"Content-Type", std::string(found->content_type)}},
                  {},
                  {}};
  if (request.header("if-none-match") == found->etag) {
    reply.status = 304;
    return reply;
  }
  if (!accepts_gzip(request)) {
    reply.body = unpacked(found->gzip);
    return reply;
  }
  reply.headers.emplace_back("Content-Encoding", "gzip");
  reply.body = std::string(found->gzip);
  return reply;
}

/// What a record says of a question: never about whom.
std::string described(const HubQuestion& question) {
  std::string text = question.about.starts_with("customers/") ? "customers" : question.about;
  for (const auto& [name, value] : question.parameters) {
    text += name == "customer" ? format(" {}", name) : format(" {}={}", name, value);
  }
  return text;
}

std::int64_t number_or(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && value >= 0 ? value : otherwise;
}

}  // namespace

std::span<const HubRoute> hub_routes() {
  return kRoutes;
}

HubApi::HubApi(HubPort& port, HubGate& gate, const Clock& clock)
    : port_(port), gate_(gate), clock_(clock) {}

HttpReply HubApi::answer(const HttpRequest& request) {
  HttpReply reply = route(request);
  count(reply.status);
  return reply;
}

HttpReply HubApi::route(const HttpRequest& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && request.path == "/healthz") return plain("ok\n");
  if (const auto no = gate_.refuse_stranger(request)) return refused(*no);
  const std::string_view method = reads ? "GET" : std::string_view(request.method);
  std::string allowed;
  for (const HubRoute& route : kRoutes) {
    if (!fits(route.path, request.path)) continue;
    if (route.method == method) return let_in(request, route);
    allowed += format("{}{}", allowed.empty() ? "" : ", ", route.method);
  }
  if (allowed.empty() && !request.path.starts_with("/api/")) {
    if (reads) return asset(request, request.path == "/" ? "/index.html" : request.path);
    allowed = "GET";
  }
  if (allowed.empty()) {
    return problem(404, format("there is nothing at {}; /api/v1/openapi.yaml lists what there is",
                               request.path));
  }
  HttpReply reply = problem(405, format("{} cannot be done here; use {}", request.method, allowed));
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

HttpReply HubApi::let_in(const HttpRequest& request, const HubRoute& route) {
  if (route.path == "/api/v1/openapi.yaml") return asset(request, "/openapi.yaml");
  const auto holders = port_.holders();
  if (!holders.ok()) {
    log::warning("web: {}", holders.error().message());
    return problem(503, "head office cannot read who may ask; its log says why");
  }
  const HubGate::Entry entry = gate_.let_in(request, *holders);
  if (!entry.holder) return refused(entry.no);
  mark_used(*entry.holder);
  return serve(request, route, entry);
}

HttpReply HubApi::serve(const HttpRequest& request, const HubRoute& route,
                        const HubGate::Entry& entry) {
  if (route.path == "/metrics") return metrics();
  if (route.path == "/api/v1/session") return session(request, entry);
  if (route.path == "/api/v1/stream") return stream(request, *entry.holder);
  return data(request, *entry.holder);
}

HttpReply HubApi::session(const HttpRequest& request, const HubGate::Entry& entry) {
  static constexpr std::array<std::string_view, 3> kScopes = {"read", "persons", "admin"};
  const std::string_view scope = kScopes[static_cast<std::size_t>(entry.holder->scope)];
  if (request.method == "POST") {
    if (entry.by_session) return problem(401, "a session is opened with a token");
    HttpReply reply = plain("", "application/json");
    reply.status = 204;
    reply.headers.emplace_back("Set-Cookie", gate_.open_session(*entry.holder));
    return reply;
  }
  if (request.method == "DELETE") {
    if (entry.by_session) {
      if (const auto no = gate_.refuse_action(request)) return refused(*no);
    }
    HttpReply reply = plain("", "application/json");
    reply.status = 204;
    reply.headers.emplace_back("Set-Cookie", gate_.close_session());
    return reply;
  }
  std::string text =
      format("{{\"name\":{},\"scope\":\"{}\"", json_string(entry.holder->name), scope);
  if (entry.by_session) text += format(",\"action_token\":\"{}\"", gate_.action_token(request));
  return plain(text + "}\n", "application/json");
}

HttpReply HubApi::data(const HttpRequest& request, const TokenHolder& holder) {
  const auto form = wanted_form(request);
  if (!form) {
    if (request.query.contains("format")) {
      return problem(400, "format: there are json, jsonl and csv", "format");
    }
    return problem(406, "there are application/json, application/jsonl and text/csv");
  }
  HubQuestion question{request.path.substr(kApi.size()), request.query, *form};
  question.parameters.erase("format");
  auto answered = port_.answer(question);
  if (!answered.ok()) return problem(answered.error());
  if (answered->names_persons) {
    if (holder.scope == Scope::kRead) {
      return problem(403, format("token {} may not read names and phones; it needs the scope "
                                 "persons, or leave out what names them",
                                 holder.name));
    }
    const Status recorded = port_.record_person_read(
        format("token {} at {}", holder.name, request.peer), described(question));
    if (!recorded.ok()) {
      log::warning("web: {}", recorded.error().message());
      return problem(503, "that persons are read cannot be recorded now, so they are not shown");
    }
  }
  HttpReply reply{
      200,
      {{"Content-Type", std::string(content_type(*form))}, {"Cache-Control", "private, no-cache"}},
      std::move(answered->text),
      {}};
  if (!answered->next.empty()) reply.headers.emplace_back("X-Next-Cursor", answered->next);
  if (answered->rest != nullptr) {
    reply.stream = std::make_unique<LongText>(std::move(reply.body), std::move(answered->rest));
  }
  validate(request, reply);
  compress(request, reply);
  return reply;
}

HttpReply HubApi::stream(const HttpRequest& request, const TokenHolder& holder) {
  std::string_view last = request.header("last-event-id");
  if (const auto after = request.query.find("after");
      last.empty() && after != request.query.end()) {
    last = after->second;
  }
  std::int64_t after = number_or(last, -1);
  if (after < 0 && !last.empty()) {
    return problem(400, "after: it is no cursor; send that of the last invoice you have, or none",
                   "after");
  }
  if (after < 0) {
    const auto newest = port_.newest();
    if (!newest.ok()) return problem(newest.error());
    after = *newest;
  }
  const auto still_allowed = [this, id = holder.id] {
    const auto holders = port_.holders();
    return !holders.ok() || std::ranges::find(*holders, id, &TokenHolder::id) != holders->end();
  };
  return {200,
          {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-store"}},
          {},
          std::make_unique<NewInvoices>(port_, clock_, after, still_allowed)};
}

HttpReply HubApi::metrics() {
  auto text = port_.metrics();
  if (!text.ok()) return problem(text.error());
  std::string all = *std::move(text);
  all += "# TYPE tillsight_http_answers_total counter\n";
  const MutexLock lock(mutex_);
  for (const auto& [status, times] : answers_) {
    all += format("tillsight_http_answers_total{{status=\"{}\"}} {}\n", status, times);
  }
  return plain(std::move(all), "text/plain; version=0.0.4; charset=utf-8");
}

void HubApi::mark_used(const TokenHolder& holder) {
  {
    const MonotonicTime now = clock_.monotonic_now();
    const MutexLock lock(mutex_);
    const auto [entry, is_new] = used_.try_emplace(holder.id, now);
    if (!is_new && now - entry->second < kUsedToThe) return;
    entry->second = now;
  }
  port_.mark_used(holder.id);
}

void HubApi::count(int status) {
  const MutexLock lock(mutex_);
  ++answers_[status];
}

}  // namespace tillsight::web
