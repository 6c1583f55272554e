/// \file
/// A TLS connection to a server on loopback, by OpenSSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "tillsight/core/format.hpp"

namespace tillsight {

class TlsLine {
 public:
  /// \param authority PEM: whose servers are trusted.
  TlsLine(int port, std::string_view authority) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
        BIO_new_mem_buf(authority.data(), static_cast<int>(authority.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> trusted(
        PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr), &X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), trusted.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    line_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(line_.get(), format("127.0.0.1:{}", port).c_str());
    BIO_get_ssl(line_.get(), &ssl_);
    SSL_set1_host(ssl_, "127.0.0.1");
    if (BIO_do_connect(line_.get()) != 1 || BIO_do_handshake(line_.get()) != 1) {
      refused_ = X509_verify_cert_error_string(SSL_get_verify_result(ssl_));
    }
  }
  /// \return why there is no connection; "" if there is one.
  const std::string& refused() const { return refused_; }
  std::string version() const { return SSL_get_version(ssl_); }

  void say(std::string_view text) {
    BIO_write(line_.get(), text.data(), static_cast<int>(text.size()));
  }
  std::string hear_all() {
    std::string heard;
    std::array<char, 16 * 1024> block;
    for (int size = 1; size > 0;) {
      size = BIO_read(line_.get(), block.data(), static_cast<int>(block.size()));
      if (size > 0) heard.append(block.data(), static_cast<std::size_t>(size));
    }
    return heard;
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<BIO, decltype(&BIO_free_all)> line_{nullptr, &BIO_free_all};
  SSL* ssl_ = nullptr;
  std::string refused_;
};

}  // namespace tillsight
