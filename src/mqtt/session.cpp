#include "mqtt/session.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "mqtt/mosquitto_error.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::mqtt {
namespace {

constexpr int kGoodbyeAttempts = 20;
constexpr int kGoodbyeAttemptMs = 50;
/// mosquitto_loop_misc() keeps the connection alive and wants to be called about this often.
constexpr std::chrono::milliseconds kHousekeeping{1000};
constexpr int kPacketsPerCall = 100;
constexpr std::size_t kHeaderBytes = 16;  ///< of a PUBLISH, besides its topic

void initialise_library_once() {
  [[maybe_unused]] static const int done = mosquitto_lib_init();
}

}  // namespace

/// What libmosquitto calls; `self` is the Session.
struct Session::Callbacks {
  static Session& of(void* self) { return *static_cast<Session*>(self); }

  static void on_connect(::mosquitto*, void* self, int reason, int, const mosquitto_property*) {
    if (reason != 0) {
      of(self).ended_ = connect_refusal(reason);
      return;
    }
    of(self).accepted_ = true;
    of(self).happenings_.emplace_back(Accepted{});
  }

  static void on_disconnect(::mosquitto*, void* self, int reason, const mosquitto_property*) {
    // The library passes its own codes here too, but those come back from its functions as well;
    // only a DISCONNECT packet is told nowhere else.
    if (!of(self).ended_ && reason >= MQTT_RC_UNSPECIFIED) of(self).ended_ = broker_goodbye(reason);
  }

  static void on_publish(::mosquitto*, void* self, int id, int reason, const mosquitto_property*) {
    --of(self).unacknowledged_;
    of(self).happenings_.emplace_back(Published{PublishId(id), publish_outcome(reason)});
  }

  static void on_subscribe(::mosquitto*, void* self, int id, int count, const int* granted,
                           const mosquitto_property*) {
    const auto node = of(self).subscribing_.extract(id);
    if (node.empty() || std::all_of(granted, granted + count, [](int code) { return code < 0x80; }))
      return;
    of(self).ended_ =
        error(Code::kFailedPrecondition,
              "the broker refused the subscription '{}': {}; check the broker's access rules",
              node.mapped(), mosquitto_reason_string(granted[0]));
  }

  static void on_message(::mosquitto*, void* self, const mosquitto_message* message,
                         const mosquitto_property*) {
    const auto* bytes = static_cast<const char*>(message->payload);
    const auto size = static_cast<std::size_t>(message->payloadlen);
    of(self).happenings_.emplace_back(Received{
        message->topic, size == 0 ? std::string() : std::string(bytes, size), message->retain});
  }

  static void on_log(::mosquitto*, void* self, int level, const char* text) {
    if (level == MOSQ_LOG_ERR) of(self).last_words_ = text;
  }
};

void Session::Destroy::operator()(::mosquitto* handle) const {
  mosquitto_destroy(handle);
}

Session::Session(const Settings& settings)
    : settings_(settings), broker_(format("broker {}:{}", settings.host, settings.port)) {
  initialise_library_once();
  const char* id = settings.client_id.empty() ? nullptr : settings.client_id.c_str();
  handle_.reset(mosquitto_new(id, /*clean_start=*/true, this));
  TILLSIGHT_CHECK(handle_ != nullptr, "mosquitto_new() is out of memory");
}

Result<std::unique_ptr<Session>> Session::start(const Settings& settings,
                                                const std::optional<Will>& will) {
  std::unique_ptr<Session> session(new Session(settings));
  TILLSIGHT_TRY(session->configure(will));
  TILLSIGHT_TRY(session->begin_connect());
  return session;
}

Status Session::check(int library_code) {
  const int system_error = errno;
  if (library_code == MOSQ_ERR_SUCCESS) return {};
  // In TLS 1.3 a client is through before the broker has looked at its certificate. The alert that
  // says why it is turned away comes as EPROTO without a word, or is overtaken by the connection's
  // end.
  const bool cut =
      library_code == MOSQ_ERR_CONN_LOST ||
      (library_code == MOSQ_ERR_ERRNO &&
       (system_error == EPROTO || system_error == ECONNRESET || system_error == EPIPE));
  if (cut && !accepted_ && settings_.tls) {
    return turned_away().with_context(broker_);
  }
  return library_failure(library_code, system_error, last_words_).with_context(broker_);
}

Status Session::configure(const std::optional<Will>& will) {
  ::mosquitto* const handle = handle_.get();
  TILLSIGHT_TRY(check(mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5)));
  TILLSIGHT_TRY(check(mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1)));
  TILLSIGHT_TRY(
      check(mosquitto_int_option(handle, MOSQ_OPT_RECEIVE_MAXIMUM, settings_.receive_max)));
  TILLSIGHT_TRY(check(mosquitto_int_option(handle, MOSQ_OPT_SEND_MAXIMUM, settings_.publish_max)));
  // Otherwise a PUBACK leaves while its message is being read.
  TILLSIGHT_TRY(check(mosquitto_threaded_set(handle, true)));
  mosquitto_connect_v5_callback_set(handle, &Callbacks::on_connect);
  mosquitto_disconnect_v5_callback_set(handle, &Callbacks::on_disconnect);
  mosquitto_publish_v5_callback_set(handle, &Callbacks::on_publish);
  mosquitto_subscribe_v5_callback_set(handle, &Callbacks::on_subscribe);
  mosquitto_message_v5_callback_set(handle, &Callbacks::on_message);
  mosquitto_log_callback_set(handle, &Callbacks::on_log);
  if (will) {
    TILLSIGHT_TRY(check(mosquitto_will_set_v5(
        handle, will->topic.c_str(), static_cast<int>(will->payload.size()), will->payload.data(),
        /*qos=*/1, /*retain=*/true, /*properties=*/nullptr)));
  }
  TILLSIGHT_TRY(configure_credentials());
  return configure_tls();
}

Status Session::configure_credentials() {
  if (settings_.username.empty()) return {};
  std::string password;
  if (!settings_.password_file.empty()) {
    Result<std::string> text = read_file(settings_.password_file, 4096);
    if (!text) {
      return error(Code::kFailedPrecondition, "password_file: {}; make it readable for this user",
                   text.error().message());
    }
    password = text->substr(0, text->find_first_of("\r\n"));
  }
  return check(mosquitto_username_pw_set(handle_.get(), settings_.username.c_str(),
                                         password.empty() ? nullptr : password.c_str()));
}

Status Session::configure_tls() {
  if (!settings_.tls) return {};
  const Tls& tls = *settings_.tls;
  const auto text = [](const std::filesystem::path& file) {
    return file.empty() ? nullptr : file.c_str();
  };
  const int code = mosquitto_tls_set(handle_.get(), text(tls.ca_file), nullptr,
                                     text(tls.certificate_file), text(tls.key_file), nullptr);
  if (code == MOSQ_ERR_INVAL) {
    return error(Code::kFailedPrecondition,
                 "{}: ca_file {}, certificate_file {} or key_file {} cannot be read; check the "
                 "paths and their permissions",
                 broker_, tls.ca_file.string(), tls.certificate_file.string(),
                 tls.key_file.string());
  }
  TILLSIGHT_TRY(check(code));
  constexpr int kVerifyPeer = 1;
  return check(mosquitto_tls_opts_set(handle_.get(), kVerifyPeer, "tlsv1.3", nullptr));
}

Status Session::begin_connect() {
  ::mosquitto* const handle = handle_.get();
  const char* const host = settings_.host.c_str();
  const int keepalive_s = static_cast<int>(settings_.keepalive.count());
  // Only the connect that blocks takes properties (2.0.11), but it stores them before it looks at
  // the port, and the one that does not block sends what is stored. A test watches over this.
  mosquitto_property* properties = nullptr;
  const auto bytes_max = static_cast<std::uint32_t>(settings_.packet_bytes_max);
  TILLSIGHT_TRY(
      check(mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, bytes_max)));
  constexpr int kNoPort = -1;
  const int stored =
      mosquitto_connect_bind_v5(handle, host, kNoPort, keepalive_s, nullptr, properties);
  mosquitto_property_free_all(&properties);
  TILLSIGHT_CHECK(stored == MOSQ_ERR_INVAL, "libmosquitto took a connection without a port");
  return check(mosquitto_connect_bind_async(handle, host, settings_.port, keepalive_s, nullptr));
}

bool Session::connected() const {
  return accepted_ && !ended_ && mosquitto_socket(handle_.get()) >= 0;
}

int Session::wanted_events() const {
  // While TLS shakes hands the library would have us wait for "writable", which is always true.
  if (!accepted_) return tcp_connected_ ? POLLIN : POLLIN | POLLOUT;
  return mosquitto_want_write(handle_.get()) ? POLLIN | POLLOUT : POLLIN;
}

Status Session::run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) {
  std::array<pollfd, 2> files{
      pollfd{mosquitto_socket(handle_.get()), static_cast<short>(wanted_events()), 0},
      pollfd{wake_fd, POLLIN, 0}};
  const auto wait = std::clamp(timeout, std::chrono::milliseconds{0}, kHousekeeping);
  if (poll(files.data(), files.size(), static_cast<int>(wait.count())) < 0 && errno != EINTR)
    return check(MOSQ_ERR_ERRNO);
  Status status = receive(files[0].revents);
  // Before anything is written: a PUBACK may leave only when its message has been handled.
  deliver(handler);
  if (status.ok() && !ended_) status = transmit();
  if (ended_) return ended_->with_context(broker_);
  return status;
}

Status Session::receive(int ready) {
  ::mosquitto* const handle = handle_.get();
  if (ready != 0 && !tcp_connected_) {
    int failure = 0;
    socklen_t size = sizeof failure;
    getsockopt(mosquitto_socket(handle), SOL_SOCKET, SO_ERROR, &failure, &size);
    errno = failure;
    if (failure != 0) return check(MOSQ_ERR_ERRNO);
    // TLS has already tried to write, and took the socket's error with it.
    if ((ready & POLLHUP) != 0) {
      return error(Code::kUnavailable,
                   "{}: cannot be reached; is the broker running, and is the port right?", broker_);
    }
    tcp_connected_ = true;
  }
  if (ready != 0) TILLSIGHT_TRY(check(mosquitto_loop_read(handle, kPacketsPerCall)));
  // A DISCONNECT from the broker closes the socket and counts as success.
  if (mosquitto_socket(handle) < 0) return check(MOSQ_ERR_CONN_LOST);
  if ((ready & POLLHUP) != 0 && !accepted_) return check(MOSQ_ERR_CONN_LOST);
  return {};
}

Status Session::transmit() {
  ::mosquitto* const handle = handle_.get();
  if (tcp_connected_) TILLSIGHT_TRY(check(mosquitto_loop_write(handle, kPacketsPerCall)));
  return check(mosquitto_loop_misc(handle));
}

void Session::deliver(Handler& handler) {
  const std::vector<Happening> happenings = std::exchange(happenings_, {});
  for (const Happening& happening : happenings) {
    if (std::holds_alternative<Accepted>(happening)) {
      announced_ = true;
      handler.on_connected();
    } else if (const auto* published = std::get_if<Published>(&happening)) {
      handler.on_published(published->id, published->outcome);
    } else if (const auto* received = std::get_if<Received>(&happening)) {
      handler.on_message({received->topic, received->payload, received->retained});
    }
  }
}

Result<PublishId> Session::publish(std::string_view topic, std::string_view payload,
                                   Retain retain) {
  if (!connected()) return error(Code::kUnavailable, "{}: not connected", broker_);
  if (unacknowledged_ >= settings_.publish_max) {
    return error(Code::kResourceExhausted, "{}: {} publications wait for its acknowledgement",
                 broker_, unacknowledged_);
  }
  if (payload.size() + topic.size() + kHeaderBytes > settings_.packet_bytes_max) {
    return error(Code::kInvalidArgument, "publication of {} bytes on {}: more than {} bytes",
                 payload.size(), topic, settings_.packet_bytes_max);
  }
  int id = 0;
  TILLSIGHT_TRY(check(mosquitto_publish_v5(
      handle_.get(), &id, std::string(topic).c_str(), static_cast<int>(payload.size()),
      payload.data(), /*qos=*/1, retain == Retain::kYes, /*properties=*/nullptr)));
  ++unacknowledged_;
  return PublishId(id);
}

Status Session::subscribe(std::string_view filter) {
  if (!connected()) return error(Code::kUnavailable, "{}: not connected", broker_);
  int id = 0;
  TILLSIGHT_TRY(check(mosquitto_subscribe_v5(handle_.get(), &id, std::string(filter).c_str(),
                                             /*qos=*/1, /*options=*/0, /*properties=*/nullptr)));
  subscribing_.emplace(id, filter);
  return {};
}

void Session::say_goodbye() {
  ::mosquitto* const handle = handle_.get();
  if (!connected() || mosquitto_disconnect_v5(handle, 0, nullptr) != MOSQ_ERR_SUCCESS) return;
  // The library closes the socket once the DISCONNECT has been written.
  for (int attempt = 0; attempt < kGoodbyeAttempts && mosquitto_socket(handle) >= 0; ++attempt) {
    pollfd file{mosquitto_socket(handle), POLLOUT, 0};
    poll(&file, 1, kGoodbyeAttemptMs);
    if (mosquitto_loop_write(handle, kPacketsPerCall) != MOSQ_ERR_SUCCESS) return;
  }
}

}  // namespace tillsight::mqtt
