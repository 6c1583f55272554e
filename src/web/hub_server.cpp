#include "tillsight/web/hub_server.hpp"

#include <algorithm>
#include <atomic>

#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/crypto/certificate.hpp"
#include "web/hub_api.hpp"
#include "web/hub_gate.hpp"
#include "web/socket_address.hpp"

namespace tillsight::web {
namespace {

constexpr unsigned kWorkers = 4;
constexpr unsigned kConnectionsMax = 256;
constexpr unsigned kConnectionsMaxOfOne = 64;
constexpr std::size_t kStreamsMax = 64;
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

HttpHeaders common_headers(bool secure) {
  HttpHeaders headers = {{"Content-Security-Policy", std::string(kPolicy)},
                         {"X-Content-Type-Options", "nosniff"},
                         {"X-Frame-Options", "DENY"},
                         {"Referrer-Policy", "no-referrer"},
                         {"Cross-Origin-Opener-Policy", "same-origin"},
                         {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (secure) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return headers;
}

/// The certificate of the settings, and the names under which it is asked.
Status read_certificate_into(const HubWebSettings& settings, HttpListening& listening,
                             std::vector<std::string>& hosts) {
  TILLSIGHT_ASSIGN(listening.certificate, read_file(settings.certificate_file));
  TILLSIGHT_ASSIGN(listening.key, read_file(settings.key_file));
  const auto facts = read_certificate(listening.certificate);
  if (!facts.ok()) return facts.error().with_context(settings.certificate_file.string());
  if (hosts.empty()) hosts = facts->hosts;
  return {};
}

}  // namespace

class HubServer::Impl {
 public:
  Impl(const HubWebSettings& settings, const SecretKey& key, HubPort& port, const Clock& clock,
       Random& random)
      : settings_(settings), key_(key), port_(port), clock_(clock), random_(random) {}

  Status listen() {
    HttpListening listening;
    listening.address = settings_.address;
    listening.port = settings_.port;
    listening.workers = kWorkers;
    listening.connections_max = kConnectionsMax;
    listening.connections_max_of_one = kConnectionsMaxOfOne;
    listening.streams_max = kStreamsMax;
    listening.too_many = "too many pages listen for news at this head office; close one";
    TILLSIGHT_ASSIGN(const SocketAddress address, SocketAddress::parse(settings_.address, 0));
    const bool secure = !settings_.certificate_file.empty();
    std::vector<std::string> hosts = settings_.hosts;
    if (secure) {
      TILLSIGHT_TRY(read_certificate_into(settings_, listening, hosts));
    } else if (!address.is_loopback()) {
      return error(Code::kInvalidArgument,
                   "web: {} can be reached by others, and without HTTPS they could read along; set "
                   "web.certificate_file and web.key_file, or listen on 127.0.0.1",
                   settings_.address);
    }
    for (const char* own : {"127.0.0.1", "localhost", "::1"}) hosts.emplace_back(own);
    listening.common_headers = common_headers(secure);
    TILLSIGHT_ASSIGN(daemon_,
                     HttpDaemon::start(std::move(listening),
                                       [this](const HttpRequest& asked) { return answer(asked); }));
    gate_ = std::make_unique<HubGate>(daemon_->port(), secure, hosts, key_, clock_, random_);
    api_ = std::make_unique<HubApi>(port_, *gate_, clock_);
    ready_.store(true, std::memory_order_release);
    log::info("web: head office's page is on {}://{}:{}/; 'tillsight hub token add' lets people in",
              secure ? "https" : "http", hosts.front(), daemon_->port());
    return {};
  }

  int port() const { return daemon_->port(); }
  void wake() { daemon_->wake(); }
  void sweep() {
    daemon_->sweep();
    daemon_->wake();
  }

 private:
  HttpReply answer(const HttpRequest& request) {
    // The port is known only once the daemon listens.
    if (!ready_.load(std::memory_order_acquire)) return problem(503, "head office is starting");
    return api_->answer(request);
  }

  // Constant after construction.
  const HubWebSettings settings_;
  const SecretKey key_;
  HubPort& port_;
  const Clock& clock_;
  Random& random_;
  // Thread-safe on their own, once the daemon listens.
  std::unique_ptr<HubGate> gate_;
  std::unique_ptr<HubApi> api_;
  std::atomic<bool> ready_{false};
  // Last, so that it ends before what its threads use.
  std::unique_ptr<HttpDaemon> daemon_;
};

Result<std::unique_ptr<HubServer>> HubServer::start(const HubWebSettings& settings, HubPort& port,
                                                    const Clock& clock, Random& random) {
  TILLSIGHT_ASSIGN(const SecretKey key, load_or_make_key(settings.session_key_file, random));
  auto impl = std::make_unique<Impl>(settings, key, port, clock, random);
  TILLSIGHT_TRY(impl->listen());
  return std::unique_ptr<HubServer>(new HubServer(std::move(impl)));
}

HubServer::HubServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HubServer::~HubServer() = default;

int HubServer::port() const {
  return impl_->port();
}
void HubServer::wake() {
  impl_->wake();
}
void HubServer::sweep() {
  impl_->sweep();
}

}  // namespace tillsight::web
