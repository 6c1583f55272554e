/// \file
/// Orders as the hub carries them out, and as they travel over its socket.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/app/hub_control.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/ingest.hpp"

namespace tillsight::app {

struct OrderOutcome {
  std::string said;
  std::vector<hub::AddressedAck> acks;  ///< to be published, if there is a connection
};

Result<OrderOutcome> carry_out(hub::HubStore& store, hub::Ingest& ingest, const Clock& clock,
                               const HubOrder& order);

std::string to_json(const HubOrder& order);
Result<HubOrder> parse_order(std::string_view json);
std::string answer_json(const Result<std::string>& answer);
Result<std::string> parse_answer(std::string_view json);

}  // namespace tillsight::app
