/// \file
/// One connection to an MQTT 5 broker, without a thread of its own: the caller drives it.
///
/// What the design asks of the broker is little: QoS 1, clean start, no session that outlives the
/// connection. A broker may forget everything at any moment; whoever publishes keeps its own copy
/// until somebody at the far end, not the broker, has said "I have it".
///
/// **Threads** thread-bound: to the thread that calls run_once(). Handlers run on it too, inside
/// run_once(), with no lock held: a handler may publish and subscribe, but not disconnect.
/// **Errors** kUnavailable: try again later, with backoff. kFailedPrecondition: somebody must mend
/// credentials, certificates or access rules first. kResourceExhausted: wait for acknowledgements.
/// kInvalidArgument: this message can never be sent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/core/strong.hpp"

namespace tillsight::mqtt {

/// Identifies a publication within one connection; numbers are used again after the next connect.
using PublishId = Strong<int, struct PublishIdTag>;

enum class Retain { kNo, kYes };

/// What arrives. The texts live as long as the call that hands them over.
struct Message {
  std::string_view topic;
  std::string_view payload;
  bool retained = false;  ///< the broker had kept it; it may be old
};

/// What the broker publishes, retained, when this connection ends without a goodbye.
struct Will {
  std::string topic;
  std::string payload;
};

/// The user of a connection. Every on_connected() is followed by one on_disconnected().
class Handler {
 public:
  virtual ~Handler() = default;

  /// \return the will of the connection that is about to be tried.
  virtual std::optional<Will> will() { return std::nullopt; }
  /// The broker knows nothing of this client: subscribe here.
  virtual void on_connected() = 0;
  virtual void on_disconnected(const Error& why) = 0;
  virtual void on_message(const Message& message) = 0;
  /// The broker has taken a publication, or has refused it (not authorized, quota exceeded, …).
  /// Even if taken it may never reach anybody.
  virtual void on_published(PublishId id, const Status& outcome) = 0;
};

class Client {
 public:
  virtual ~Client() = default;

  /// Begins to connect; connected() turns true in a later run_once(), or run_once() says why not.
  /// \pre no connection is up or being tried.
  virtual Status connect(const std::optional<Will>& will) = 0;

  /// Says goodbye, so that the will is not published, and gives what is written up to one second
  /// to leave. Calls no handler.
  virtual void disconnect() = 0;

  /// Sends and receives what can be sent and received, and calls the handler.
  ///
  /// Waits until there is something to do, `wake_fd` is readable (it is not read), or `timeout` has
  /// passed; works as a plain wait while there is no connection.
  /// \param wake_fd −1: none.
  /// \return an error if the connection, or the attempt, ended in this call.
  virtual Status run_once(Handler& handler, std::chrono::milliseconds timeout, int wake_fd) = 0;

  /// Whether publish() can succeed.
  virtual bool connected() const = 0;

  /// Sends with QoS 1. Nothing is kept beyond this connection: an error means that it was not sent,
  /// and a connection that ends takes its unacknowledged publications with it.
  virtual Result<PublishId> publish(std::string_view topic, std::string_view payload,
                                    Retain retain) = 0;

  /// A filter that the broker refuses ends the connection with an error that names it.
  virtual Status subscribe(std::string_view filter) = 0;
};

}  // namespace tillsight::mqtt
