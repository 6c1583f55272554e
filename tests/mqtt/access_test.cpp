// Goal: credentials and access rules are obeyed and reported, never silently in the way.
// Method: a real Mosquitto with a password, an access list, or TLS with certificates made here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/mqtt/peer.hpp"
#include "tests/support/temp_dir.hpp"

namespace tillsight::mqtt {
namespace {

using ::testing::HasSubstr;

void run(const std::string& command) {
  ASSERT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
}

class Access : public ::testing::Test {
 protected:
  std::string file(const char* name) const { return (directory_ / name).string(); }
  std::string write(const char* name, std::string_view text) const {
    std::ofstream(directory_ / name) << text;
    return file(name);
  }

  const TempDir directory_;
};

/// One user, who may write to "mine" and read nothing.
class Passwords : public Access {
 protected:
  void SetUp() override {
    run("mosquitto_passwd -b -c " + file("users") + " till secret");
    broker_ = std::make_unique<test::Broker>(
        std::vector<std::string>{"allow_anonymous false", "password_file " + file("users"),
                                 "acl_file " + write("rules", "user till\ntopic write mine\n")});
  }
  Settings settings(std::string_view password) const {
    Settings settings = settings_for(*broker_);
    settings.username = "till";
    settings.password_file = write("password", password);
    return settings;
  }

  std::unique_ptr<test::Broker> broker_;
};

TEST_F(Passwords, AdmitAndReportARefusedPublication) {
  Peer till(settings("secret\n"));
  ASSERT_TRUE(till.connect().ok());
  ASSERT_TRUE(till.client->publish("mine", "x", Retain::kNo).ok());
  ASSERT_TRUE(till.client->publish("yours", "x", Retain::kNo).ok());
  ASSERT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 2; }).ok());
  EXPECT_TRUE(till.recorder.outcomes.at(0).ok());
  ASSERT_FALSE(till.recorder.outcomes.at(1).ok());
  EXPECT_EQ(till.recorder.outcomes.at(1).error().code(), Code::kFailedPrecondition);
  EXPECT_TRUE(till.client->connected());
}

TEST_F(Passwords, WrongOnesAreAnAnswerThatAPersonCanUse) {
  Peer till(settings("guess\n"));
  const Status refused = till.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("check username, password_file"));
  EXPECT_EQ(till.recorder.connects, 0);

  Settings absent = settings("");
  absent.password_file = directory_ / "nowhere";
  Peer unreadable(absent);
  const Status missing = unreadable.connect();
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), Code::kFailedPrecondition);
}

/// The broker has a certificate for 127.0.0.1 and wants one from us, both by one authority.
class Certificates : public Access {
 protected:
  void SetUp() override {
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
    run("openssl req -x509 " + key + "-days 2 -subj /CN=authority -keyout " + file("ca.key") +
        " -out " + file("ca.pem"));
    issue("broker", "subjectAltName=IP:127.0.0.1");
    issue("till", "extendedKeyUsage=clientAuth");
    broker_ = std::make_unique<test::Broker>(std::vector<std::string>{
        "allow_anonymous true", "cafile " + file("ca.pem"), "certfile " + file("broker.pem"),
        "keyfile " + file("broker.key"), "require_certificate true", "tls_version tlsv1.3"});
  }
  void issue(const std::string& name, const std::string& extension) {
    const std::string base = file(name.c_str());
    run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" +
        name + " -keyout " + base + ".key -out " + base + ".csr");
    run("openssl x509 -req -days 2 -CAcreateserial -in " + base + ".csr -CA " + file("ca.pem") +
        " -CAkey " + file("ca.key") + " -out " + base + ".pem -extfile " +
        write("extension", extension));
  }
  Settings settings() const {
    Settings settings = settings_for(*broker_);
    settings.tls = Tls{file("ca.pem"), file("till.pem"), file("till.key")};
    return settings;
  }

  std::unique_ptr<test::Broker> broker_;
};

TEST_F(Certificates, LetBothSidesIn) {
  Peer till(settings());
  const Status connected = till.connect();
  ASSERT_TRUE(connected.ok()) << connected.error().message();
  ASSERT_TRUE(till.client->publish("t", std::string(100'000, 'x'), Retain::kNo).ok());
  EXPECT_TRUE(till.run_until([&] { return till.recorder.outcomes.size() == 1; }).ok());
}

TEST_F(Certificates, OfAnotherAuthorityAreRefusedWithARemedy) {
  run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
      "/CN=stranger -keyout " +
      file("other.key") + " -out " + file("other.pem"));
  Settings deceived = settings();
  deceived.tls->ca_file = file("other.pem");
  Peer till(deceived);
  const Status refused = till.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("check ca_file, both certificates and this"));
}

TEST_F(Certificates, AreRequired) {
  Settings naked = settings();
  naked.tls->certificate_file.clear();
  naked.tls->key_file.clear();
  Peer till(naked);
  EXPECT_FALSE(till.connect().ok());
  EXPECT_EQ(till.recorder.connects, 0);
}

TEST_F(Certificates, ThatCannotBeReadAreNamed) {
  Settings wrong = settings();
  wrong.tls->ca_file = directory_ / "nowhere.pem";
  Peer till(wrong);
  const Status refused = till.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().message(), HasSubstr("nowhere.pem"));
}

TEST_F(Certificates, DoNotHideThatNobodyListens) {
  Settings nobody = settings();
  nobody.port = test::free_port();
  Peer till(nobody);
  const Status refused = till.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("is the broker running"));
}

}  // namespace
}  // namespace tillsight::mqtt
