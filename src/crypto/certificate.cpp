#include "tillsight/crypto/certificate.hpp"

#include <tuple>
#include <utility>

#include "crypto/openssl.hpp"

namespace tillsight {
namespace {

using openssl::check;
using openssl::Owned;

constexpr std::size_t kCommonNameBytesMax = 64;  // ub-common-name
constexpr int kSerialBits = 127;                 // positive in 16 bytes
constexpr long kVersion3 = 2;
constexpr long kListVersion2 = 1;

Result<Owned<EVP_PKEY>> new_key() {
  Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  TILLSIGHT_TRY(check(key != nullptr, "making a key"));
  return key;
}

Result<std::string> pem_of(const X509* certificate) {
  return openssl::text_of("writing a certificate",
                          [&](BIO* out) { return PEM_write_bio_X509(out, certificate) == 1; });
}

Result<Credential> pem_of(const X509* certificate, const EVP_PKEY* key) {
  Credential credential;
  TILLSIGHT_ASSIGN(credential.certificate, pem_of(certificate));
  TILLSIGHT_ASSIGN(credential.key, openssl::text_of("writing a key", [&](BIO* out) {
                     return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                                          nullptr) == 1;
                   }));
  return credential;
}

Owned<ASN1_TIME> asn1_time(UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
  return Owned<ASN1_TIME>(ASN1_TIME_set(nullptr, seconds.count()));
}

Status set_serial(X509* certificate) {
  const Owned<BIGNUM> number(BN_new());
  const bool set = BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                   BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
  return check(set, "serial number");
}

Status set_subject(X509* certificate, std::string_view common_name) {
  if (common_name.empty() || common_name.size() > kCommonNameBytesMax) {
    return error(Code::kInvalidArgument, "common name '{}' is not 1 to {} bytes", common_name,
                 kCommonNameBytesMax);
  }
  // Not into the certificate's own name: its cached encoding would not notice.
  const Owned<X509_NAME> name(X509_NAME_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  const bool set = X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8, bytes,
                                              static_cast<int>(common_name.size()), -1, 0) == 1 &&
                   X509_set_subject_name(certificate, name.get()) == 1;
  return check(set, "common name");
}

Status set_validity(X509* certificate, const Validity& validity) {
  TILLSIGHT_CHECK(validity.from <= validity.until, "a certificate that ends before it begins");
  const bool set = X509_set1_notBefore(certificate, asn1_time(validity.from).get()) == 1 &&
                   X509_set1_notAfter(certificate, asn1_time(validity.until).get()) == 1;
  return check(set, "validity");
}

/// \param value as in openssl's own configuration files; never foreign text.
Status add_extension(X509* certificate, const X509* issuer, int nid, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

/// \return null for what is neither a name nor an address.
GENERAL_NAME* general_name(const std::string& host) {
  Owned<ASN1_OCTET_STRING> address(a2i_IPADDRESS(host.c_str()));
  ERR_clear_error();
  GENERAL_NAME* const name = GENERAL_NAME_new();
  if (address != nullptr) {
    GENERAL_NAME_set0_value(name, GEN_IPADD, address.release());
  } else {
    ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, host.data(), static_cast<int>(host.size()));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
  }
  return name;
}

Status add_hosts(X509* certificate, const std::vector<std::string>& hosts) {
  if (hosts.empty()) return {};
  const Owned<GENERAL_NAMES> names(GENERAL_NAMES_new());
  for (const std::string& host : hosts) sk_GENERAL_NAME_push(names.get(), general_name(host));
  return check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1,
               "host names");
}

Status sign(X509* certificate, const X509* issuer, EVP_PKEY* issuer_key) {
  const bool signed_now = X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
                          X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
  return check(signed_now, "signing a certificate");
}

/// Everything but key and extensions.
Result<Owned<X509>> blank(std::string_view common_name, const Validity& validity) {
  Owned<X509> certificate(X509_new());
  TILLSIGHT_TRY(check(X509_set_version(certificate.get(), kVersion3) == 1, "version"));
  TILLSIGHT_TRY(set_serial(certificate.get()));
  TILLSIGHT_TRY(set_subject(certificate.get(), common_name));
  TILLSIGHT_TRY(set_validity(certificate.get(), validity));
  return certificate;
}

Result<Owned<X509>> certify(const CertificateRequest& request, const Validity& validity,
                            EVP_PKEY* key, const Credential& authority) {
  TILLSIGHT_ASSIGN(const Owned<X509> issuer, openssl::certificate_from(authority.certificate));
  TILLSIGHT_ASSIGN(const Owned<EVP_PKEY> issuer_key, openssl::key_from(authority.key));
  TILLSIGHT_ASSIGN(Owned<X509> leaf, blank(request.common_name, validity));
  TILLSIGHT_TRY(check(X509_set_pubkey(leaf.get(), key) == 1, "public key"));
  const auto add = [&](int nid, const char* value) {
    return add_extension(leaf.get(), issuer.get(), nid, value);
  };
  TILLSIGHT_TRY(add(NID_basic_constraints, "critical,CA:FALSE"));
  TILLSIGHT_TRY(add(NID_key_usage, "critical,digitalSignature"));
  TILLSIGHT_TRY(
      add(NID_ext_key_usage, request.purpose == Purpose::kServer ? "serverAuth" : "clientAuth"));
  TILLSIGHT_TRY(add(NID_subject_key_identifier, "hash"));
  TILLSIGHT_TRY(add(NID_authority_key_identifier, "keyid:always"));
  TILLSIGHT_TRY(add_hosts(leaf.get(), request.hosts));
  TILLSIGHT_TRY(sign(leaf.get(), issuer.get(), issuer_key.get()));
  return leaf;
}

Status add_revocation(X509_CRL* list, const Revocation& revocation) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, revocation.serial.c_str());
  const Owned<BIGNUM> owned(number);
  const Owned<ASN1_INTEGER> serial(BN_to_ASN1_INTEGER(number, nullptr));
  Owned<X509_REVOKED> entry(X509_REVOKED_new());
  const bool added =
      X509_REVOKED_set_serialNumber(entry.get(), serial.get()) == 1 &&
      X509_REVOKED_set_revocationDate(entry.get(), asn1_time(revocation.at).get()) == 1 &&
      X509_CRL_add0_revoked(list, entry.get()) == 1;
  if (added) std::ignore = entry.release();
  return check(added, "revoked serial number " + revocation.serial);
}

}  // namespace

Result<Authority> Authority::create(std::string_view name, const Validity& validity) {
  TILLSIGHT_ASSIGN(const Owned<EVP_PKEY> key, new_key());
  TILLSIGHT_ASSIGN(const Owned<X509> root, blank(name, validity));
  TILLSIGHT_TRY(check(X509_set_pubkey(root.get(), key.get()) == 1, "public key"));
  const auto add = [&](int nid, const char* value) {
    return add_extension(root.get(), root.get(), nid, value);
  };
  TILLSIGHT_TRY(add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  TILLSIGHT_TRY(add(NID_key_usage, "critical,keyCertSign,cRLSign"));
  TILLSIGHT_TRY(add(NID_subject_key_identifier, "hash"));
  TILLSIGHT_TRY(sign(root.get(), root.get(), key.get()));
  TILLSIGHT_ASSIGN(Credential credential, pem_of(root.get(), key.get()));
  return Authority(std::move(credential));
}

Result<Authority> Authority::open(Credential credential) {
  TILLSIGHT_ASSIGN(const Owned<X509> root, openssl::certificate_from(credential.certificate));
  TILLSIGHT_ASSIGN(const Owned<EVP_PKEY> key, openssl::key_from(credential.key));
  TILLSIGHT_TRY(check(X509_check_private_key(root.get(), key.get()) == 1,
                      "the key does not belong to the certificate"));
  return Authority(std::move(credential));
}

Result<Credential> Authority::issue(const CertificateRequest& request,
                                    const Validity& validity) const {
  TILLSIGHT_ASSIGN(const Owned<EVP_PKEY> key, new_key());
  TILLSIGHT_ASSIGN(const Owned<X509> leaf, certify(request, validity, key.get(), credential_));
  return pem_of(leaf.get(), key.get());
}

Result<std::string> Authority::renew(std::string_view certificate_pem, const Validity& validity,
                                     const std::vector<std::string>& hosts) const {
  TILLSIGHT_ASSIGN(const Owned<X509> old, openssl::certificate_from(certificate_pem));
  TILLSIGHT_ASSIGN(const Owned<X509> root, openssl::certificate_from(credential_.certificate));
  TILLSIGHT_TRY(check(X509_verify(old.get(), X509_get0_pubkey(root.get())) == 1,
                      "the certificate is not of this authority"));
  TILLSIGHT_ASSIGN(const CertificateFacts facts, read_certificate(certificate_pem));
  const bool serves = (X509_get_extended_key_usage(old.get()) & XKU_SSL_SERVER) != 0;
  const CertificateRequest request{facts.common_name, serves ? Purpose::kServer : Purpose::kClient,
                                   hosts.empty() ? facts.hosts : hosts};
  TILLSIGHT_ASSIGN(const Owned<X509> leaf,
                   certify(request, validity, X509_get0_pubkey(old.get()), credential_));
  return pem_of(leaf.get());
}

Result<std::string> Authority::revocation_list(const std::vector<Revocation>& revoked,
                                               const Validity& validity) const {
  TILLSIGHT_ASSIGN(const Owned<X509> root, openssl::certificate_from(credential_.certificate));
  TILLSIGHT_ASSIGN(const Owned<EVP_PKEY> key, openssl::key_from(credential_.key));
  const Owned<X509_CRL> list(X509_CRL_new());
  const bool begun = X509_CRL_set_version(list.get(), kListVersion2) == 1 &&
                     X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(root.get())) == 1 &&
                     X509_CRL_set1_lastUpdate(list.get(), asn1_time(validity.from).get()) == 1 &&
                     X509_CRL_set1_nextUpdate(list.get(), asn1_time(validity.until).get()) == 1;
  TILLSIGHT_TRY(check(begun, "revocation list"));
  for (const Revocation& one : revoked) TILLSIGHT_TRY(add_revocation(list.get(), one));
  X509_CRL_sort(list.get());
  TILLSIGHT_TRY(
      check(X509_CRL_sign(list.get(), key.get(), EVP_sha256()) > 0, "signing the revocation list"));
  return openssl::text_of("writing a revocation list",
                          [&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()) == 1; });
}

}  // namespace tillsight
