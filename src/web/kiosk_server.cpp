#include "tillsight/web/kiosk_server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/crypto/keys.hpp"
#include "web/assets.hpp"
#include "web/gate.hpp"
#include "web/http_daemon.hpp"
#include "web/news_board.hpp"
#include "web/session.hpp"

namespace tillsight::web {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kWatching{3};
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

const HttpHeaders& common_headers() {
  static const HttpHeaders headers = {{"Content-Security-Policy", std::string(kPolicy)},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"X-Frame-Options", "DENY"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"Cross-Origin-Opener-Policy", "same-origin"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"}};
  return headers;
}

HttpReply plain(int status, std::string text) {
  return {status,
          {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
          std::move(text) + "\n",
          {}};
}
HttpReply refused(const Refused& refusal) {
  return plain(refusal.status, refusal.why);
}

/// Changes with any of the page's files, so that an open page knows when to load itself again.
std::string page_version() {
  std::string all;
  for (const Asset& asset : kiosk_assets()) all += asset.etag;
  return to_hex(sha256(all)).substr(0, 16);
}

class NewsStream final : public HttpStream {
 public:
  NewsStream(NewsBoard& board, std::string_view last_event_id, std::string hello)
      : reader_(board, last_event_id), hello_(std::move(hello)) {}
  std::string next() override { return std::exchange(hello_, {}) + reader_.next(); }

 private:
  NewsBoard::Reader reader_;
  std::string hello_;
};

}  // namespace

class KioskServer::Impl {
 public:
  Impl(const KioskSettings& settings, const SecretKey& key, KioskPort& port, Random& random)
      : settings_(settings), port_(port), sessions_(key, random) {}

  Status listen() {
    HttpListening listening;
    listening.port = settings_.port;
    listening.common_headers = common_headers();
    TILLSIGHT_ASSIGN(daemon_,
                     HttpDaemon::start(std::move(listening),
                                       [this](const HttpRequest& asked) { return answer(asked); }));
    gate_ = std::make_unique<Gate>(daemon_->port(), sessions_, settings_.start_file.string());
    TILLSIGHT_TRY(write_start_file());
    ready_.store(true, std::memory_order_release);
    log::info("web: the clerk's page is on http://127.0.0.1:{}/; what opens it stands in {}",
              daemon_->port(), settings_.start_file.string());
    return {};
  }

  int port() const { return daemon_->port(); }
  void show(Channel channel, std::string_view json) {
    board_.show(channel, json);
    daemon_->wake();
  }
  void show_receipt(std::int64_t sequence, std::string_view json) {
    board_.show_receipt(sequence, json);
    daemon_->wake();
  }
  void show_picture(std::string jpeg) {
    const MutexLock lock(mutex_);
    picture_ = std::move(jpeg);
    ++picture_number_;
  }
  void show_metrics(std::string text) {
    const MutexLock lock(mutex_);
    metrics_ = std::move(text);
  }
  bool somebody_watches() const {
    const MutexLock lock(mutex_);
    return steady_clock::now() - watched_at_ < kWatching;
  }
  void sweep() { daemon_->sweep(); }

 private:
  HttpReply answer(const HttpRequest& request) {
    // The port is known only once the daemon listens.
    if (!ready_.load(std::memory_order_acquire)) return plain(503, "the till is starting");
    if (const auto no = gate_->refuse_stranger(request)) return refused(*no);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && request.path == "/healthz") return plain(200, "ok");
    if (reads && request.path == "/metrics") return metrics();
    if (reads && request.path == "/start") return start(request);
    if (const auto no = gate_->refuse_unknown(request)) return refused(*no);
    if (request.method == "POST" && request.path == "/api/act") return act(request);
    if (!reads) return plain(405, "this cannot be done here");
    if (request.path == "/api/stream") return stream(request);
    if (request.path == "/api/picture") return picture(request);
    return asset(request);
  }

  HttpReply start(const HttpRequest& request) {
    const auto key = request.query.find("key");
    const auto cookie = key == request.query.end() ? std::nullopt : sessions_.open(key->second);
    if (!cookie) {
      if (!gate_->refuse_unknown(request)) return {303, {{"Location", "/"}}, {}, {}};
      return plain(403, format("this address was used before; a fresh one stands in {}",
                               settings_.start_file.string()));
    }
    if (const Status written = write_start_file(); !written.ok()) {
      log::error("web: {}", written.error().message());
    }
    return {303,
            {{"Location", "/"},
             {"Set-Cookie", gate_->set_cookie(*cookie)},
             {"Cache-Control", "no-store"}},
            {},
            {}};
  }

  HttpReply act(const HttpRequest& request) {
    if (const auto no = gate_->refuse_action(request)) return refused(*no);
    KioskPort::Answer answered = port_.act(request.body);
    switch (answered.taken) {
      case KioskPort::Taken::kYes: return plain(202, "taken");
      case KioskPort::Taken::kNoAction: return plain(400, std::move(answered.message));
      case KioskPort::Taken::kBusy: break;
    }
    return plain(503, std::move(answered.message));
  }

  HttpReply stream(const HttpRequest& request) {
    std::string hello =
        format("retry: 500\nevent: hello\ndata: {{\"page\":\"{}\",\"token\":\"{}\"}}\n\n",
               page_version(), sessions_.token(gate_->cookie(request)));
    return {
        200,
        {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-store"}},
        {},
        std::make_unique<NewsStream>(board_, request.header("last-event-id"), std::move(hello))};
  }

  HttpReply picture(const HttpRequest& request) {
    const MutexLock lock(mutex_);
    watched_at_ = steady_clock::now();
    const std::string number = format("{}", picture_number_);
    const auto after = request.query.find("after");
    if (picture_.empty() || (after != request.query.end() && after->second == number)) {
      return {204, {{"Cache-Control", "no-store"}}, {}, {}};
    }
    return {200,
            {{"Content-Type", "image/jpeg"}, {"Cache-Control", "no-store"}, {"X-Picture", number}},
            picture_,
            {}};
  }

  HttpReply metrics() {
    const MutexLock lock(mutex_);
    return {200,
            {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
             {"Cache-Control", "no-store"}},
            metrics_,
            {}};
  }

  static HttpReply asset(const HttpRequest& request) {
    const std::string path = request.path == "/" ? "/index.html" : request.path;
    const auto found = std::ranges::find(kiosk_assets(), std::string_view(path), &Asset::path);
    if (found == kiosk_assets().end()) return plain(404, "there is no such page");
    HttpReply reply{200,
                    {{"ETag", std::string(found->etag)},
                     {"Cache-Control", "no-cache"},
                     {"Content-Type", std::string(found->content_type)}},
                    {},
                    {}};
    if (request.header("if-none-match") == found->etag) {
      reply.status = 304;
      return reply;
    }
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = std::string(found->gzip);
    return reply;
  }

  Status write_start_file() const {
    return write_file_atomically(
        settings_.start_file,
        format("http://127.0.0.1:{}/start?key={}\n", daemon_->port(), sessions_.start_key()));
  }

  // Constant after construction.
  const KioskSettings settings_;
  KioskPort& port_;
  // Touched only by the daemon's thread, once it listens.
  Sessions sessions_;
  std::unique_ptr<Gate> gate_;
  // Thread-safe on their own.
  std::atomic<bool> ready_{false};
  NewsBoard board_;
  mutable Mutex mutex_;
  std::string metrics_ TILLSIGHT_GUARDED_BY(mutex_);
  std::string picture_ TILLSIGHT_GUARDED_BY(mutex_);
  std::int64_t picture_number_ TILLSIGHT_GUARDED_BY(mutex_) = 0;
  steady_clock::time_point watched_at_ TILLSIGHT_GUARDED_BY(mutex_) =
      steady_clock::time_point::min() + std::chrono::hours(1);
  // Last, so that it ends before what its thread uses.
  std::unique_ptr<HttpDaemon> daemon_;
};

Result<std::unique_ptr<KioskServer>> KioskServer::start(const KioskSettings& settings,
                                                        KioskPort& port, Random& random) {
  TILLSIGHT_ASSIGN(const SecretKey key, load_or_make_key(settings.key_file, random));
  auto impl = std::make_unique<Impl>(settings, key, port, random);
  TILLSIGHT_TRY(impl->listen());
  return std::unique_ptr<KioskServer>(new KioskServer(std::move(impl)));
}

KioskServer::KioskServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KioskServer::~KioskServer() = default;

int KioskServer::port() const {
  return impl_->port();
}
void KioskServer::show(Channel channel, std::string_view json) {
  impl_->show(channel, json);
}
void KioskServer::show_receipt(std::int64_t sequence, std::string_view json) {
  impl_->show_receipt(sequence, json);
}
void KioskServer::show_picture(std::string jpeg) {
  impl_->show_picture(std::move(jpeg));
}
void KioskServer::show_metrics(std::string text) {
  impl_->show_metrics(std::move(text));
}
bool KioskServer::somebody_watches() const {
  return impl_->somebody_watches();
}
void KioskServer::sweep() {
  impl_->sweep();
}

}  // namespace tillsight::web
