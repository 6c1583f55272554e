#include <arpa/inet.h>

#include <array>
#include <ctime>

#include "crypto/openssl.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight {
namespace {

using openssl::Owned;

Result<UtcTime> instant_of(const ASN1_TIME* time) {
  std::tm broken_down{};
  TILLSIGHT_TRY(openssl::check(ASN1_TIME_to_tm(time, &broken_down) == 1, "time of a certificate"));
  return UtcTime(std::chrono::seconds(timegm(&broken_down)));
}

std::string hex_of(const ASN1_INTEGER* serial) {
  const Owned<BIGNUM> number(ASN1_INTEGER_to_BN(serial, nullptr));
  char* const text = BN_bn2hex(number.get());
  std::string hex(text);
  OPENSSL_free(text);
  return hex;
}

std::string common_name_of(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return "";
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::vector<std::string> hosts_of(const X509* certificate) {
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> hosts;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_IPADD) hosts.push_back(address_of(name->d.iPAddress));
    if (name->type != GEN_DNS) continue;
    hosts.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return hosts;
}

}  // namespace

Result<CertificateFacts> read_certificate(std::string_view pem) {
  TILLSIGHT_ASSIGN(const Owned<X509> certificate, openssl::certificate_from(pem));
  CertificateFacts facts;
  facts.common_name = common_name_of(X509_get_subject_name(certificate.get()));
  facts.issuer = common_name_of(X509_get_issuer_name(certificate.get()));
  facts.serial = hex_of(X509_get0_serialNumber(certificate.get()));
  TILLSIGHT_ASSIGN(facts.validity.from, instant_of(X509_get0_notBefore(certificate.get())));
  TILLSIGHT_ASSIGN(facts.validity.until, instant_of(X509_get0_notAfter(certificate.get())));
  facts.hosts = hosts_of(certificate.get());
  return facts;
}

Result<std::vector<Revocation>> read_revocations(std::string_view pem,
                                                 std::string_view authority_pem) {
  const Owned<X509_CRL> list(
      PEM_read_bio_X509_CRL(openssl::read_from(pem).get(), nullptr, nullptr, nullptr));
  TILLSIGHT_TRY(openssl::check(list != nullptr, "is no revocation list in PEM form"));
  TILLSIGHT_ASSIGN(const Owned<X509> authority, openssl::certificate_from(authority_pem));
  TILLSIGHT_TRY(openssl::check(X509_CRL_verify(list.get(), X509_get0_pubkey(authority.get())) == 1,
                               "is not signed by this authority"));
  std::vector<Revocation> revoked;
  STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(list.get());
  for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
    const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
    TILLSIGHT_ASSIGN(const UtcTime at, instant_of(X509_REVOKED_get0_revocationDate(entry)));
    revoked.push_back({hex_of(X509_REVOKED_get0_serialNumber(entry)), at});
  }
  return revoked;
}

}  // namespace tillsight
