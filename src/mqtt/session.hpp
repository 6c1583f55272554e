/// \file
/// One library handle from connect to its end.
///
/// Every attempt to connect gets a new one. libmosquitto queues without bound, keeps what it said
/// that it could not send, repeats it in a later connection, and in some states never comes back;
/// nothing of that survives the handle.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/mqtt/mosquitto_client.hpp"

struct mosquitto;

namespace tillsight::mqtt {

class Session {
 public:
  /// Begins to connect. `settings` must outlive the session.
  static Result<std::unique_ptr<Session>> start(const Settings& settings,
                                                const std::optional<Will>& will);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// \return an error when the session is over; destroy it then.
  Status run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd);
  void say_goodbye();
  bool connected() const;
  /// Whether a handler has heard on_connected().
  bool announced() const { return announced_; }
  Result<PublishId> publish(std::string_view topic, std::string_view payload, Retain retain);
  Status subscribe(std::string_view filter);

 private:
  struct Callbacks;
  struct Destroy {
    void operator()(::mosquitto* handle) const;
  };
  struct Accepted {};
  struct Published {
    PublishId id;
    Status outcome;
  };
  struct Received {
    std::string topic;
    std::string payload;
    bool retained;
  };
  using Happening = std::variant<Accepted, Published, Received>;

  explicit Session(const Settings& settings);

  Status configure(const std::optional<Will>& will);
  Status configure_credentials();
  Status configure_tls();
  Status begin_connect();
  Status receive(int ready);
  Status transmit();
  Status check(int library_code);
  void deliver(Handler& handler);
  int wanted_events() const;

  // Constant after construction.
  const Settings& settings_;
  const std::string broker_;  ///< "host:port", for messages
  // The connection.
  std::unique_ptr<::mosquitto, Destroy> handle_;
  bool tcp_connected_ = false;
  bool accepted_ = false;
  bool announced_ = false;
  int unacknowledged_ = 0;
  std::map<int, std::string> subscribing_;  ///< filters by message id, until their SUBACK
  std::optional<Error> ended_;              ///< noticed by a callback
  std::string last_words_;                  ///< the library's log: the only place for TLS trouble
  // Collected by the library's callbacks, which hold its locks; delivered when they have returned.
  std::vector<Happening> happenings_;
};

}  // namespace tillsight::mqtt
