/// \file
/// HTTP on loopback, as small as a till needs it: whole requests in, whole replies or streams out.
///
/// One thread serves every connection and waits for none of them, so a page that does not read what
/// it is sent, or a request that never ends, costs a place and nobody's time.
///
/// **Threads** the handler is called on the daemon's own thread and must not wait; wake() and
/// sweep() are thread-safe. **Limits** the constants below; what breaks them is refused or cut off.
/// **Source** RFC 9112; libmicrohttpd reads and writes it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tillsight/core/result.hpp"

struct MHD_Connection;
struct MHD_Daemon;

namespace tillsight::web {

inline constexpr unsigned kConnectionsMax = 64;
inline constexpr std::size_t kStreamsMax = 8;
inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kBodyBytesMax = 16 * 1024;  // as long as a line on the socket may be
/// A request is complete by then, and a reader has taken something.
inline constexpr std::chrono::seconds kPatience{10};

struct HttpRequest {
  std::string method;
  std::string path;                            ///< decoded, without the query
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case; of a repeated one the last
  std::string body;

  /// \return "" if there is none.
  const std::string& header(const std::string& lower_case_name) const;
};

/// What a reply sends bit by bit.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  /// \return what there is to send now; empty: nothing until the next wake().
  virtual std::string next() = 0;
};

struct HttpReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::unique_ptr<HttpStream> stream{};  ///< instead of `body`
};

class HttpDaemon {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  /// Listens on 127.0.0.1. \param port 0: one that is free. \param common_headers of every reply.
  /// \return kUnavailable with the remedy if the port is taken.
  static Result<std::unique_ptr<HttpDaemon>> start(
      int port, std::vector<std::pair<std::string, std::string>> common_headers, Handler handler);
  ~HttpDaemon();
  HttpDaemon(const HttpDaemon&) = delete;
  HttpDaemon& operator=(const HttpDaemon&) = delete;

  int port() const;
  /// Lets every stream look for news.
  void wake();
  /// Cuts off who has been given time and sent no whole request; call it every second or so.
  void sweep();

 private:
  struct State;
  explicit HttpDaemon(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

}  // namespace tillsight::web
