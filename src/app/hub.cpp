#include "tillsight/app/hub.hpp"

#include "tillsight/core/log.hpp"
#include "tillsight/hub/downlink.hpp"
#include "tillsight/mqtt/supervisor.hpp"

namespace tillsight::app {
namespace {

/// \return kDataLoss when the database is damaged; else nothing until a stop is asked for.
Status serve(hub::Downlink& downlink, mqtt::Supervisor& supervisor, const StopSignals& stop) {
  while (!stop.stop_requested()) {
    supervisor.run_once(downlink.patience(), stop.fd());
    TILLSIGHT_TRY(downlink.turn());
  }
  return downlink.flush();
}

}  // namespace

Status run_hub(const HubSettings& settings, const StopSignals& stop) {
  const SystemClock clock;
  SystemRandom random;
  std::optional<SecretKey> key;
  if (const auto file = chain_key_file(settings.chain_key); !file.empty()) {
    TILLSIGHT_ASSIGN(key, load_key(file));
  }
  TILLSIGHT_ASSIGN(hub::HubStore store, hub::HubStore::open(settings.data, clock, random, key));
  TILLSIGHT_ASSIGN(const auto client, mqtt::MosquittoClient::create(settings.mqtt));
  hub::Downlink downlink(store, clock, settings.ingest, *client);
  mqtt::Supervisor supervisor("hub", *client, downlink, clock, random);
  log::info("hub: writing to {}, broker {}:{}", settings.data.string(), settings.mqtt.host,
            settings.mqtt.port);
  const Status served = serve(downlink, supervisor, stop);
  downlink.say_goodbye();
  if (client->connected()) client->disconnect();
  TILLSIGHT_TRY(served);
  const hub::IngestCounters& counters = downlink.ingest().counters();
  log::info("hub: stopped; {} events stored, {} duplicates, {} quarantined", counters.stored,
            counters.duplicates, counters.quarantined);
  return {};
}

}  // namespace tillsight::app
