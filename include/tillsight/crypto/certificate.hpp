/// \file
/// A chain's own certificate authority: keys, certificates and the revocation list, as PEM texts.
///
/// What TLS between a chain's own boxes needs, and no more. Keys are EC P-256, signatures ECDSA
/// with SHA-256, serial numbers random. A client's certificate cannot serve and a server's cannot
/// be a client, so a stolen till cannot pose as the broker.
///
/// **Errors** kInvalidArgument: the PEM text or the request is wrong. Nothing here reads the clock:
/// whether a certificate is valid now is the reader's question.
/// **Threads** thread-compatible. **Source** RFC 5280; OpenSSL computes.
/// **Example**
/// \code
///   const auto authority = Authority::create("Corner Shops", {now, now + years{20}});
///   const auto till = authority->issue({"S01/T03", Purpose::kClient}, {now, now + years{2}});
///   write_file_atomically("till.key", till->key);  // 0600
/// \endcode
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight {

/// Both ends included; stored in whole seconds.
struct Validity {
  UtcTime from;
  UtcTime until;
};

/// A certificate and the private key that belongs to it. The key is a secret: never in a log, an
/// argument or a file that others may read.
struct Credential {
  std::string certificate;
  std::string key;
};

enum class Purpose { kClient, kServer };

struct CertificateRequest {
  std::string common_name;  ///< 1 to 64 bytes: "S01/T03", "hub", "broker"
  Purpose purpose = Purpose::kClient;
  std::vector<std::string> hosts{};  ///< names and addresses under which a server is reached
};

/// What a certificate says.
struct CertificateFacts {
  std::string common_name;
  std::string issuer;  ///< its common name
  std::string serial;  ///< hexadecimal, upper case
  Validity validity;
  std::vector<std::string> hosts;
};
Result<CertificateFacts> read_certificate(std::string_view pem);

/// One line of a revocation list.
struct Revocation {
  std::string serial;
  UtcTime at;
};
/// \return kInvalidArgument also for a list that `authority_pem` did not sign.
Result<std::vector<Revocation>> read_revocations(std::string_view pem,
                                                 std::string_view authority_pem);

class Authority {
 public:
  /// Makes a new key and signs it by itself.
  static Result<Authority> create(std::string_view name, const Validity& validity);
  /// \return kInvalidArgument also if key and certificate do not belong together.
  static Result<Authority> open(Credential credential);

  const Credential& credential() const { return credential_; }

  /// Makes a key and certifies it. \pre validity.from <= validity.until
  Result<Credential> issue(const CertificateRequest& request, const Validity& validity) const;

  /// Certifies the key of a certificate that this authority issued once more.
  /// \param hosts replace those of a server's certificate; empty: as they were.
  Result<std::string> renew(std::string_view certificate_pem, const Validity& validity,
                            const std::vector<std::string>& hosts = {}) const;

  /// \param validity a reader refuses everybody once the list has expired.
  Result<std::string> revocation_list(const std::vector<Revocation>& revoked,
                                      const Validity& validity) const;

 private:
  explicit Authority(Credential credential) : credential_(std::move(credential)) {}

  Credential credential_;
};

}  // namespace tillsight
