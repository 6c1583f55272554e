/// \file
/// OpenSSL's objects with owners, and its errors as ours.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::openssl {

struct Free {
  void operator()(ASN1_STRING* p) const { ASN1_STRING_free(p); }  // numbers and times too
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_CRL* p) const { X509_CRL_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(X509_NAME* p) const { X509_NAME_free(p); }
  void operator()(X509_REVOKED* p) const { X509_REVOKED_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// What OpenSSL complained about first; its queue is empty afterwards.
inline std::string reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "no reason given" : text;
}

inline Status check(bool worked, std::string_view what) {
  if (worked) return {};
  return error(Code::kInvalidArgument, "{}: {}", what, reason());
}

inline Owned<BIO> read_from(std::string_view bytes) {
  return Owned<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// \param write puts something into a BIO; its bytes are returned.
template <typename Write>
Result<std::string> text_of(std::string_view what, Write write) {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  TILLSIGHT_TRY(check(out != nullptr && write(out.get()), what));
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

inline Result<Owned<X509>> certificate_from(std::string_view pem) {
  Owned<X509> read(PEM_read_bio_X509(read_from(pem).get(), nullptr, nullptr, nullptr));
  TILLSIGHT_TRY(check(read != nullptr, "is no certificate in PEM form"));
  return read;
}

/// Never asks for a passphrase: ours have none.
inline Result<Owned<EVP_PKEY>> key_from(std::string_view pem) {
  const auto refuse = [](char*, int, int, void*) { return 0; };
  Owned<EVP_PKEY> read(PEM_read_bio_PrivateKey(read_from(pem).get(), nullptr, refuse, nullptr));
  TILLSIGHT_TRY(check(read != nullptr, "is no private key in PEM form"));
  return read;
}

}  // namespace tillsight::openssl
