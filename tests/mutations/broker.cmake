# The broker's configuration: what each line keeps out, shown to the real Mosquitto.

# tillsight_loosened(NAME SAFEGUARD … FILE … REPLACE … [WITH …]): found by the matrix of attempts.
macro(tillsight_loosened name)
  tillsight_mutation(broker_${name} ${ARGN}
    TEST security_broker CASE Broker.LetsNobodyInWhoDoesNotBelongAndNobodyDoMoreThanItsOwn)
endmacro()

tillsight_mutation(broker_knows_the_revoked
  SAFEGUARD "a revoked certificate is refused"
  FILE config/mosquitto/tillsight.conf
  REPLACE "crlfile /etc/tillsight/broker/revoked.crl"
  TEST security_broker CASE Refusal.OfARevokedTillIsSaidAndItsReplacementConnects)

tillsight_loosened(requires_a_certificate
  SAFEGUARD "nobody connects without a certificate"
  FILE config/mosquitto/tillsight.conf
  REPLACE "require_certificate true" WITH "require_certificate false\nallow_anonymous true\n#")

tillsight_loosened(speaks_tls_1_3
  SAFEGUARD "nobody speaks an older TLS"
  FILE config/mosquitto/tillsight.conf
  REPLACE "tls_version tlsv1.3" WITH "tls_version tlsv1.2")

tillsight_loosened(takes_the_name_from_the_certificate
  SAFEGUARD "who somebody is stands in the certificate"
  FILE config/mosquitto/tillsight.conf
  REPLACE "use_identity_as_username true" WITH "use_identity_as_username false")

tillsight_loosened(takes_the_id_from_the_certificate
  SAFEGUARD "nobody can throw another till out by taking its client id"
  FILE config/mosquitto/tillsight.conf
  REPLACE "use_username_as_clientid true")

tillsight_loosened(has_access_rules
  SAFEGUARD "what the access rules do not allow is refused"
  FILE config/mosquitto/tillsight.conf
  REPLACE "acl_file /etc/tillsight/broker/acl")

tillsight_loosened(lets_a_till_write_its_own
  SAFEGUARD "a till writes its own events alone"
  FILE config/mosquitto/acl
  REPLACE "pattern write tillsight/v1/till/%u/events"
  WITH "pattern write tillsight/v1/till/+/+/events")

tillsight_loosened(lets_a_till_read_its_own
  SAFEGUARD "a till reads its own acknowledgements alone"
  FILE config/mosquitto/acl
  REPLACE "pattern read tillsight/v1/till/%u/ack" WITH "pattern read tillsight/v1/till/+/+/ack")

tillsight_loosened(lets_a_till_ask_in_its_own_name
  SAFEGUARD "a till asks head office in its own name alone"
  FILE config/mosquitto/acl
  REPLACE "pattern write tillsight/v1/till/%u/ask" WITH "pattern write tillsight/v1/till/+/+/ask")

tillsight_loosened(lets_a_till_read_its_own_answers
  SAFEGUARD "a till reads its own answers alone"
  FILE config/mosquitto/acl
  REPLACE "pattern read tillsight/v1/till/%u/answer"
  WITH "pattern read tillsight/v1/till/+/+/answer")

tillsight_loosened(keeps_hub_state_to_the_hub
  SAFEGUARD "head office's state is said by head office alone"
  FILE config/mosquitto/acl
  REPLACE "pattern read tillsight/v1/hub/state" WITH "pattern readwrite tillsight/v1/hub/state")

tillsight_loosened(bounds_a_packet
  SAFEGUARD "an oversize packet is refused"
  FILE config/mosquitto/tillsight.conf
  REPLACE "max_packet_size 163840")

tillsight_loosened(proves_itself_to_the_till
  SAFEGUARD "a till speaks to nobody who only claims to be its broker"
  FILE src/mqtt/session.cpp
  REPLACE "constexpr int kVerifyPeer = 1" WITH "constexpr int kVerifyPeer = 0")
