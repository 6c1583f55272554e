/// \file
/// Somebody on the network who keeps to no rule: TLS of any version with any certificate or none,
/// and any bytes after it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/crypto/certificate.hpp"

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace tillsight::security {

/// What a stranger shows at the door.
struct Face {
  std::optional<Credential> credential{};
  bool tls = true;
  bool tls_1_2 = false;  ///< nothing newer
};

/// MQTT 5, clean start. \param user empty: neither user nor password.
std::string connect_packet(std::string_view client_id, std::string_view user = "",
                           std::string_view password = "");
/// QoS 1.
std::string publish_packet(std::string_view topic, std::size_t payload_bytes);

class Stranger {
 public:
  /// Connects to the loopback port and shakes hands as far as the broker lets it.
  /// \param earlier whose TLS session is offered for resumption, if not null.
  Stranger(int port, const Face& face, const Stranger* earlier = nullptr);
  ~Stranger();
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  /// Says something and listens for one packet at most ten seconds.
  /// \return "CONNACK 0", another packet as "packet 0xE0", or "closed: REASON", or
  /// "silence".
  std::string say(std::string_view bytes);

  bool resumed() const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
    void operator()(ssl_session_st* session) const;
    void operator()(ssl_st* connection) const;
  };
  bool write_all(std::string_view bytes);
  int read(char* bytes, int size);
  std::string reason() const;

  int fd_ = -1;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unique_ptr<ssl_st, Free> connection_;
  std::string failure_;  ///< of the handshake
};

}  // namespace tillsight::security
