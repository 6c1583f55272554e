#include "tests/security/attempts.hpp"
#include "tests/security/stranger.hpp"

namespace tillsight::security {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr const char* kClient = "S01-T01";

Validity around(UtcTime now) {
  return {now - hours{1}, now + days{30}};
}

/// Everything that a certificate can have wrong, with what the broker answers.
struct Wrong {
  const char* name;
  Face face;
  const char* expected;
};

std::vector<Wrong> wrong_faces(Chain& chain) {
  const UtcTime now = SystemClock().utc_now();
  const Authority authority = chain.authority();
  const Authority other = Authority::create("Tillsight", around(now)).value();
  const Credential till = Chain::credential(chain.till("T10"));
  const Authority till_as_authority = Authority::open(till).value();
  const CertificateRequest self{"S01/T01"};
  const auto face = [](const Result<Credential>& credential) { return Face{credential.value()}; };
  const Credential broker{*read_file(chain.folder() / "broker/broker.crt"),
                          *read_file(chain.folder() / "broker/broker.key")};
  return {
      {"no TLS", {.tls = false}, "closed: end of stream"},
      {"TLS 1.2", {till, true, true}, "protocol version"},
      {"no certificate", {}, "certificate required"},
      {"expired certificate", face(authority.issue(self, {now - days{30}, now - hours{1}})),
       "certificate expired"},
      {"certificate of the future", face(authority.issue(self, {now + days{1}, now + days{30}})),
       "bad certificate"},
      {"certificate of another authority of the same name", face(other.issue(self, around(now))),
       "unknown ca"},
      {"certificate signed by itself",
       Face{Authority::create("S01/T01", around(now)).value().credential()}, "unknown ca"},
      {"certificate issued by a till", face(till_as_authority.issue(self, around(now))),
       "unknown ca"},
      {"the broker's own certificate", Face{broker}, "unsupported certificate"},
  };
}

Attempt attempt(const Chain& chain, const Wrong& wrong) {
  Stranger stranger(chain.port(), wrong.face);
  const std::string answer = stranger.say(connect_packet(kClient));
  return {wrong.name, answer == "CONNACK 0", answer, wrong.expected};
}

Attempt old_password(const Chain& chain) {
  Stranger stranger(chain.port(), {});
  const std::string answer = stranger.say(connect_packet(kClient, "admin", "admin"));
  return {"admin:admin", answer == "CONNACK 0", answer, "certificate required"};
}

/// A till that is shut out, with a certificate and with a TLS session from better days.
std::vector<Attempt> revoked_till(Chain& chain) {
  const Face face{Chain::credential(chain.till("T11"))};
  Stranger before(chain.port(), face);
  const std::string control = before.say(connect_packet(kClient));
  TILLSIGHT_CHECK(control == "CONNACK 0", "a good certificate is not let in: " + control);
  chain.revoke("T11");
  chain.broker->restart();
  Stranger after(chain.port(), face);
  const std::string answer = after.say(connect_packet(kClient));
  Stranger again(chain.port(), face, &before);
  const std::string resumed = again.say(connect_packet(kClient));
  return {{"revoked certificate", answer == "CONNACK 0", answer, "certificate revoked"},
          {"revoked certificate, old TLS session", resumed == "CONNACK 0", resumed,
           "certificate revoked"}};
}

/// What a reload of the broker is worth: the list holds for new connections, resumed ones too.
std::vector<Attempt> revoked_till_after_a_reload(Chain& chain) {
  const Face face{Chain::credential(chain.till("T12"))};
  Stranger before(chain.port(), face);
  TILLSIGHT_CHECK(before.say(connect_packet(kClient)) == "CONNACK 0", "control");
  chain.revoke("T12");
  chain.broker->reload();
  // The broker takes the signal when it comes to it.
  std::string answer = "CONNACK 0";
  for (int tries = 0; tries < 500 && answer == "CONNACK 0"; ++tries) {
    answer = Stranger(chain.port(), face).say(connect_packet(kClient));
  }
  Stranger again(chain.port(), face, &before);
  const std::string resumed = again.say(connect_packet(kClient));
  return {
      {"revoked certificate, after a reload", answer == "CONNACK 0", answer, "certificate revoked"},
      {"revoked certificate, old TLS session, after a reload", resumed == "CONNACK 0", resumed,
       "certificate revoked"}};
}

}  // namespace

std::vector<Attempt> strangers(Chain& chain) {
  std::vector<Attempt> attempts;
  for (const Wrong& wrong : wrong_faces(chain)) attempts.push_back(attempt(chain, wrong));
  attempts.push_back(old_password(chain));
  for (Attempt& one : revoked_till(chain)) attempts.push_back(std::move(one));
  for (Attempt& one : revoked_till_after_a_reload(chain)) attempts.push_back(std::move(one));
  return attempts;
}

}  // namespace tillsight::security
