#include "mqtt/mosquitto_error.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netdb.h>

#include <cerrno>
#include <system_error>

namespace tillsight::mqtt {

Error library_failure(int library_code, int system_error, std::string_view last_words) {
  // So the library tells of a TLS alert after the handshake.
  if (library_code == MOSQ_ERR_ERRNO && system_error == EPROTO) library_code = MOSQ_ERR_TLS;
  switch (library_code) {
    case MOSQ_ERR_EAI:
      return error(Code::kUnavailable,
                   "its name does not resolve ({}); check the host name and DNS",
                   gai_strerror(system_error));
    case MOSQ_ERR_ERRNO:
      return error(Code::kUnavailable, "{}; is the broker running, and is the port right?",
                   std::generic_category().message(system_error));
    case MOSQ_ERR_TLS:
      return error(Code::kUnavailable,
                   "TLS failed ({}); check ca_file, both certificates and this box's clock",
                   last_words.empty() ? "no detail" : last_words);
    case MOSQ_ERR_CONN_LOST: return error(Code::kUnavailable, "the broker closed the connection");
    case MOSQ_ERR_KEEPALIVE: return error(Code::kUnavailable, "the broker has fallen silent");
    case MOSQ_ERR_OVERSIZE_PACKET:
    case MOSQ_ERR_PAYLOAD_SIZE:
      return error(Code::kInvalidArgument, "larger than the broker accepts");
    case MOSQ_ERR_INVAL:
    case MOSQ_ERR_MALFORMED_UTF8:
      return error(Code::kInvalidArgument, "{}", mosquitto_strerror(library_code));
    case MOSQ_ERR_NOMEM: return error(Code::kResourceExhausted, "out of memory");
    default: return error(Code::kUnavailable, "{}", mosquitto_strerror(library_code));
  }
}

Error turned_away() {
  return error(
      Code::kUnavailable,
      "the broker turns this box away; is certificate_file expired, revoked, missing or of "
      "another authority? The broker's log says more");
}

Error connect_refusal(int reason) {
  switch (reason) {
    case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
    case MQTT_RC_NOT_AUTHORIZED:
    case MQTT_RC_BANNED:
    case MQTT_RC_CLIENTID_NOT_VALID:
      return error(Code::kFailedPrecondition,
                   "the broker refused this client: {}; check username, password_file, certificate "
                   "and the broker's access rules",
                   mosquitto_reason_string(reason));
    case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
      return error(Code::kFailedPrecondition,
                   "the broker does not speak MQTT 5; Mosquitto 1.6 or later does");
    default:
      return error(Code::kUnavailable, "the broker refused the connection: {}",
                   mosquitto_reason_string(reason));
  }
}

Status publish_outcome(int reason) {
  if (reason < MQTT_RC_UNSPECIFIED) return {};
  switch (reason) {
    case MQTT_RC_NOT_AUTHORIZED:
      return error(Code::kFailedPrecondition,
                   "the broker refused a publication: {}; check the broker's access rules",
                   mosquitto_reason_string(reason));
    case MQTT_RC_PACKET_TOO_LARGE:
    case MQTT_RC_TOPIC_NAME_INVALID:
    case MQTT_RC_PAYLOAD_FORMAT_INVALID:
      return error(Code::kInvalidArgument, "the broker refused a publication: {}",
                   mosquitto_reason_string(reason));
    default:
      return error(Code::kUnavailable, "the broker refused a publication: {}",
                   mosquitto_reason_string(reason));
  }
}

Error broker_goodbye(int reason) {
  if (reason == MQTT_RC_SESSION_TAKEN_OVER)
    return error(Code::kFailedPrecondition,
                 "another client has connected with the same client id; give each box its own");
  return error(Code::kUnavailable, "the broker ended the connection: {}",
               mosquitto_reason_string(reason));
}

}  // namespace tillsight::mqtt
