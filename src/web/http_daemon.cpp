#include "web/http_daemon.hpp"

#include <microhttpd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>

#include "tillsight/core/check.hpp"
#include "tillsight/core/mutex.hpp"
#include "web/http_workers.hpp"
#include "web/socket_address.hpp"

namespace tillsight::web {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kStreamBlockBytes = 8 * 1024;
// TLS as RFC 9325 has it.
constexpr const char* kTlsPriorities =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";

/// A request while it arrives, and its reply while a worker makes it.
struct Exchange {
  HttpRequest request;
  bool begun = false;
  std::optional<HttpReply> reply;
};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return lower;
}

MHD_Result collect_header(void* out, MHD_ValueKind, const char* name, const char* value) {
  auto& headers = *static_cast<std::map<std::string, std::string>*>(out);
  headers[lower_case(name)] = value == nullptr ? "" : value;
  return MHD_YES;
}
MHD_Result collect_query(void* out, MHD_ValueKind, const char* name, const char* value) {
  auto& query = *static_cast<std::map<std::string, std::string>*>(out);
  query[name] = value == nullptr ? "" : value;
  return MHD_YES;
}

HttpReply refusal(int status, std::string why) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(why) + "\n", {}};
}

}  // namespace

const std::string& HttpRequest::header(const std::string& lower_case_name) const {
  static const std::string none;
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? none : found->second;
}

struct HttpDaemon::State {
  struct Connection {
    int fd = -1;
    Time waiting_since;    ///< for a request
    bool serving = false;  ///< a whole request is being answered
  };
  /// What libmicrohttpd hands back for a stream. While its connection sleeps it belongs to a
  /// worker or to nobody, else to the daemon's thread.
  struct Sending {
    State& state;
    MHD_Connection* connection;
    std::unique_ptr<HttpStream> stream;
    bool counted;
    std::string text{};
    std::size_t sent = 0;
  };

  // Constant after construction.
  HttpListening listening;
  Handler handler;
  MHD_Daemon* daemon = nullptr;

  Mutex mutex;
  std::map<MHD_Connection*, Connection> connections TILLSIGHT_GUARDED_BY(mutex);
  std::set<MHD_Connection*> asleep TILLSIGHT_GUARDED_BY(mutex);          ///< all of them
  std::map<MHD_Connection*, Sending*> idle TILLSIGHT_GUARDED_BY(mutex);  ///< that wait for news
  std::size_t streams TILLSIGHT_GUARDED_BY(mutex) = 0;
  std::uint64_t wakes TILLSIGHT_GUARDED_BY(mutex) = 0;
  bool stopping TILLSIGHT_GUARDED_BY(mutex) = false;

  // Last, so that it ends before what its threads use.
  std::unique_ptr<HttpWorkers> workers;

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char* upload,
                               std::size_t* upload_size, void** exchange);
  static void on_completed(void* self, MHD_Connection* connection, void** exchange,
                           MHD_RequestTerminationCode);
  static void on_connection(void* self, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what);
  static ssize_t on_room(void* sending, std::uint64_t, char* out, std::size_t out_size);
  static void on_stream_end(void* sending);

  MHD_Result begin(MHD_Connection* connection, HttpRequest& request);
  MHD_Result whole(MHD_Connection* connection, Exchange& exchange);
  void put_to_sleep(MHD_Connection* connection) TILLSIGHT_REQUIRES(mutex);
  void resume(MHD_Connection* connection) TILLSIGHT_REQUIRES(mutex);
  void look_for_news(Sending& sending);
  ssize_t fill(Sending& sending, char* out, std::size_t out_size);
  bool take_stream_place();
  MHD_Result answer(MHD_Connection* connection, HttpReply reply);
  MHD_Response* response(MHD_Connection* connection, HttpReply& reply, bool counted);
};

MHD_Result HttpDaemon::State::on_request(void* self, MHD_Connection* connection, const char* url,
                                         const char* method, const char*, const char* upload,
                                         std::size_t* upload_size, void** exchange) {
  State& state = *static_cast<State*>(self);
  if (*exchange == nullptr) *exchange = std::make_unique<Exchange>().release();
  Exchange& current = *static_cast<Exchange*>(*exchange);
  HttpRequest& request = current.request;
  if (!std::exchange(current.begun, true)) {
    request.method = method;
    request.path = url;
    return state.begin(connection, request);
  }
  if (*upload_size > 0) {
    // A body without a length that grows too long: there is no answering it in its midst.
    if (request.body.size() + *upload_size > kBodyBytesMax) return MHD_NO;
    request.body.append(upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  return state.whole(connection, current);
}

MHD_Result HttpDaemon::State::begin(MHD_Connection* connection, HttpRequest& request) {
  MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_header, &request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_query, &request.query);
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  request.peer = address_text(info->client_addr);
  const std::string& length = request.header("content-length");
  if (length.size() > 6 || (!length.empty() && std::stoul("0" + length) > kBodyBytesMax)) {
    return answer(connection, refusal(413, "the body is too long"));
  }
  return MHD_YES;
}

MHD_Result HttpDaemon::State::whole(MHD_Connection* connection, Exchange& exchange) {
  if (exchange.reply) return answer(connection, *std::move(exchange.reply));
  {
    const MutexLock lock(mutex);
    if (stopping) return MHD_NO;
    connections[connection].serving = true;
    if (workers) put_to_sleep(connection);
  }
  if (!workers) return answer(connection, handler(exchange.request));
  workers->add([this, connection, &exchange] {
    exchange.reply = handler(exchange.request);
    const MutexLock lock(mutex);
    resume(connection);
  });
  return MHD_YES;
}

void HttpDaemon::State::put_to_sleep(MHD_Connection* connection) {
  MHD_suspend_connection(connection);
  asleep.insert(connection);
}

void HttpDaemon::State::resume(MHD_Connection* connection) {
  if (asleep.erase(connection) > 0) MHD_resume_connection(connection);
}

void HttpDaemon::State::on_completed(void* self, MHD_Connection* connection, void** exchange,
                                     MHD_RequestTerminationCode) {
  State& state = *static_cast<State*>(self);
  const std::unique_ptr<Exchange> done(static_cast<Exchange*>(*exchange));
  *exchange = nullptr;
  const MutexLock lock(state.mutex);
  Connection& entry = state.connections[connection];
  entry.serving = false;
  entry.waiting_since = std::chrono::steady_clock::now();
}

void HttpDaemon::State::on_connection(void* self, MHD_Connection* connection, void**,
                                      MHD_ConnectionNotificationCode what) {
  State& state = *static_cast<State*>(self);
  const MutexLock lock(state.mutex);
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
    state.connections.erase(connection);
    return;
  }
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  state.connections[connection] = {info->connect_fd, std::chrono::steady_clock::now(), false};
}

ssize_t HttpDaemon::State::on_room(void* sending, std::uint64_t, char* out, std::size_t out_size) {
  Sending& current = *static_cast<Sending*>(sending);
  return current.state.fill(current, out, out_size);
}

ssize_t HttpDaemon::State::fill(Sending& sending, char* out, std::size_t out_size) {
  const MutexLock lock(mutex);
  if (stopping) return MHD_CONTENT_READER_END_OF_STREAM;
  if (sending.sent == sending.text.size() && sending.stream->broken()) {
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
  if (sending.sent == sending.text.size() && sending.stream->over()) {
    return MHD_CONTENT_READER_END_OF_STREAM;
  }
  if (sending.sent == sending.text.size() && !workers) {
    sending.text = sending.stream->next();
    sending.sent = 0;
    // wake() takes the mutex, so what comes after next() finds the sleeper.
    if (sending.text.empty()) idle.emplace(sending.connection, &sending);
  }
  if (sending.sent == sending.text.size()) {
    put_to_sleep(sending.connection);
    if (workers) workers->add([this, &sending] { look_for_news(sending); });
    return 0;
  }
  const std::size_t size = std::min(out_size, sending.text.size() - sending.sent);
  std::memcpy(out, sending.text.data() + sending.sent, size);
  sending.sent += size;
  return static_cast<ssize_t>(size);
}

void HttpDaemon::State::look_for_news(Sending& sending) {
  while (true) {
    std::uint64_t before = 0;
    {
      const MutexLock lock(mutex);
      before = wakes;
    }
    sending.text = sending.stream->next();
    sending.sent = 0;
    const MutexLock lock(mutex);
    if (!sending.text.empty() || sending.stream->over() || sending.stream->broken() || stopping) {
      return resume(sending.connection);
    }
    if (before != wakes) continue;
    idle.emplace(sending.connection, &sending);
    return;
  }
}

void HttpDaemon::State::on_stream_end(void* sending) {
  const std::unique_ptr<Sending> done(static_cast<Sending*>(sending));
  const MutexLock lock(done->state.mutex);
  done->state.idle.erase(done->connection);
  if (done->counted) --done->state.streams;
}

bool HttpDaemon::State::take_stream_place() {
  const MutexLock lock(mutex);
  if (streams == listening.streams_max) return false;
  ++streams;
  return true;
}

MHD_Response* HttpDaemon::State::response(MHD_Connection* connection, HttpReply& reply,
                                          bool counted) {
  if (reply.stream != nullptr) {
    auto sending =
        std::make_unique<Sending>(Sending{*this, connection, std::move(reply.stream), counted});
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kStreamBlockBytes, on_room,
                                             sending.release(), on_stream_end);
  }
  return MHD_create_response_from_buffer(reply.body.size(), reply.body.data(),
                                         MHD_RESPMEM_MUST_COPY);
}

MHD_Result HttpDaemon::State::answer(MHD_Connection* connection, HttpReply reply) {
  const bool counted = reply.stream != nullptr && !reply.stream->ends();
  if (counted && !take_stream_place()) reply = refusal(503, listening.too_many);
  MHD_Response* built = response(connection, reply, counted);
  TILLSIGHT_CHECK(built != nullptr, "a reply is built");
  for (const HttpHeaders* headers : {&listening.common_headers, &reply.headers}) {
    for (const auto& [name, value] : *headers) {
      MHD_add_response_header(built, name.c_str(), value.c_str());
    }
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), built);
  MHD_destroy_response(built);
  return queued;
}

Result<std::unique_ptr<HttpDaemon>> HttpDaemon::start(HttpListening listening, Handler handler) {
  TILLSIGHT_ASSIGN(const SocketAddress address,
                   SocketAddress::parse(listening.address, listening.port));
  auto state = std::make_unique<State>();
  state->listening = std::move(listening);
  state->handler = std::move(handler);
  const HttpListening& to = state->listening;
  if (to.workers > 0) state->workers = std::make_unique<HttpWorkers>(to.workers);
  std::vector<MHD_OptionItem> tls;
  if (!to.certificate.empty()) {
    // libmicrohttpd takes pointers to bytes that it only reads.
    tls = {{MHD_OPTION_HTTPS_MEM_CERT, 0, const_cast<char*>(to.certificate.c_str())},
           {MHD_OPTION_HTTPS_MEM_KEY, 0, const_cast<char*>(to.key.c_str())},
           {MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(kTlsPriorities)}};
  }
  tls.push_back({MHD_OPTION_END, 0, nullptr});
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (!to.certificate.empty()) flags |= MHD_USE_TLS;
  if (address.is_v6()) flags |= MHD_USE_IPv6;
  State* self = state.get();
  errno = 0;
  state->daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &State::on_request, self, MHD_OPTION_SOCK_ADDR, address.raw(),  //
      MHD_OPTION_CONNECTION_LIMIT, to.connections_max,                                            //
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, to.connections_max_of_one,                              //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kHeaderBytesMax,                                        //
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(kPatience.count()),
      MHD_OPTION_STRICT_FOR_CLIENT, 1,                            //
      MHD_OPTION_NOTIFY_COMPLETED, &State::on_completed, self,    //
      MHD_OPTION_NOTIFY_CONNECTION, &State::on_connection, self,  //
      MHD_OPTION_ARRAY, tls.data(),                               //
      MHD_OPTION_END);
  if (state->daemon != nullptr)
    return std::unique_ptr<HttpDaemon>(new HttpDaemon(std::move(state)));
  if (!to.certificate.empty() && errno == 0) {
    return error(Code::kFailedPrecondition,
                 "web: key and certificate cannot be used; are both PEM, and of one another?");
  }
  return error(Code::kUnavailable,
               "web: cannot listen on {}:{}: {}; stop who does, or set another web.port",
               to.address, to.port, std::strerror(errno));
}

HttpDaemon::HttpDaemon(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpDaemon::~HttpDaemon() {
  {
    const MutexLock lock(state_->mutex);
    state_->stopping = true;
  }
  if (state_->workers) state_->workers->stop();
  {
    const MutexLock lock(state_->mutex);
    state_->idle.clear();
    for (MHD_Connection* connection : state_->asleep) MHD_resume_connection(connection);
    state_->asleep.clear();
  }
  MHD_stop_daemon(state_->daemon);
}

int HttpDaemon::port() const {
  return MHD_get_daemon_info(state_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void HttpDaemon::wake() {
  const MutexLock lock(state_->mutex);
  ++state_->wakes;
  for (const auto& [connection, sending] : std::exchange(state_->idle, {})) {
    if (state_->workers) {
      state_->workers->add(
          [state = state_.get(), stream = sending] { state->look_for_news(*stream); });
    } else {
      state_->resume(connection);
    }
  }
}

void HttpDaemon::sweep() {
  const Time now = std::chrono::steady_clock::now();
  const MutexLock lock(state_->mutex);
  for (const auto& [connection, entry] : state_->connections) {
    if (!entry.serving && now - entry.waiting_since > kPatience) ::shutdown(entry.fd, SHUT_RDWR);
  }
}

}  // namespace tillsight::web
