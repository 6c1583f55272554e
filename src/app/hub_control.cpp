#include "tillsight/app/hub_control.hpp"

#include "app/hub_orders.hpp"
#include "app/hub_socket.hpp"

namespace tillsight::app {

Result<std::string> give_order(const HubSettings& settings, const HubOrder& order) {
  const auto answer = call_hub(settings.data, to_json(order));
  if (answer.ok()) return parse_answer(*answer);
  if (answer.error().code() != Code::kNotFound) return answer.error();
  const SystemClock clock;
  SystemRandom random;
  TILLSIGHT_ASSIGN(hub::HubStore store, open_hub_store(settings, clock, random));
  hub::Ingest ingest(store, clock);
  TILLSIGHT_ASSIGN(OrderOutcome outcome, carry_out(store, ingest, clock, order));
  return std::move(outcome.said);
}

}  // namespace tillsight::app
