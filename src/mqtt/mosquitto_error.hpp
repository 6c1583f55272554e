/// \file
/// libmosquitto's return codes and MQTT 5's reason codes as Errors that say what to do.
#pragma once

#include <string_view>

#include "tillsight/core/result.hpp"

namespace tillsight::mqtt {

/// \param library_code what a libmosquitto function returned; not MOSQ_ERR_SUCCESS.
/// \param system_error errno right after it.
/// \param last_words the library's latest complaint in its log; may be empty.
Error library_failure(int library_code, int system_error, std::string_view last_words);

/// TLS stood, and the broker hung up without an answer to CONNECT.
Error turned_away();
/// The broker's answer to CONNECT; \pre reason ≠ 0.
Error connect_refusal(int reason);
/// The broker's answer to PUBLISH: ok below 0x80.
Status publish_outcome(int reason);
/// The broker's own DISCONNECT.
Error broker_goodbye(int reason);

}  // namespace tillsight::mqtt
