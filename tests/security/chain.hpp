/// \file
/// A provisioned chain with its broker: what an installer has after the commands of
/// docs/security.md, on a free port.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/broker.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/app/provision.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/crypto/certificate.hpp"

namespace tillsight::security {

class Chain {
 public:
  explicit Chain(std::vector<std::string> hosts = {"127.0.0.1", "localhost"})
      : port_(test::free_port()) {
    app::Provisioner::Chain chain;
    chain.hosts = std::move(hosts);
    chain.port = port_;
    const auto made = provisioner_.hub(chain);
    TILLSIGHT_CHECK(made.ok(), made.ok() ? "" : made.error().message());
    broker = std::make_unique<test::Broker>(folder() / "broker/mosquitto.conf", port_);
  }

  /// Provisions a till of store S01. \return what its daemon would connect with.
  mqtt::Settings till(const std::string& id) {
    const auto made = provisioner_.till(
        {StoreId("S01"), TillId(id), bundle(id), "/manifest.toml", "/catalogue.csv"});
    TILLSIGHT_CHECK(made.ok(), made.ok() ? "" : made.error().message());
    return app::load_till_settings(bundle(id) / "till.toml").value().mqtt;
  }
  mqtt::Settings hub() const { return app::load_hub_settings(folder() / "hub.toml").value().mqtt; }

  void revoke(const std::string& till) {
    const auto revoked =
        provisioner_.revoke({app::Party::Kind::kTill, StoreId("S01"), TillId(till)});
    TILLSIGHT_CHECK(revoked.ok(), "revoke");
  }

  Authority authority() const {
    return Authority::open({*read_file(folder() / "authority/ca.crt"),
                            *read_file(folder() / "authority/ca.key")})
        .value();
  }
  static Credential credential(const mqtt::Settings& settings) {
    return {*read_file(settings.tls->certificate_file), *read_file(settings.tls->key_file)};
  }

  int port() const { return port_; }
  std::filesystem::path folder() const { return directory_ / "chain"; }
  std::filesystem::path bundle(const std::string& till) const { return directory_.path() / till; }
  /// A further file of the test.
  std::filesystem::path write(const char* name, std::string_view text) const {
    TILLSIGHT_CHECK(write_file_atomically(directory_ / name, text).ok(), name);
    return directory_ / name;
  }

  std::unique_ptr<test::Broker> broker;

 private:
  const TempDir directory_;
  const int port_;
  SystemClock clock_;
  SystemRandom random_;
  app::Provisioner provisioner_{directory_ / "chain", clock_, random_};
};

}  // namespace tillsight::security
