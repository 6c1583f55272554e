// Goal: one command makes a chain, one a till; nothing secret can be read by others or is printed,
// nothing is overwritten, every mistake is named.
// Method: a chain in a temporary folder under a fake clock, looked at as an intruder and as the
// daemons would. What a broker makes of it is tests/security.
#include "tillsight/app/provision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kShipped = fs::path(source_dir()) / "config" / "mosquitto";

class Provision : public ::testing::Test {
 protected:
  Result<Steps> hub(std::vector<std::string> hosts = {"hub.example", "192.0.2.7"},
                    int port = 8883) {
    Provisioner::Chain chain;
    chain.hosts = std::move(hosts);
    chain.port = port;
    return provisioner_.hub(chain);
  }
  Result<Steps> till(const char* id, const char* bundle) {
    return provisioner_.till(
        {StoreId("S01"), TillId(id), folder_ / bundle, "/m/manifest.toml", "/m/c.csv"});
  }
  static Party party(const char* id) { return {Party::Kind::kTill, StoreId("S01"), TillId(id)}; }
  std::string text(const fs::path& file) const { return *read_file(folder_.path() / file); }
  CertificateFacts facts(const fs::path& file) const { return *read_certificate(text(file)); }

  const TempDir folder_;
  FakeClock clock_;
  SystemRandom random_;
  Provisioner provisioner_{folder_ / "chain", clock_, random_};
};

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

TEST_F(Provision, MakesSettingsThatHubAndTillTake) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  const auto hub_settings = load_hub_settings(folder_ / "chain/hub.toml");
  ASSERT_TRUE(hub_settings.ok()) << hub_settings.error().message();
  EXPECT_EQ(hub_settings->mqtt.host, "hub.example");
  EXPECT_EQ(hub_settings->mqtt.port, 8883);
  EXPECT_EQ(hub_settings->mqtt.tls->key_file, folder_ / "chain/hub.key");
  const auto till_settings = load_till_settings(folder_ / "bundle/till.toml");
  ASSERT_TRUE(till_settings.ok()) << till_settings.error().message();
  EXPECT_EQ(till_settings->id, TillId("T03"));
  EXPECT_EQ(till_settings->generation, 1);
  EXPECT_EQ(till_settings->mqtt.host, "hub.example");
  EXPECT_EQ(till_settings->mqtt.tls->certificate_file, folder_ / "bundle/till.crt");
  EXPECT_EQ(till_settings->model, "/m/manifest.toml");
  EXPECT_EQ(till_settings->chain_key, folder_ / "bundle/chain.key");
  EXPECT_EQ(hub_settings->chain_key, folder_ / "chain/chain.key");
  EXPECT_EQ(facts("bundle/till.crt").common_name, "S01/T03");
  EXPECT_EQ(facts("chain/hub.crt").common_name, "hub");
  EXPECT_EQ(hub_settings->web.certificate_file, folder_ / "chain/page.crt");
  EXPECT_EQ(hub_settings->web.address, "127.0.0.1");
  EXPECT_THAT(facts("chain/page.crt").hosts,
              ElementsAre("hub.example", "192.0.2.7", "localhost", "127.0.0.1"));
  EXPECT_THAT(facts("chain/broker/broker.crt").hosts, ElementsAre("hub.example", "192.0.2.7"));
  EXPECT_EQ(text("bundle/chain.key"), text("chain/chain.key"));
  EXPECT_THAT(text("chain/chain.key"), ::testing::MatchesRegex("[0-9a-f]{64}\n"));
}

TEST_F(Provision, LeavesNoSecretThatOthersMayRead) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  const std::string chain_key = text("chain/chain.key").substr(0, 64);
  int secrets = 0;
  for (const fs::path& file : files_below(folder_.path())) {
    const std::string content = *read_file(file);
    if (content.find("PRIVATE KEY") == std::string::npos &&
        content.find(chain_key) == std::string::npos)
      continue;
    ++secrets;
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600)) << file;
  }
  EXPECT_EQ(secrets, 7);  // keys of authority, broker, hub, page, till; the chain's key twice
  EXPECT_EQ(fs::status(folder_ / "bundle").permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(folder_ / "chain/authority").permissions(), fs::perms(0700));
}

TEST_F(Provision, GivesATillNothingOfTheAuthorityAndNothingOfTheHub) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  for (const char* secret :
       {"chain/authority/ca.key", "chain/broker/broker.key", "chain/hub.key"}) {
    for (const fs::path& file : files_below(folder_ / "bundle")) {
      EXPECT_THAT(*read_file(file), Not(HasSubstr(text(secret)))) << file;
    }
  }
}

TEST_F(Provision, PrintsNoSecret) {
  std::string printed;
  const auto print = [&](const Result<Steps>& steps) {
    ASSERT_TRUE(steps.ok()) << steps.error().message();
    for (const std::string& step : *steps) printed += step + '\n';
  };
  print(hub());
  print(till("T03", "bundle"));
  print(provisioner_.renew(party("T03"), folder_ / "new.crt"));
  print(provisioner_.revoke(party("T03")));
  print(provisioner_.list());
  EXPECT_THAT(printed, Not(HasSubstr("PRIVATE")));
  EXPECT_THAT(printed, Not(HasSubstr(text("chain/chain.key").substr(0, 64))));
}

TEST_F(Provision, WritesTheShippedBrokerFiles) {
  ASSERT_TRUE(hub({"hub.example"}, 18883).ok());
  const std::string here = (folder_ / "chain").string();
  const auto as_shipped = [&](const char* file) {
    std::string written = text(file);
    for (std::size_t at; (at = written.find(here)) != std::string::npos;) {
      written.replace(at, here.size(), "/etc/tillsight");
    }
    const std::size_t at = written.find("listener 18883");
    return at == std::string::npos ? written : written.replace(at, 14, "listener 8883");
  };
  EXPECT_EQ(as_shipped("chain/broker/mosquitto.conf"), *read_file(kShipped / "tillsight.conf"));
  EXPECT_EQ(as_shipped("chain/broker/acl"), *read_file(kShipped / "acl"));
  EXPECT_EQ(as_shipped("chain/hardening.conf"), *read_file(kShipped / "hardening.conf"));
}

TEST_F(Provision, RepeatedMakesWhatIsMissingAndOverwritesNothing) {
  ASSERT_TRUE(hub().ok());
  std::vector<std::pair<fs::path, std::string>> before;
  for (const fs::path& file : files_below(folder_ / "chain")) {
    before.emplace_back(file, *read_file(file));
  }
  ASSERT_TRUE(hub().ok());
  for (const auto& [file, content] : before) EXPECT_EQ(*read_file(file), content) << file;
  EXPECT_EQ(files_below(folder_ / "chain").size(), before.size());

  fs::remove(folder_ / "chain/hub.crt");  // as an interrupted call leaves it
  ASSERT_TRUE(hub().ok());
  EXPECT_EQ(facts("chain/hub.crt").common_name, "hub");
}

TEST_F(Provision, RefusesToChangeWhatIsThere) {
  ASSERT_TRUE(hub().ok());
  EXPECT_THAT(hub({"other.example"}).error().message(), HasSubstr("provision renew broker"));
  EXPECT_THAT(hub({"hub.example"}, 1).error().message(), HasSubstr("says port 8883, not 1"));
  ASSERT_TRUE(till("T03", "bundle").ok());
  EXPECT_THAT(till("T03", "again").error().message(),
              AllOf(HasSubstr("S01/T03: has a certificate until 2028-01-05"),
                    HasSubstr("provision revoke")));
  EXPECT_FALSE(fs::exists(folder_ / "again"));
  EXPECT_THAT(till("T04", "bundle").error().message(), HasSubstr("bundle: is there already"));
  EXPECT_EQ(provisioner_.renew(party("T03"), folder_ / "bundle/till.crt").error().code(),
            Code::kAlreadyExists);
  fs::remove_all(folder_ / "chain/authority");
  EXPECT_THAT(hub().error().message(), HasSubstr("restore it from its backup"));
}

TEST_F(Provision, NamesWhatIsWrong) {
  EXPECT_THAT(hub({}).error().message(), HasSubstr("--host"));
  EXPECT_THAT(hub({"a b"}).error().message(), HasSubstr("host 'a b' is neither"));
  EXPECT_THAT(till("T03", "bundle").error().message(), HasSubstr("`tillsight provision hub`"));
  Provisioner broken(folder_ / "a\nb", clock_, random_);
  EXPECT_THAT(broken.hub({.hosts = {"h"}}).error().message(), HasSubstr("control character"));
  clock_.jump_utc(-days(2000));
  EXPECT_THAT(hub().error().message(), HasSubstr("this machine's clock says 2020-07-15"));
  EXPECT_FALSE(fs::exists(folder_ / "chain"));
}

TEST_F(Provision, TakesAFolderWithABlankButTellsSystemdNothingOfIt) {
  Provisioner spaced(folder_ / "a chain", clock_, random_);
  const auto steps = spaced.hub({.hosts = {"h"}});
  ASSERT_TRUE(steps.ok()) << steps.error().message();
  EXPECT_FALSE(fs::exists(folder_ / "a chain/hardening.conf"));
  EXPECT_THAT(*steps, Contains(HasSubstr("systemd's files cannot name this folder")));
}

TEST_F(Provision, ReplacedBoxGetsTheNextGeneration) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "first").ok());
  ASSERT_TRUE(provisioner_.revoke(party("T03")).ok());
  ASSERT_TRUE(till("T03", "second").ok());
  EXPECT_EQ(load_till_settings(folder_ / "second/till.toml")->generation, 2);
  EXPECT_NE(text("first/till.key"), text("second/till.key"));
  const auto revoked =
      read_revocations(text("chain/broker/revoked.crl"), text("chain/ca.crt")).value();
  ASSERT_EQ(revoked.size(), 1U);
  EXPECT_EQ(revoked.front().serial, facts("first/till.crt").serial);
}

TEST_F(Provision, RevokesEveryCertificateThatATillEverHad) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  ASSERT_TRUE(till("T04", "other").ok());
  ASSERT_TRUE(provisioner_.renew(party("T03"), folder_ / "new.crt").ok());
  ASSERT_TRUE(provisioner_.revoke(party("T03")).ok());
  ASSERT_TRUE(provisioner_.revoke(party("T03")).ok());
  std::vector<std::string> serials;
  const auto revoked =
      read_revocations(text("chain/broker/revoked.crl"), text("chain/ca.crt")).value();
  for (const Revocation& one : revoked) serials.push_back(one.serial);
  EXPECT_THAT(serials, ::testing::UnorderedElementsAre(facts("bundle/till.crt").serial,
                                                       facts("new.crt").serial));
  EXPECT_EQ(provisioner_.revoke(party("T09")).error().code(), Code::kNotFound);
  EXPECT_EQ(provisioner_.renew(party("T03"), folder_ / "x.crt").error().code(), Code::kNotFound);
  EXPECT_FALSE(provisioner_.revoke({Party::Kind::kBroker}).ok());
}

TEST_F(Provision, RenewalProlongsAndKeepsTheKey) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  clock_.advance(days(700));
  ASSERT_TRUE(provisioner_.renew(party("T03"), folder_ / "new.crt").ok());
  EXPECT_EQ(facts("new.crt").validity.until, facts("bundle/till.crt").validity.until + days(700));
  EXPECT_TRUE(Authority::open({text("new.crt"), text("bundle/till.key")}).ok());
  const std::string key = text("chain/broker/broker.key");
  ASSERT_TRUE(provisioner_.renew({Party::Kind::kBroker}, "", {"new.example"}).ok());
  EXPECT_THAT(facts("chain/broker/broker.crt").hosts, ElementsAre("new.example"));
  EXPECT_EQ(text("chain/broker/broker.key"), key);
  ASSERT_TRUE(provisioner_.renew({Party::Kind::kHub}, "").ok());
  EXPECT_TRUE(Authority::open({text("chain/hub.crt"), text("chain/hub.key")}).ok());
}

TEST_F(Provision, LostHubKeyIsRevokedAndMadeAnew) {
  ASSERT_TRUE(hub().ok());
  const std::string lost = text("chain/hub.key");
  ASSERT_TRUE(provisioner_.revoke({Party::Kind::kHub}).ok());
  ASSERT_TRUE(hub().ok());
  EXPECT_NE(text("chain/hub.key"), lost);
  const auto lines = provisioner_.list().value();
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("hub "), HasSubstr("revoked"))));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("hub "), HasSubstr("valid"))));
}

TEST_F(Provision, ListNamesEveryCertificateAndItsState) {
  ASSERT_TRUE(hub().ok());
  ASSERT_TRUE(till("T03", "bundle").ok());
  clock_.advance(days(731));
  const auto lines = provisioner_.list().value();
  ASSERT_EQ(lines.size(), 5U);  // heading, till, broker, hub, page
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("S01/T03"), HasSubstr("expired"))));
}

}  // namespace
}  // namespace tillsight::app
