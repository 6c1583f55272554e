/// \file
/// Who is let in: which requests are the clerk's own page, and which another page's, another
/// program's or garbage.
///
/// | looked at | against |
/// |---|---|
/// | `Host` | DNS rebinding: a foreign name that leads to this machine |
/// | `Sec-Fetch-Site`, `Origin` | another page in the same browser |
/// | the session's cookie | other users' programs on this machine |
/// | the session's token | anything that has only the cookie |
///
/// **Threads** thread-compatible. **Source** Fetch Metadata, RFC 6454, RFC 6265.
#pragma once

#include <optional>
#include <string>

#include "web/http_daemon.hpp"
#include "web/session.hpp"

namespace tillsight::web {

inline constexpr std::string_view kTokenHeader = "x-tillsight-token";

struct Refused {
  int status = 403;
  std::string why;  ///< for the person who finds it, with the remedy
};

class Gate {
 public:
  /// \param sessions must outlive it. \param start_file where the address of a new session stands.
  Gate(int port, const Sessions& sessions, std::string start_file);

  /// Of everything: is it for this till, and from nowhere else?
  std::optional<Refused> refuse_stranger(const HttpRequest& request) const;
  /// Of what shows the sale: is there a session?
  std::optional<Refused> refuse_unknown(const HttpRequest& request) const;
  /// Of what changes the sale: does the page itself ask?
  std::optional<Refused> refuse_action(const HttpRequest& request) const;

  /// \return the session's cookie; "" if there is none.
  std::string cookie(const HttpRequest& request) const;
  /// The whole header for a new session.
  std::string set_cookie(const std::string& session) const;

 private:
  const std::string cookie_name_;
  const std::string port_;
  const Sessions& sessions_;
  const std::string start_file_;
};

}  // namespace tillsight::web
