/// \file
/// The Client that speaks to a real broker, over libmosquitto.
///
/// **Threads** thread-bound; never starts a thread. Resolving the broker's name blocks for as long
/// as the system's resolver takes; nothing else does. libmosquitto makes the whole process ignore
/// SIGPIPE.
/// **Errors** Settings that are out of range are answered by create(); files that cannot be read by
/// connect(), so that mending them needs no restart.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tillsight/mqtt/client.hpp"

namespace tillsight::mqtt {

/// TLS 1.3; the broker's certificate is always checked, and against its host name.
struct Tls {
  std::filesystem::path ca_file;
  std::filesystem::path certificate_file;  ///< empty, like the key: no certificate of our own
  std::filesystem::path key_file;
};

struct Settings {
  std::string host = "127.0.0.1";
  int port = 1883;
  std::string client_id;                ///< a second client of the same id throws the first out
  std::string username;                 ///< empty: none
  std::filesystem::path password_file;  ///< its first line; empty: none
  std::optional<Tls> tls;
  std::chrono::seconds keepalive{30};  ///< at least 5: libmosquitto refuses less
  int receive_max = 100;               ///< messages that the broker may send before our PUBACK
  int publish_max = 100;               ///< publications that we may send before the broker's PUBACK
  /// Larger publications are refused by publish(); larger messages the broker keeps to itself.
  std::size_t packet_bytes_max = 160 * 1024;
};

class Session;

class MosquittoClient final : public Client {
 public:
  /// \return kInvalidArgument with the setting that is out of range.
  static Result<std::unique_ptr<MosquittoClient>> create(Settings settings);
  ~MosquittoClient() override;

  Status connect(const std::optional<Will>& will) override;
  void disconnect() override;
  Status run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) override;
  bool connected() const override;
  Result<PublishId> publish(std::string_view topic, std::string_view payload,
                            Retain retain) override;
  Status subscribe(std::string_view filter) override;

 private:
  explicit MosquittoClient(Settings settings);

  const Settings settings_;
  std::unique_ptr<Session> session_;  ///< null: no connection, and none being tried
};

}  // namespace tillsight::mqtt
