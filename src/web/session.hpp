/// \file
/// Who may use the page: whoever opened it with an address that only the till's user can read.
///
/// Such an address holds once, and makes a session, which a cookie carries from then on, also over
/// restarts of the till. A token beside it, which the page alone reads, shows that an action comes
/// from the page and not merely from the same browser.
///
/// Nothing is stored a session: cookie and token are keyed hashes. To end all sessions, remove the
/// key's file and restart the till.
///
/// **Threads** thread-compatible.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/crypto/keys.hpp"

namespace tillsight::web {

class Sessions {
 public:
  /// \param random must outlive it.
  Sessions(const SecretKey& key, Random& random);

  /// What opens the next session.
  const std::string& start_key() const { return start_key_; }
  /// \return the cookie of a new session, and start_key() is another; none if it is not the key.
  std::optional<std::string> open(std::string_view start_key);

  bool holds(std::string_view cookie) const;
  /// What an action must bring along. \pre holds(cookie).
  std::string token(std::string_view cookie) const;

 private:
  std::string mac(std::string_view use, std::string_view id) const;

  const SecretKey key_;
  Random& random_;
  std::string start_key_;
};

/// \return whether both are the same, in a time that tells nothing of where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace tillsight::web
