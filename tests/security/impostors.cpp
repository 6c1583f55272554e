#include "tests/mqtt/peer.hpp"
#include "tests/security/attempts.hpp"

namespace tillsight::security {
namespace {

using std::chrono::days;
using std::chrono::hours;

/// A broker that lets everybody in and shows `credential`, tried by a till of the chain.
Attempt till_meets(Chain& chain, const mqtt::Settings& till, const char* name,
                   const Credential& credential, const char* expected) {
  const test::Broker impostor(
      {"allow_anonymous true", "tls_version tlsv1.3",
       "certfile " + chain.write("server.crt", credential.certificate).string(),
       "keyfile " + chain.write("server.key", credential.key).string()});
  mqtt::Settings misled = till;
  misled.port = impostor.port();
  mqtt::Peer peer(misled);
  const Status connected = peer.connect();
  return {name, connected.ok(), connected ? "connected" : connected.error().message(), expected};
}

}  // namespace

std::vector<Attempt> impostors(Chain& chain) {
  const UtcTime now = SystemClock().utc_now();
  const Validity validity{now - hours{1}, now + days{30}};
  const Authority authority = chain.authority();
  const Authority other = Authority::create("Tillsight", validity).value();
  const mqtt::Settings till = chain.till("T20");
  const auto server = [&](const Authority& by, const char* host) {
    return by.issue({"broker", Purpose::kServer, {host}}, validity).value();
  };
  const Attempt control = till_meets(chain, till, "control", server(authority, "127.0.0.1"), "");
  TILLSIGHT_CHECK(control.let_in, "a till refuses its own broker: " + control.answer);
  return {
      till_meets(chain, till, "broker of another host", server(authority, "evil.example"),
                 "TLS failed"),
      till_meets(chain, till, "broker of another authority", server(other, "127.0.0.1"),
                 "certificate verify failed"),
      till_meets(chain, till, "stolen till that poses as the broker", Chain::credential(till),
                 "certificate verify failed"),
  };
}

}  // namespace tillsight::security
