#include "tests/security/stranger.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "tillsight/core/check.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::security {
namespace {

constexpr int kConnack = 0x20;
constexpr int kPatienceS = 10;

void put_text(std::string& packet, std::string_view text) {
  packet += static_cast<char>(text.size() >> 8);
  packet += static_cast<char>(text.size() & 0xFF);
  packet += text;
}

std::string with_header(int type, const std::string& body) {
  std::string packet(1, static_cast<char>(type));
  std::size_t rest = body.size();
  do {
    const std::size_t digit = rest % 128;
    rest /= 128;
    packet += static_cast<char>(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return packet + body;
}

int connected_socket(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const timeval patience{kPatienceS, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  TILLSIGHT_CHECK(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
                  "the broker does not listen");
  return fd;
}

/// Takes any certificate with any key: mistakes are for the broker to find.
void show(SSL_CTX* context, const Credential& credential) {
  BIO* const certificate = BIO_new_mem_buf(credential.certificate.data(), -1);
  BIO* const key = BIO_new_mem_buf(credential.key.data(), -1);
  X509* const x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* const secret = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  TILLSIGHT_CHECK(SSL_CTX_use_certificate(context, x509) == 1, "certificate");
  TILLSIGHT_CHECK(SSL_CTX_use_PrivateKey(context, secret) == 1, "key");
  X509_free(x509);
  EVP_PKEY_free(secret);
  BIO_free(certificate);
  BIO_free(key);
}

}  // namespace

std::string connect_packet(std::string_view client_id, std::string_view user,
                           std::string_view password) {
  std::string body;
  put_text(body, "MQTT");
  body += '\x05';
  body += user.empty() ? '\x02' : '\xC2';
  body += std::string("\x00\x3C\x00", 3);  // keepalive 60 s, no properties
  put_text(body, client_id);
  if (!user.empty()) {
    put_text(body, user);
    put_text(body, password);
  }
  return with_header(0x10, body);
}

std::string publish_packet(std::string_view topic, std::size_t payload_bytes) {
  std::string body;
  put_text(body, topic);
  body += std::string("\x00\x01\x00", 3);  // id 1, no properties
  return with_header(0x32, body + std::string(payload_bytes, 'x'));
}

void Stranger::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}
void Stranger::Free::operator()(ssl_session_st* session) const {
  SSL_SESSION_free(session);
}
void Stranger::Free::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

Stranger::Stranger(int port, const Face& face, const Stranger* earlier)
    : fd_(connected_socket(port)) {
  if (!face.tls) return;
  context_.reset(SSL_CTX_new(TLS_client_method()));
  const int version = face.tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  SSL_CTX_set_min_proto_version(context_.get(), version);
  SSL_CTX_set_max_proto_version(context_.get(), version);
  if (face.credential) show(context_.get(), *face.credential);
  connection_.reset(SSL_new(context_.get()));
  SSL_set_fd(connection_.get(), fd_);
  if (earlier != nullptr) {
    const std::unique_ptr<SSL_SESSION, Free> session(SSL_get1_session(earlier->connection_.get()));
    SSL_set_session(connection_.get(), session.get());
  }
  ERR_clear_error();
  if (SSL_connect(connection_.get()) != 1) failure_ = reason();
}

Stranger::~Stranger() {
  connection_.reset();
  close(fd_);
}

bool Stranger::resumed() const {
  return SSL_session_reused(connection_.get()) == 1;
}

std::string Stranger::reason() const {
  const unsigned long code = ERR_peek_last_error();
  const char* const text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "end of stream" : text;
}

bool Stranger::write_all(std::string_view bytes) {
  const auto size = static_cast<int>(bytes.size());
  if (connection_ != nullptr) return SSL_write(connection_.get(), bytes.data(), size) == size;
  return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
}

int Stranger::read(char* bytes, int size) {
  if (connection_ != nullptr) return SSL_read(connection_.get(), bytes, size);
  return static_cast<int>(recv(fd_, bytes, static_cast<std::size_t>(size), 0));
}

std::string Stranger::say(std::string_view bytes) {
  if (!failure_.empty()) return "closed: " + failure_;
  ERR_clear_error();
  // A broker that has hung up may still have said why.
  const bool written = write_all(bytes);
  errno = 0;
  std::array<char, 256> packet{};
  const int size = read(packet.data(), static_cast<int>(packet.size()));
  if (size <= 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return "silence";
  if (size <= 0) return "closed: " + reason() + (written ? "" : " (while writing)");
  const int type = static_cast<unsigned char>(packet[0]);
  if (type == kConnack && size >= 4) {
    return format("CONNACK {}", static_cast<int>(static_cast<unsigned char>(packet[3])));
  }
  return format("packet 0x{:02X}", type);
}

}  // namespace tillsight::security
