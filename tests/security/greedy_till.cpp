#include <algorithm>

#include "tests/mqtt/peer.hpp"
#include "tests/security/attempts.hpp"
#include "tests/security/stranger.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight::security {
namespace {

using mqtt::Peer;
using mqtt::Retain;

const StoreId kStore("S01");
const TillId kMine("T01");
const TillId kOthers("T02");

/// Two tills and head office, all connected as their daemons would.
struct Players {
  explicit Players(Chain& chain)
      : mine(chain.till("T01")),
        till(mine),
        other(chain.till("T02")),
        hub(chain.hub(), {std::string(topics::kAllEvents), std::string(topics::kAllStatus),
                          std::string(topics::kAllAsks)}) {
    for (Peer* peer : {&till, &other, &hub}) {
      const Status connected = peer->connect();
      TILLSIGHT_CHECK(connected.ok(), connected.ok() ? "" : connected.error().message());
    }
  }

  /// \return the broker's word on a publication.
  static Status publish(Peer& peer, std::string_view topic, Retain retain = Retain::kNo) {
    peer.recorder.outcomes.clear();
    TILLSIGHT_TRY(peer.client->publish(topic, "x", retain));
    TILLSIGHT_TRY(peer.run_until([&] { return !peer.recorder.outcomes.empty(); }));
    return peer.recorder.outcomes.front();
  }

  mqtt::Settings mine;
  Peer till;
  Peer other;
  Peer hub;
};

void check_what_is_allowed(Players& players) {
  const auto must = [](const Status& status, const char* what) {
    TILLSIGHT_CHECK(status.ok(), what);
  };
  must(Players::publish(players.till, topics::events(kStore, kMine)), "own events");
  must(Players::publish(players.till, topics::status(kStore, kMine), Retain::kYes), "own status");
  must(Players::publish(players.till, topics::ask(kStore, kMine)), "own questions");
  must(Players::publish(players.hub, topics::ack(kStore, kMine)), "ack");
  must(Players::publish(players.hub, topics::answer(kStore, kMine)), "answer");
  must(Players::publish(players.hub, topics::kHubState, Retain::kYes), "hub/state");
  must(players.hub.run_until([&] { return players.hub.recorder.messages.size() == 3; }),
       "the hub hears events, status and questions");
}

std::vector<Attempt> writes(Players& players) {
  check_what_is_allowed(players);
  const std::vector<std::pair<const char*, std::string>> topics_tried{
      {"publish another till's events", topics::events(kStore, kOthers)},
      {"publish another till's status", topics::status(kStore, kOthers)},
      {"publish events of another store", topics::events(StoreId("S02"), kMine)},
      {"ask in another till's name", topics::ask(kStore, kOthers)},
      {"ask in the name of another store's till", topics::ask(StoreId("S02"), kMine)},
      {"answer itself", topics::answer(kStore, kMine)},
      {"answer another", topics::answer(kStore, kOthers)},
      {"publish an acknowledgement to itself", topics::ack(kStore, kMine)},
      {"publish an acknowledgement to another", topics::ack(kStore, kOthers)},
      {"publish the hub's state", std::string(topics::kHubState)},
      {"publish below its own topic", topics::events(kStore, kMine) + "/more"},
      {"publish anywhere", "test"},
      {"publish to $SYS", "$SYS/broker/version"},
      {"publish to $CONTROL", "$CONTROL/dynamic-security/v1"},
  };
  std::vector<Attempt> attempts;
  for (const auto& [name, topic] : topics_tried) {
    const Status outcome = Players::publish(players.till, topic);
    attempts.push_back(
        {name, outcome.ok(), outcome ? "taken" : outcome.error().message(), "Not authorized"});
  }
  // And nothing of it went through in silence.
  TILLSIGHT_CHECK(Players::publish(players.other, topics::events(kStore, kOthers)).ok(), "mark");
  const auto& heard = players.hub.recorder.messages;
  TILLSIGHT_CHECK(players.hub.run_until([&] { return heard.size() >= 4; }).ok(), "mark heard");
  attempts.push_back({"have the hub hear any of it", heard.size() != 4,
                      format("the hub heard {}", heard.size()), "the hub heard 4"});
  return attempts;
}

/// Subscribes to `filter`; then everybody says everything that is said in a chain.
Attempt read(Players& players, const std::string& filter) {
  Peer listener(players.mine, {filter, topics::ack(kStore, kMine)});
  const Status connected = listener.connect();
  TILLSIGHT_CHECK(connected.ok(), "the till itself");
  const auto say = [](Peer& peer, const std::string& topic, Retain retain) {
    TILLSIGHT_CHECK(Players::publish(peer, topic, retain).ok(), topic);
  };
  say(players.other, topics::events(kStore, kOthers), Retain::kNo);
  say(players.other, topics::status(kStore, kOthers), Retain::kYes);
  say(players.other, topics::ask(kStore, kOthers), Retain::kNo);
  say(players.hub, topics::ack(kStore, kOthers), Retain::kNo);
  say(players.hub, topics::answer(kStore, kOthers), Retain::kNo);
  say(players.hub, topics::ack(kStore, kMine), Retain::kNo);  // last: the mark
  const auto& heard = listener.recorder.messages;
  const auto is_mark = [](const auto& m) { return m.topic == topics::ack(kStore, kMine); };
  const Status marked =
      listener.run_until([&] { return std::any_of(heard.begin(), heard.end(), is_mark); });
  std::string overheard;
  for (const auto& message : heard) {
    if (!is_mark(message) && message.topic != topics::kHubState) overheard += message.topic + ' ';
  }
  return {"read " + filter, !overheard.empty(),
          marked.ok() ? "overheard: " + overheard : marked.error().message(), "overheard: "};
}

std::vector<Attempt> reads(Players& players) {
  players.till.client->disconnect();
  std::vector<Attempt> attempts;
  for (const std::string& filter :
       {topics::ack(kStore, kOthers), topics::events(kStore, kOthers),
        topics::status(kStore, kOthers), std::string(topics::kAllStatus),
        topics::ask(kStore, kOthers), topics::answer(kStore, kOthers),
        std::string("tillsight/v1/till/+/+/answer"), std::string(topics::kAllAsks),
        std::string("#"), std::string("tillsight/#"), std::string("$SYS/#"),
        "$share/thieves/" + topics::events(kStore, kOthers)}) {
    attempts.push_back(read(players, filter));
  }
  return attempts;
}

/// Connects with a will on `topic`, and dies without a goodbye.
void die_with_a_will(const mqtt::Settings& settings, const std::string& topic) {
  Peer till(settings);
  till.recorder.next_will = mqtt::Will{topic, "dead"};
  TILLSIGHT_CHECK(till.connect().ok(), "a till with a will");
}

/// A will is a publication too, but Mosquitto asks its rules only when it is read out.
Attempt will(Players& players) {
  auto& heard = players.hub.recorder.messages;
  heard.clear();
  die_with_a_will(players.mine, topics::status(kStore, kOthers));
  die_with_a_will(players.mine, topics::status(kStore, kMine));  // last: the mark
  const auto is_mark = [](const auto& m) { return m.topic == topics::status(kStore, kMine); };
  const Status marked =
      players.hub.run_until([&] { return std::any_of(heard.begin(), heard.end(), is_mark); });
  const bool spoken = std::any_of(heard.begin(), heard.end(), [&](const auto& m) {
    return m.payload == "dead" && !is_mark(m);
  });
  return {"leave a will for another till", spoken,
          !marked  ? marked.error().message()
          : spoken ? "read out"
                   : "not read out",
          "not read out"};
}

/// MQTT throws the first client of an id out when a second one comes.
Attempt borrowed_id(Players& players) {
  mqtt::Settings settings = players.mine;
  settings.client_id = players.hub.client->connected() ? "hub" : "";
  Peer till(settings);
  TILLSIGHT_CHECK(till.connect().ok(), "a till with another client id");
  const Status answered = Players::publish(players.hub, topics::ack(kStore, kOthers));
  return {"throw the hub out by its client id", !answered.ok(),
          answered.ok() ? "the hub is still there" : answered.error().message(),
          "the hub is still there"};
}

Attempt too_large(Chain& chain, const mqtt::Settings& settings) {
  Stranger till(chain.port(), {Chain::credential(settings)});
  TILLSIGHT_CHECK(till.say(connect_packet("")) == "CONNACK 0", "the till itself");
  const std::string control = till.say(publish_packet(topics::events(kStore, kMine), 100'000));
  TILLSIGHT_CHECK(control == "packet 0x40", "a packet of 100 kB is not acknowledged: " + control);
  const std::string answer = till.say(publish_packet(topics::events(kStore, kMine), 200'000));
  const bool cut_off = answer.starts_with("closed") || answer == "packet 0xE0";
  return {"a packet of 200 kB", !cut_off, cut_off ? "cut off" : answer, "cut off"};
}

/// Names that the authority never signs; should it ever, the broker still knows better.
Attempt wildcard_name(Chain& chain, Players& players, const char* name) {
  const UtcTime now = SystemClock().utc_now();
  const Validity validity{now - std::chrono::hours{1}, now + std::chrono::days{1}};
  const Credential credential = chain.authority().issue({name}, validity).value();
  mqtt::Settings settings = players.mine;
  settings.client_id = "";
  settings.tls->certificate_file = chain.write("wild.crt", credential.certificate);
  settings.tls->key_file = chain.write("wild.key", credential.key);
  Peer till(settings);
  const Status connected = till.connect();
  const Status outcome =
      connected ? Players::publish(till, topics::events(kStore, kOthers)) : connected;
  return {format("speak for all as '{}'", name), outcome.ok(),
          outcome ? "taken" : outcome.error().message(), "Not authorized"};
}

}  // namespace

std::vector<Attempt> greedy_till(Chain& chain) {
  Players players(chain);
  std::vector<Attempt> attempts = writes(players);
  for (Attempt& one : reads(players)) attempts.push_back(std::move(one));
  attempts.push_back(will(players));
  attempts.push_back(borrowed_id(players));
  attempts.push_back(too_large(chain, players.mine));
  attempts.push_back(wildcard_name(chain, players, "+/+"));
  attempts.push_back(wildcard_name(chain, players, "#"));
  return attempts;
}

}  // namespace tillsight::security
