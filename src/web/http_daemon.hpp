/// \file
/// HTTP and HTTPS for the till's page and for head office: whole requests in, whole replies or
/// streams out.
///
/// One thread reads and writes every connection and waits for none of them, so who does not read
/// what is sent, or a request that never ends, costs a place and nobody's time. Handlers that take
/// long (a database) are called on workers; meanwhile their connection sleeps.
///
/// **Threads** without workers the handler and streams are called on the daemon's own thread and
/// must not wait. With workers they are called on any of them, several at a time, but each stream
/// by one at a time. wake() and sweep() are thread-safe. **Limits** the constants below; what
/// breaks them is refused or cut off. **Source** RFC 9112; libmicrohttpd reads and writes it, with
/// GnuTLS.
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

namespace tillsight::web {

inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kBodyBytesMax = 16 * 1024;  // as long as a line on the socket may be
/// A request is complete by then, and a reader has taken something.
inline constexpr std::chrono::seconds kPatience{10};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string path;                            ///< decoded, without the query
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case; of a repeated one the last
  std::string body;
  std::string peer;  ///< the other side's address, without its port

  /// \return "" if there is none.
  const std::string& header(const std::string& lower_case_name) const;
};

/// What a reply sends bit by bit.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  /// \return what there is to send now; empty: nothing until the next wake(), unless it is over.
  virtual std::string next() = 0;
  /// Whether nothing follows what next() gave last.
  virtual bool over() const { return false; }
  /// Whether it ended before its end: the line is then cut, so that nobody takes it for whole.
  virtual bool broken() const { return false; }
  /// Whether it is over some time by itself.
  virtual bool ends() const { return false; }
};

struct HttpReply {
  int status = 200;
  HttpHeaders headers{};
  std::string body{};
  std::unique_ptr<HttpStream> stream{};  ///< instead of `body`
};

/// Where and for how many.
struct HttpListening {
  std::string address = "127.0.0.1";  ///< of this machine, IPv4 or IPv6
  int port = 0;                       ///< 0: one that is free
  std::string certificate{};          ///< PEM, the server's first; empty: HTTP
  std::string key{};                  ///< PEM
  unsigned workers = 0;               ///< 0: handlers do not wait
  unsigned connections_max = 64;
  unsigned connections_max_of_one = 0;  ///< of one address; 0: any
  std::size_t streams_max = 8;          ///< that wait for news; those that end do not count
  HttpHeaders common_headers{};         ///< of every reply
  std::string too_many = "too many pages are open at this till; close one";
};

class HttpDaemon {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  /// \return kUnavailable with the remedy if the address cannot be had; kFailedPrecondition if key
  /// and certificate are none, or do not belong together.
  static Result<std::unique_ptr<HttpDaemon>> start(HttpListening listening, Handler handler);
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
