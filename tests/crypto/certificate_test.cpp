// Goal: what the authority issues is accepted where it should be and nowhere else: not for the
// other purpose, under another name, too early, too late, or once revoked.
// Method: OpenSSL's own verifier, asked as a TLS server or client would ask it, at given instants.
#include "tillsight/crypto/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

namespace tillsight {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
const Validity kLong{kNow, kNow + days{7300}};
const Validity kShort{kNow, kNow + days{730}};

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_CRL* p) const { X509_CRL_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> bio(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}
Owned<X509> x509(const std::string& pem) {
  return Owned<X509>(PEM_read_bio_X509(bio(pem).get(), nullptr, nullptr, nullptr));
}

/// How a verifier would ask.
struct Question {
  const char* purpose = "ssl_client";  ///< what the certificate's owner claims to be
  UtcTime at = kNow + hours{1};
  std::string host{};
  std::string address{};
  std::string revocations{};
};

/// \return "ok", or OpenSSL's reason.
std::string verdict(const std::string& certificate, const std::string& authority,
                    const Question& question = {}) {
  const Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), x509(authority).get());
  const Owned<X509> subject = x509(certificate);
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), subject.get(), nullptr);
  X509_STORE_CTX_set_default(context.get(), question.purpose);
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules,
                             std::chrono::floor<seconds>(question.at).time_since_epoch().count());
  if (!question.host.empty()) X509_VERIFY_PARAM_set1_host(rules, question.host.c_str(), 0);
  if (!question.address.empty()) X509_VERIFY_PARAM_set1_ip_asc(rules, question.address.c_str());
  if (!question.revocations.empty()) {
    const Owned<X509_CRL> list(
        PEM_read_bio_X509_CRL(bio(question.revocations).get(), nullptr, nullptr, nullptr));
    X509_STORE_add_crl(store.get(), list.get());
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK);
  }
  X509_verify_cert(context.get());
  const int error = X509_STORE_CTX_get_error(context.get());
  return error == X509_V_OK ? "ok" : X509_verify_cert_error_string(error);
}

class CertificateTest : public ::testing::Test {
 protected:
  const Authority authority_ = Authority::create("Corner Shops", kLong).value();
  const std::string root_ = authority_.credential().certificate;
  const Credential till_ = authority_.issue({"S01/T03"}, kShort).value();
  const Credential broker_ =
      authority_
          .issue({"broker", Purpose::kServer, {"hub.example", "192.0.2.7", "2001:db8::7"}}, kShort)
          .value();
};

TEST_F(CertificateTest, OfATillIsAClientsForItsWholeLifeAndNotASecondLonger) {
  EXPECT_EQ(verdict(till_.certificate, root_), "ok");
  EXPECT_EQ(verdict(till_.certificate, root_, {.at = kShort.from}), "ok");
  EXPECT_EQ(verdict(till_.certificate, root_, {.at = kShort.until - seconds{1}}), "ok");
  EXPECT_THAT(verdict(till_.certificate, root_, {.at = kShort.from - seconds{1}}),
              HasSubstr("not yet valid"));
  EXPECT_THAT(verdict(till_.certificate, root_, {.at = kShort.until + seconds{1}}),
              HasSubstr("expired"));
}

TEST_F(CertificateTest, OfATillCannotServe) {
  EXPECT_THAT(verdict(till_.certificate, root_, {.purpose = "ssl_server"}), HasSubstr("purpose"));
  EXPECT_THAT(verdict(broker_.certificate, root_), HasSubstr("purpose"));
}

TEST_F(CertificateTest, OfABrokerIsForItsNamesAndAddressesOnly) {
  const auto as = [&](const std::string& host, const std::string& address) {
    return verdict(broker_.certificate, root_,
                   {.purpose = "ssl_server", .host = host, .address = address});
  };
  EXPECT_EQ(as("hub.example", ""), "ok");
  EXPECT_EQ(as("", "192.0.2.7"), "ok");
  EXPECT_EQ(as("", "2001:db8::7"), "ok");
  EXPECT_THAT(as("evil.example", ""), HasSubstr("hostname mismatch"));
  EXPECT_THAT(as("", "192.0.2.8"), HasSubstr("IP address mismatch"));
}

TEST_F(CertificateTest, OfAnotherAuthorityOfTheSameNameIsRefused) {
  const Authority other = Authority::create("Corner Shops", kLong).value();
  EXPECT_NE(verdict(till_.certificate, other.credential().certificate), "ok");
}

TEST_F(CertificateTest, OfATillCannotCertify) {
  const auto impostor = Authority::open(till_);
  ASSERT_TRUE(impostor.ok());
  const Credential forged = impostor->issue({"S01/T04"}, kShort).value();
  EXPECT_NE(verdict(forged.certificate, root_), "ok");
}

TEST_F(CertificateTest, IsRefusedOnceRevokedAndOthersAreNot) {
  const CertificateFacts facts = read_certificate(till_.certificate).value();
  const std::string list =
      authority_.revocation_list({{facts.serial, kNow}, {"0BADCAFE", kNow}}, kLong).value();
  EXPECT_THAT(verdict(till_.certificate, root_, {.revocations = list}), HasSubstr("revoked"));
  const Credential other = authority_.issue({"S01/T04"}, kShort).value();
  EXPECT_EQ(verdict(other.certificate, root_, {.revocations = list}), "ok");
  const std::string empty = authority_.revocation_list({}, kLong).value();
  EXPECT_EQ(verdict(till_.certificate, root_, {.revocations = empty}), "ok");
}

TEST_F(CertificateTest, RevocationsAreReadBackAndOnlyFromTheirOwnAuthority) {
  const std::string list = authority_.revocation_list({{"0BADCAFE", kNow}}, kLong).value();
  const auto read = read_revocations(list, root_);
  ASSERT_TRUE(read.ok()) << read.error().message();
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().serial, "0BADCAFE");
  EXPECT_EQ(read->front().at, kNow);
  const Authority other = Authority::create("Corner Shops", kLong).value();
  EXPECT_FALSE(read_revocations(list, other.credential().certificate).ok());
  EXPECT_FALSE(read_revocations("nonsense", root_).ok());
}

TEST_F(CertificateTest, FactsAreWhatWasAskedFor) {
  const CertificateFacts facts = read_certificate(broker_.certificate).value();
  EXPECT_EQ(facts.common_name, "broker");
  EXPECT_EQ(facts.issuer, "Corner Shops");
  EXPECT_EQ(facts.validity.from, kShort.from);
  EXPECT_EQ(facts.validity.until, kShort.until);
  EXPECT_THAT(facts.hosts, ElementsAre("hub.example", "192.0.2.7", "2001:db8::7"));
  EXPECT_THAT(facts.serial, ::testing::MatchesRegex("[0-9A-F]{32}"));
  EXPECT_NE(facts.serial, read_certificate(till_.certificate).value().serial);
}

TEST_F(CertificateTest, RenewalKeepsTheKeyTheNameAndTheHosts) {
  const Validity later{kNow + days{700}, kNow + days{1400}};
  const std::string renewed = authority_.renew(broker_.certificate, later).value();
  EXPECT_TRUE(Authority::open({renewed, broker_.key}).ok());  // key and certificate fit
  EXPECT_THAT(read_certificate(renewed).value().hosts,
              ElementsAre("hub.example", "192.0.2.7", "2001:db8::7"));
  EXPECT_EQ(verdict(renewed, root_, {.purpose = "ssl_server", .at = later.until - days{1}}), "ok");
  EXPECT_NE(read_certificate(renewed).value().serial,
            read_certificate(broker_.certificate).value().serial);
  const std::string moved = authority_.renew(broker_.certificate, later, {"new.example"}).value();
  EXPECT_THAT(read_certificate(moved).value().hosts, ElementsAre("new.example"));

  const std::string till = authority_.renew(till_.certificate, later).value();
  EXPECT_EQ(verdict(till, root_, {.at = later.until - days{1}}), "ok");
  EXPECT_THAT(verdict(till, root_, {.purpose = "ssl_server", .at = later.from}), Not("ok"));
}

TEST_F(CertificateTest, StrangersAreNotRenewedAndMistakesAreNamed) {
  const Authority other = Authority::create("Corner Shops", kLong).value();
  EXPECT_FALSE(other.renew(till_.certificate, kShort).ok());
  EXPECT_THAT(Authority::open({root_, till_.key}).error().message(), HasSubstr("does not belong"));
  EXPECT_THAT(Authority::open({root_, "no key"}).error().message(), HasSubstr("no private key"));
  EXPECT_THAT(read_certificate("").error().message(), HasSubstr("no certificate"));
  EXPECT_THAT(authority_.issue({std::string(65, 'x')}, kShort).error().message(),
              HasSubstr("not 1 to 64 bytes"));
  EXPECT_FALSE(authority_.issue({""}, kShort).ok());
}

TEST_F(CertificateTest, LastsBeyondTheYearsThatTwoDigitsHold) {
  const Validity far{kNow, kNow + days{20'000}};
  const Credential credential = authority_.issue({"S01/T05"}, far).value();
  EXPECT_EQ(read_certificate(credential.certificate).value().validity.until, far.until);
}

}  // namespace
}  // namespace tillsight
