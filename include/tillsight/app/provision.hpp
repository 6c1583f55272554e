/// \file
/// Who belongs to a chain: its certificate authority, its key, and what each box gets of them.
///
///     DIR/authority/   ca.crt, ca.key, issued/, revoked.crl: whoever has it can be any till
///     DIR/broker/      all that Mosquitto reads: mosquitto.conf, acl, ca.crt, broker.crt,
///                      broker.key, revoked.crl
///     DIR/             hub.toml, hub.crt, hub.key, ca.crt, chain.key; hardening.conf
///
/// What is there is never overwritten: a call that was interrupted is simply repeated. The page for
/// the person who does it is docs/security.md.
///
/// **Threads** thread-compatible; one call at a time on a folder.
/// **Errors** kFailedPrecondition, kAlreadyExists, kInvalidArgument, kNotFound: a person must act,
/// and nothing was changed; kUnavailable: a file could not be written. No message holds a secret.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"

namespace tillsight::app {

/// What was done and what a person has to do now, a line each.
using Steps = std::vector<std::string>;

/// How long a certificate of a box holds; the authority's own holds 20 years.
inline constexpr std::chrono::days kCertificateDays{730};

/// Who is meant: head office, its broker, or one till.
struct Party {
  enum class Kind { kHub, kBroker, kTill };
  Kind kind = Kind::kTill;
  StoreId store{};  ///< of a till
  TillId till{};    ///< of a till
};
std::string to_string(const Party& party);  ///< "hub", "broker", "S01/T03": the common name

class Provisioner {
 public:
  /// \param clock, random must outlive it.
  Provisioner(const std::filesystem::path& folder, const Clock& clock, Random& random);

  struct Chain {
    std::vector<std::string>
        hosts;  ///< of the broker, as tills reach it; the first is what they use
    int port = 8883;
    std::string name = "Tillsight";
    std::filesystem::path data = "/var/lib/tillsight";  ///< of the hub
    std::chrono::days days = kCertificateDays;
  };
  /// Makes what of a chain is missing.
  Result<Steps> hub(const Chain& chain);

  struct Till {
    StoreId store;
    TillId till;
    std::filesystem::path bundle;  ///< a new folder, which becomes the till's /etc/tillsight
    std::filesystem::path model;   ///< as the till will find them
    std::filesystem::path catalogue;
    std::filesystem::path data = "/var/lib/tillsight";
    std::chrono::days days = kCertificateDays;
  };
  /// Makes a till's identity. A till that has one is refused until it is revoked; the box that
  /// replaces it gets the next generation.
  Result<Steps> till(const Till& till);

  /// Certifies the key that the party has once more. \param out where a till's goes.
  Result<Steps> renew(const Party& party, const std::filesystem::path& out,
                      const std::vector<std::string>& hosts = {},
                      std::chrono::days days = kCertificateDays);

  /// Puts every certificate of a till or of the hub on the revocation list.
  Result<Steps> revoke(const Party& party);

  /// One line a certificate: whose, until when, revoked or not.
  Result<Steps> list() const;

 private:
  const std::filesystem::path folder_;  ///< absolute
  const Clock& clock_;
  Random& random_;
};

}  // namespace tillsight::app
