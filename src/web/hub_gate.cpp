#include "web/hub_gate.hpp"

#include <algorithm>
#include <charconv>

#include "tillsight/core/format.hpp"
#include "web/cookie.hpp"
#include "web/gate.hpp"
#include "web/session.hpp"

namespace tillsight::web {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kPeersMax = 10'000;
constexpr std::string_view kHowToGetOne =
    "bring a token of 'tillsight hub token add' as 'Authorization: Bearer …'";

/// "hub.example:8443" → "hub.example"; "[::1]:8090" → "::1".
std::string_view name_of(std::string_view host, std::string_view port) {
  if (host.ends_with(port)) host.remove_suffix(port.size());
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

std::int64_t number(std::string_view text) {
  std::int64_t value = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : -1;
}

std::int64_t seconds_of(UtcTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

HubGate::HubGate(int port, bool secure, std::vector<std::string> hosts, const SecretKey& key,
                 const Clock& clock, Random& random)
    : secure_(secure),
      port_(format(":{}", port)),
      hosts_(std::move(hosts)),
      // A browser takes __Host- from HTTPS alone, and for no other host or path.
      cookie_name_(secure ? "__Host-tillsight" : format("tillsight_hub_{}", port)),
      key_(key.derive("tillsight dashboard v1")),
      clock_(clock),
      random_(random) {}

std::optional<NoEntry> HubGate::refuse_stranger(const HttpRequest& request) const {
  const std::string& host = request.header("host");
  if (std::ranges::find(hosts_, name_of(host, port_)) == hosts_.end()) {
    return NoEntry{421,
                   "head office is not known by this name; use one of its certificate, or add it "
                   "to web.hosts in hub.toml"};
  }
  const std::string& site = request.header("sec-fetch-site");
  const std::string& origin = request.header("origin");
  const bool own_site = site.empty() || site == "same-origin" || site == "none";
  // A link that somebody clicks may lead here; what it opens is no more than a page.
  const bool follows_link = request.method == "GET" && origin.empty() &&
                            request.header("sec-fetch-mode") == "navigate" &&
                            !request.path.starts_with("/api/");
  if ((!own_site && !follows_link) || (!origin.empty() && origin != scheme() + host)) {
    return NoEntry{403, "another page may not ask head office"};
  }
  return std::nullopt;
}

HubGate::Entry HubGate::let_in(const HttpRequest& request,
                               const std::vector<TokenHolder>& holders) {
  Entry entry;
  const std::string& authorization = request.header("authorization");
  if (authorization.starts_with(kBearer)) {
    entry.holder = holder_of(std::string_view(authorization).substr(kBearer.size()), holders);
    if (entry.holder) return entry;
    entry.no =
        too_often(request.peer)
            ? NoEntry{429, "too many wrong tokens came from this address; wait a minute"}
            : NoEntry{401, format("the token is wrong, revoked or expired; {}", kHowToGetOne)};
    return entry;
  }
  if (!authorization.empty()) {
    entry.no = {401, format("the scheme of Authorization is unknown; {}", kHowToGetOne)};
    return entry;
  }
  const auto id = session_of(cookie(request));
  const auto holder =
      std::ranges::find_if(holders, [&](const TokenHolder& one) { return id && one.id == *id; });
  if (holder == holders.end()) {
    entry.no = {401, format("nobody knows who asks; {}", kHowToGetOne)};
    return entry;
  }
  entry.holder = *holder;
  entry.by_session = true;
  return entry;
}

std::optional<NoEntry> HubGate::refuse_action(const HttpRequest& request) const {
  if (request.header("origin").empty()) {
    return NoEntry{403, "only head office's own page may do this with its session"};
  }
  if (!same_secret(request.header(std::string(kTokenHeader)), action_token(request))) {
    return NoEntry{403, "the page is too old; load it again"};
  }
  return std::nullopt;
}

std::string HubGate::open_session(const TokenHolder& holder) {
  std::string nonce;
  {
    const MutexLock lock(mutex_);
    nonce = random_hex(random_, kNonceBytes);
  }
  const std::string text =
      format("{}.{}.{}", holder.id, seconds_of(clock_.utc_now() + kSessionLasts), nonce);
  return format("{}={}.{}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_name_, text,
                mac("session", text),
                std::chrono::duration_cast<std::chrono::seconds>(kSessionLasts).count(),
                secure_ ? "; Secure" : "");
}

std::string HubGate::close_session() const {
  return format("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{}", cookie_name_,
                secure_ ? "; Secure" : "");
}

std::string HubGate::action_token(const HttpRequest& request) const {
  return mac("action", cookie(request));
}

std::string HubGate::mac(std::string_view use, std::string_view text) const {
  return to_hex(hmac_sha256(key_.bytes(), format("{} {}", use, text)));
}

std::string HubGate::cookie(const HttpRequest& request) const {
  return cookie_of(request.header("cookie"), cookie_name_);
}

std::optional<std::int64_t> HubGate::session_of(std::string_view cookie) const {
  const std::size_t dot = cookie.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view text = cookie.substr(0, dot);
  if (!same_secret(cookie.substr(dot + 1), mac("session", text))) return std::nullopt;
  const std::size_t first = text.find('.');
  const std::size_t second = text.find('.', first + 1);
  const std::int64_t end = number(text.substr(first + 1, second - first - 1));
  if (end <= seconds_of(clock_.utc_now())) return std::nullopt;
  return number(text.substr(0, first));
}

bool HubGate::too_often(const std::string& peer) {
  const MonotonicTime now = clock_.monotonic_now();
  const MutexLock lock(mutex_);
  if (wrong_.size() >= kPeersMax) {
    std::erase_if(wrong_, [&](const auto& one) { return now - one.second.since > kWrongTokensIn; });
    if (wrong_.size() >= kPeersMax) wrong_.clear();
  }
  Wrong& wrong = wrong_.try_emplace(peer, Wrong{0, now}).first->second;
  if (now - wrong.since > kWrongTokensIn) wrong = {0, now};
  return ++wrong.count > kWrongTokensMax;
}

std::optional<TokenHolder> holder_of(std::string_view token,
                                     const std::vector<TokenHolder>& holders) {
  const Digest hash = sha256(token);
  const std::string_view wanted(reinterpret_cast<const char*>(hash.data()), hash.size());
  std::optional<TokenHolder> found;
  for (const TokenHolder& holder : holders) {
    const std::string_view held(reinterpret_cast<const char*>(holder.hash.data()),
                                holder.hash.size());
    if (same_secret(wanted, held)) found = holder;
  }
  return found;
}

}  // namespace tillsight::web
