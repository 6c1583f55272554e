#include "tillsight/mqtt/mosquitto_client.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "mqtt/session.hpp"

namespace tillsight::mqtt {
namespace {

Status check_range(std::string_view name, long long value, long long least, long long most) {
  if (value >= least && value <= most) return {};
  return error(Code::kInvalidArgument, "mqtt {} {} is not between {} and {}", name, value, least,
               most);
}

}  // namespace

Result<std::unique_ptr<MosquittoClient>> MosquittoClient::create(Settings settings) {
  if (settings.host.empty()) return error(Code::kInvalidArgument, "mqtt host is empty");
  TILLSIGHT_TRY(check_range("port", settings.port, 1, 65535));
  TILLSIGHT_TRY(check_range("keepalive", settings.keepalive.count(), 5, 65535));
  TILLSIGHT_TRY(check_range("receive_max", settings.receive_max, 1, 65535));
  // libmosquitto's 16-bit message ids wrap without a look at those still in use.
  TILLSIGHT_TRY(check_range("publish_max", settings.publish_max, 1, 10'000));
  TILLSIGHT_TRY(check_range("packet_bytes_max", static_cast<long long>(settings.packet_bytes_max),
                            1024, 256LL * 1024 * 1024));
  if (settings.tls && settings.tls->certificate_file.empty() != settings.tls->key_file.empty()) {
    return error(Code::kInvalidArgument,
                 "mqtt tls: certificate_file and key_file belong together; set both or none");
  }
  return std::unique_ptr<MosquittoClient>(new MosquittoClient(std::move(settings)));
}

MosquittoClient::MosquittoClient(Settings settings) : settings_(std::move(settings)) {}

MosquittoClient::~MosquittoClient() = default;

Status MosquittoClient::connect(const std::optional<Will>& will) {
  TILLSIGHT_CHECK(session_ == nullptr, "connect() while there is a connection");
  TILLSIGHT_ASSIGN(session_, Session::start(settings_, will));
  return {};
}

void MosquittoClient::disconnect() {
  if (session_ != nullptr) session_->say_goodbye();
  session_.reset();
}

Status MosquittoClient::run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) {
  if (session_ == nullptr) {
    pollfd file{wake_fd, POLLIN, 0};
    poll(&file, 1, std::max(0, static_cast<int>(timeout.count())));
    return {};
  }
  Status status = session_->run_once(handler, timeout, wake_fd);
  if (!status) {
    const bool announced = session_->announced();
    session_.reset();
    if (announced) handler.on_disconnected(status.error());
  }
  return status;
}

bool MosquittoClient::connected() const {
  return session_ != nullptr && session_->connected();
}

Result<PublishId> MosquittoClient::publish(std::string_view topic, std::string_view payload,
                                           Retain retain) {
  if (session_ == nullptr) return error(Code::kUnavailable, "mqtt: not connected");
  return session_->publish(topic, payload, retain);
}

Status MosquittoClient::subscribe(std::string_view filter) {
  if (session_ == nullptr) return error(Code::kUnavailable, "mqtt: not connected");
  return session_->subscribe(filter);
}

}  // namespace tillsight::mqtt
