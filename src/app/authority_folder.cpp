#include "app/authority_folder.hpp"

#include <algorithm>
#include <tuple>

#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days kAuthorityDays{7300};
constexpr fs::perms kOwnerOnly{0700};

Result<std::string> read_named(const fs::path& file) {
  return read_file(file, 1024 * 1024);
}

/// "S01/T03", generation 2 → "S01-T03.2.": no two parties share it, ids being letters and digits.
std::string prefix_of(std::string party, int generation) {
  std::replace(party.begin(), party.end(), '/', '-');
  return format("{}.{}.", party, generation);
}

/// The generation in "S01-T03.2.5F….crt".
int generation_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? 0 : std::atoi(name.c_str() + dot + 1);
}

}  // namespace

Status make_folder(const fs::path& folder, fs::perms perms) {
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return {};
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, perms, failed);
  if (!failed) return {};
  return error(Code::kUnavailable, "{}: cannot create: {}", folder.string(), failed.message());
}

Validity validity_from(UtcTime now, std::chrono::days days) {
  return {now - std::chrono::hours{1}, now + days};
}

bool AuthorityFolder::exists(const fs::path& folder) {
  return fs::exists(folder / "ca.key") || fs::exists(folder / "ca.crt");
}

Result<AuthorityFolder> AuthorityFolder::create(const fs::path& folder, std::string_view name,
                                                UtcTime now) {
  TILLSIGHT_CHECK(!exists(folder), "there is an authority already");
  TILLSIGHT_ASSIGN(Authority authority,
                   Authority::create(name, validity_from(now, kAuthorityDays)));
  TILLSIGHT_TRY(make_folder(folder, kOwnerOnly));
  TILLSIGHT_TRY(make_folder(folder / "issued", kOwnerOnly));
  const Credential& own = authority.credential();
  TILLSIGHT_TRY(write_file_atomically(folder / "ca.key", own.key));
  TILLSIGHT_TRY(write_file_atomically(folder / "ca.crt", own.certificate, kPublicFile));
  return AuthorityFolder(folder, std::move(authority));
}

Result<AuthorityFolder> AuthorityFolder::open(const fs::path& folder) {
  if (!exists(folder)) {
    return error(Code::kNotFound,
                 "{}: no certificate authority; `tillsight provision hub` makes one, or is --dir "
                 "another folder?",
                 folder.string());
  }
  Credential own;
  const auto remedy = [](const Error& why) {
    return error(Code::kFailedPrecondition, "{}; restore the folder from its backup",
                 why.message());
  };
  for (const auto& [name, text] : {std::pair{"ca.crt", &own.certificate}, {"ca.key", &own.key}}) {
    auto read = read_named(folder / name);
    if (!read) return remedy(read.error());
    *text = std::move(read).value();
  }
  auto authority = Authority::open(std::move(own));
  if (!authority) return remedy(authority.error().with_context(folder.string()));
  return AuthorityFolder(folder, std::move(authority).value());
}

Status AuthorityFolder::write_down(const std::string& certificate, int generation) const {
  TILLSIGHT_ASSIGN(const CertificateFacts facts, read_certificate(certificate));
  const std::string name = prefix_of(facts.common_name, generation) + facts.serial + ".crt";
  return write_file_atomically(folder_ / "issued" / name, certificate);
}

Result<Credential> AuthorityFolder::issue(const CertificateRequest& request, int generation,
                                          const Validity& validity) const {
  TILLSIGHT_ASSIGN(Credential credential, authority_.issue(request, validity));
  TILLSIGHT_TRY(write_down(credential.certificate, generation));
  return credential;
}

Result<std::string> AuthorityFolder::renew(const Issued& old, const Validity& validity,
                                           const std::vector<std::string>& hosts) const {
  TILLSIGHT_ASSIGN(std::string certificate, authority_.renew(old.pem, validity, hosts));
  TILLSIGHT_TRY(write_down(certificate, old.generation));
  return certificate;
}

Result<std::vector<AuthorityFolder::Issued>> AuthorityFolder::issued() const {
  TILLSIGHT_ASSIGN(const std::string list, revocation_list());
  TILLSIGHT_ASSIGN(const auto revoked, read_revocations(list, certificate()));
  std::vector<Issued> all;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_ / "issued", failed)) {
    if (entry.path().extension() != ".crt") continue;
    Issued one;
    TILLSIGHT_ASSIGN(one.pem, read_named(entry.path()));
    auto facts = read_certificate(one.pem);
    if (!facts) return facts.error().with_context(entry.path().string());
    one.facts = std::move(facts).value();
    one.party = one.facts.common_name;
    one.generation = generation_of(entry.path());
    one.revoked = std::any_of(revoked.begin(), revoked.end(), [&](const Revocation& revocation) {
      return revocation.serial == one.facts.serial;
    });
    all.push_back(std::move(one));
  }
  if (failed) {
    return error(Code::kFailedPrecondition, "{}: cannot read: {}; restore it from its backup",
                 (folder_ / "issued").string(), failed.message());
  }
  std::sort(all.begin(), all.end(), [](const Issued& a, const Issued& b) {
    return std::tie(a.party, a.generation, a.facts.validity.until, a.facts.serial) <
           std::tie(b.party, b.generation, b.facts.validity.until, b.facts.serial);
  });
  return all;
}

Result<std::vector<AuthorityFolder::Issued>> AuthorityFolder::issued_to(
    const std::string& party) const {
  TILLSIGHT_ASSIGN(std::vector<Issued> all, issued());
  std::erase_if(all, [&](const Issued& one) { return one.party != party; });
  return all;
}

Result<std::string> AuthorityFolder::revocation_list() const {
  if (fs::exists(list_file())) return read_named(list_file());
  TILLSIGHT_ASSIGN(const CertificateFacts own, read_certificate(certificate()));
  return authority_.revocation_list({}, own.validity);
}

Result<std::string> AuthorityFolder::revoke(const std::vector<Issued>& certificates,
                                            UtcTime now) const {
  TILLSIGHT_ASSIGN(const std::string old, revocation_list());
  TILLSIGHT_ASSIGN(std::vector<Revocation> revoked, read_revocations(old, certificate()));
  for (const Issued& one : certificates) {
    if (!one.revoked) revoked.push_back({one.facts.serial, now});
  }
  TILLSIGHT_ASSIGN(const CertificateFacts own, read_certificate(certificate()));
  // As long as the authority itself: with an expired list Mosquitto refuses everybody.
  TILLSIGHT_ASSIGN(std::string list, authority_.revocation_list(revoked, own.validity));
  TILLSIGHT_TRY(write_file_atomically(list_file(), list, kPublicFile));
  return list;
}

}  // namespace tillsight::app
