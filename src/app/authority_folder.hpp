/// \file
/// The authority's folder on disk: its key, what it has issued, what it has revoked.
///
/// Every certificate is written down before it is handed out, so that all can be revoked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tillsight/app/provision.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight::app {

class AuthorityFolder {
 public:
  /// Makes a new one. \pre there is none.
  static Result<AuthorityFolder> create(const std::filesystem::path& folder, std::string_view name,
                                        UtcTime now);
  /// \return kNotFound if there is none, with the command that makes it.
  static Result<AuthorityFolder> open(const std::filesystem::path& folder);
  static bool exists(const std::filesystem::path& folder);

  struct Issued {
    std::string party;  ///< common name
    int generation = 1;
    std::string pem;
    CertificateFacts facts;
    bool revoked = false;
  };

  const std::string& certificate() const { return authority_.credential().certificate; }

  Result<Credential> issue(const CertificateRequest& request, int generation,
                           const Validity& validity) const;
  Result<std::string> renew(const Issued& old, const Validity& validity,
                            const std::vector<std::string>& hosts) const;

  /// In order of party, generation and end.
  Result<std::vector<Issued>> issued() const;
  Result<std::vector<Issued>> issued_to(const std::string& party) const;

  /// \return the new revocation list.
  Result<std::string> revoke(const std::vector<Issued>& certificates, UtcTime now) const;
  Result<std::string> revocation_list() const;

 private:
  AuthorityFolder(std::filesystem::path folder, Authority authority)
      : folder_(std::move(folder)), authority_(std::move(authority)) {}

  Status write_down(const std::string& certificate, int generation) const;
  std::filesystem::path list_file() const { return folder_ / "revoked.crl"; }

  std::filesystem::path folder_;
  Authority authority_;
};

/// For everybody to read.
inline constexpr std::filesystem::perms kPublicFile{0644};

/// A secret's mode is write_file_atomically()'s own: 0600.
Status make_folder(const std::filesystem::path& folder, std::filesystem::perms perms);

/// From an hour ago, so that clocks may differ a little.
Validity validity_from(UtcTime now, std::chrono::days days);

}  // namespace tillsight::app
