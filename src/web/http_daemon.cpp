#include "web/http_daemon.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <set>

#include "tillsight/core/check.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::web {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kStreamBlockBytes = 8 * 1024;

/// A request while it arrives.
struct Exchange {
  HttpRequest request;
  bool begun = false;
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
  /// What libmicrohttpd hands back for a stream.
  struct Sending {
    State& state;
    MHD_Connection* connection;
    std::unique_ptr<HttpStream> stream;
    std::string text{};
    std::size_t sent = 0;
  };

  // Constant after construction.
  Headers common_headers;
  Handler handler;
  MHD_Daemon* daemon = nullptr;

  Mutex mutex;
  std::map<MHD_Connection*, Connection> connections TILLSIGHT_GUARDED_BY(mutex);
  std::set<MHD_Connection*> sleeping TILLSIGHT_GUARDED_BY(mutex);
  std::size_t streams TILLSIGHT_GUARDED_BY(mutex) = 0;
  bool stopping TILLSIGHT_GUARDED_BY(mutex) = false;

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char* upload,
                               std::size_t* upload_size, void** exchange);
  static void on_completed(void* self, MHD_Connection* connection, void** exchange,
                           MHD_RequestTerminationCode);
  static void on_connection(void* self, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what);
  static ssize_t on_room(void* sending, std::uint64_t, char* out, std::size_t out_size);
  static void on_stream_end(void* sending);

  ssize_t fill(Sending& sending, char* out, std::size_t out_size);
  bool take_stream_place();
  MHD_Result answer(MHD_Connection* connection, HttpReply reply);
  MHD_Response* response(MHD_Connection* connection, HttpReply& reply);
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
    MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_header, &request.headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_query, &request.query);
    const std::string& length = request.header("content-length");
    if (length.size() > 6 || (!length.empty() && std::stoul("0" + length) > kBodyBytesMax)) {
      return state.answer(connection, refusal(413, "the body is too long"));
    }
    return MHD_YES;
  }
  if (*upload_size > 0) {
    // A body without a length that grows too long: there is no answering it in its midst.
    if (request.body.size() + *upload_size > kBodyBytesMax) return MHD_NO;
    request.body.append(upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  {
    const MutexLock lock(state.mutex);
    state.connections[connection].serving = true;
  }
  return state.answer(connection, state.handler(request));
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
  if (sending.sent == sending.text.size()) {
    sending.text = sending.stream->next();
    sending.sent = 0;
  }
  if (sending.text.empty()) {
    // wake() takes the mutex, so what comes after next() finds the sleeper.
    MHD_suspend_connection(sending.connection);
    sleeping.insert(sending.connection);
    return 0;
  }
  const std::size_t size = std::min(out_size, sending.text.size() - sending.sent);
  std::memcpy(out, sending.text.data() + sending.sent, size);
  sending.sent += size;
  return static_cast<ssize_t>(size);
}

void HttpDaemon::State::on_stream_end(void* sending) {
  const std::unique_ptr<Sending> done(static_cast<Sending*>(sending));
  const MutexLock lock(done->state.mutex);
  done->state.sleeping.erase(done->connection);
  --done->state.streams;
}

bool HttpDaemon::State::take_stream_place() {
  const MutexLock lock(mutex);
  if (streams == kStreamsMax) return false;
  ++streams;
  return true;
}

MHD_Response* HttpDaemon::State::response(MHD_Connection* connection, HttpReply& reply) {
  if (reply.stream != nullptr) {
    auto sending = std::make_unique<Sending>(Sending{*this, connection, std::move(reply.stream)});
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kStreamBlockBytes, on_room,
                                             sending.release(), on_stream_end);
  }
  return MHD_create_response_from_buffer(reply.body.size(), reply.body.data(),
                                         MHD_RESPMEM_MUST_COPY);
}

MHD_Result HttpDaemon::State::answer(MHD_Connection* connection, HttpReply reply) {
  if (reply.stream != nullptr && !take_stream_place()) {
    reply = refusal(503, "too many pages are open at this till; close one");
  }
  MHD_Response* built = response(connection, reply);
  TILLSIGHT_CHECK(built != nullptr, "a reply is built");
  for (const Headers* headers : {&common_headers, &reply.headers}) {
    for (const auto& [name, value] : *headers) {
      MHD_add_response_header(built, name.c_str(), value.c_str());
    }
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), built);
  MHD_destroy_response(built);
  return queued;
}

Result<std::unique_ptr<HttpDaemon>> HttpDaemon::start(int port, Headers common_headers,
                                                      Handler handler) {
  auto state = std::make_unique<State>();
  state->common_headers = std::move(common_headers);
  state->handler = std::move(handler);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  State* self = state.get();
  errno = 0;
  state->daemon =
      MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr,
                       nullptr, &State::on_request, self,                         //
                       MHD_OPTION_SOCK_ADDR, std::bit_cast<sockaddr*>(&address),  //
                       MHD_OPTION_CONNECTION_LIMIT, kConnectionsMax,              //
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, kHeaderBytesMax,       //
                       MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(kPatience.count()),
                       MHD_OPTION_STRICT_FOR_CLIENT, 1,                            //
                       MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,                     //
                       MHD_OPTION_NOTIFY_COMPLETED, &State::on_completed, self,    //
                       MHD_OPTION_NOTIFY_CONNECTION, &State::on_connection, self,  //
                       MHD_OPTION_END);
  if (state->daemon == nullptr) {
    return error(Code::kUnavailable,
                 "web: cannot listen on 127.0.0.1:{}: {}; stop who does, or set another web.port",
                 port, std::strerror(errno));
  }
  return std::unique_ptr<HttpDaemon>(new HttpDaemon(std::move(state)));
}

HttpDaemon::HttpDaemon(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpDaemon::~HttpDaemon() {
  {
    const MutexLock lock(state_->mutex);
    state_->stopping = true;
  }
  wake();
  MHD_stop_daemon(state_->daemon);
}

int HttpDaemon::port() const {
  return MHD_get_daemon_info(state_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void HttpDaemon::wake() {
  const MutexLock lock(state_->mutex);
  for (MHD_Connection* connection : state_->sleeping) MHD_resume_connection(connection);
  state_->sleeping.clear();
}

void HttpDaemon::sweep() {
  const Time now = std::chrono::steady_clock::now();
  const MutexLock lock(state_->mutex);
  for (const auto& [connection, entry] : state_->connections) {
    if (!entry.serving && now - entry.waiting_since > kPatience) ::shutdown(entry.fd, SHUT_RDWR);
  }
}

}  // namespace tillsight::web
