/// \file
/// A broker in memory and the client that speaks to it: as unreliable as asked for, and
/// deterministic. For tests and for the simulator.
///
/// It does what the real one does for Tillsight: QoS 1, retained messages, wills, `+` and `#`; it
/// acknowledges a publication before anybody has it, and restarts with an empty memory.
///
/// **Threads** thread-bound: the broker and all its clients to one thread. Nothing ever waits.
/// **Ownership** A broker must outlive its clients.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/mqtt/client.hpp"

namespace tillsight::mqtt {

class FakeClient;

/// Probabilities for each message on its way from the broker to one subscriber.
struct Faults {
  double lose = 0;
  double duplicate = 0;
  double reorder = 0;  ///< it overtakes what was queued before it
};

class FakeBroker {
 public:
  explicit FakeBroker(Random& random) : random_(random) {}

  void set_faults(const Faults& faults) { faults_ = faults; }
  /// Every later attempt to connect is answered with this; nothing: accepted again.
  void refuse_clients(std::optional<Error> why) { refuse_clients_ = std::move(why); }
  /// Every later publication is refused with this in its acknowledgement.
  void refuse_publications(std::optional<Error> why) { refuse_publications_ = std::move(why); }

  /// Dies and forgets everything, retained messages too; nobody's will is published.
  void kill();
  void start() { running_ = true; }
  /// Breaks the connection of one client, whose will is published.
  void cut(FakeClient& client);

  /// \return the retained message of a topic; empty: none.
  std::string retained(std::string_view topic) const;

 private:
  friend class FakeClient;

  void publish(std::string_view topic, std::string_view payload, Retain retain);
  void send_retained(FakeClient& client, std::string_view filter);
  bool happens(double probability) { return random_.next_unit() < probability; }

  Random& random_;
  Faults faults_;
  bool running_ = true;
  std::optional<Error> refuse_clients_;
  std::optional<Error> refuse_publications_;
  std::map<std::string, std::string, std::less<>> retained_;
  std::vector<FakeClient*> clients_;
};

class FakeClient final : public Client {
 public:
  explicit FakeClient(FakeBroker& broker);
  /// Ends without a goodbye: the will is published.
  ~FakeClient() override;
  FakeClient(const FakeClient&) = delete;
  FakeClient& operator=(const FakeClient&) = delete;

  Status connect(const std::optional<Will>& will) override;
  void disconnect() override;
  Status run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) override;
  bool connected() const override { return state_ == State::kConnected; }
  Result<PublishId> publish(std::string_view topic, std::string_view payload,
                            Retain retain) override;
  Status subscribe(std::string_view filter) override;

 private:
  friend class FakeBroker;
  enum class State { kIdle, kConnecting, kConnected, kBroken };
  struct Arrived {
    std::string topic;
    std::string payload;
    bool retained;
  };
  struct Acknowledged {
    PublishId id;
    Status outcome;
  };

  void enqueue(Arrived message);
  void break_connection(bool publish_will);
  void forget();
  Status accept(Handler& handler);

  FakeBroker& broker_;
  State state_ = State::kIdle;
  bool announced_ = false;
  std::optional<Will> will_;
  std::vector<std::string> filters_;
  std::deque<std::variant<Arrived, Acknowledged>> inbox_;
  int last_id_ = 0;
};

}  // namespace tillsight::mqtt
