/// \file
/// Who is let in at head office: a program with a token, or the page with a session that a token
/// opened.
///
/// | looked at | against |
/// |---|---|
/// | `Host` | DNS rebinding: a foreign name that leads here |
/// | `Sec-Fetch-Site`, `Origin` | another page in the same browser |
/// | `Authorization`, or the session's cookie | who has no token, or one that was revoked or
/// expired | | the session's token | what changes something, of a page that has only the cookie |
/// | how often somebody was wrong | guessing |
///
/// A session is a keyed hash over the token's number and an end: nothing is stored, and it ends
/// with the token.
///
/// **Threads** thread-safe. **Source** RFC 6750, RFC 6265, Fetch Metadata.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/mutex.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/crypto/keys.hpp"
#include "tillsight/web/hub_server.hpp"
#include "web/http_daemon.hpp"

namespace tillsight::web {

inline constexpr int kWrongTokensMax = 10;  ///< of one address
inline constexpr std::chrono::seconds kWrongTokensIn{60};
inline constexpr std::chrono::hours kSessionLasts{7 * 24};

struct NoEntry {
  int status = 403;
  std::string why;  ///< with the remedy
};

class HubGate {
 public:
  /// \param hosts without ports. \param clock, random must outlive it.
  HubGate(int port, bool secure, std::vector<std::string> hosts, const SecretKey& key,
          const Clock& clock, Random& random);

  /// Of everything: is it for this head office, and from no other page?
  std::optional<NoEntry> refuse_stranger(const HttpRequest& request) const;

  struct Entry {
    std::optional<TokenHolder> holder;
    NoEntry no;               ///< without a holder
    bool by_session = false;  ///< the page's, by its cookie
  };
  /// \param holders those whose tokens hold now.
  Entry let_in(const HttpRequest& request, const std::vector<TokenHolder>& holders);

  /// Of what changes something, for who came by a session.
  std::optional<NoEntry> refuse_action(const HttpRequest& request) const;

  /// The whole header of a new session; of its end.
  std::string open_session(const TokenHolder& holder);
  std::string close_session() const;
  /// What an action of this session must bring along.
  std::string action_token(const HttpRequest& request) const;

 private:
  std::string mac(std::string_view use, std::string_view text) const;
  std::string cookie(const HttpRequest& request) const;
  std::optional<std::int64_t> session_of(std::string_view cookie) const;
  std::string scheme() const { return secure_ ? "https://" : "http://"; }
  bool too_often(const std::string& peer);

  struct Wrong {
    int count = 0;
    MonotonicTime since;
  };

  // Constant after construction.
  const bool secure_;
  const std::string port_;
  const std::vector<std::string> hosts_;
  const std::string cookie_name_;
  const SecretKey key_;
  const Clock& clock_;
  // Guarded by mutex_.
  Mutex mutex_;
  Random& random_ TILLSIGHT_GUARDED_BY(mutex_);
  std::map<std::string, Wrong> wrong_ TILLSIGHT_GUARDED_BY(mutex_);
};

/// \return the holder of this token, compared in a time that tells nothing of where they differ.
std::optional<TokenHolder> holder_of(std::string_view token,
                                     const std::vector<TokenHolder>& holders);

}  // namespace tillsight::web
