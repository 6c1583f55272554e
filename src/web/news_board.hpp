/// \file
/// What there is to see at the till now, for any number of pages: of everything only the newest, of
/// receipts the last few. A page that reads slowly sees fewer steps, never old ones, and costs no
/// memory.
///
/// **Threads** the board is thread-safe; each Reader belongs to one thread at a time.
/// **Source** the text is that of server-sent events (HTML Standard, 9.2).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "tillsight/core/mutex.hpp"
#include "tillsight/web/kiosk_server.hpp"

namespace tillsight::web {

class NewsBoard {
 public:
  class Reader;
  static constexpr std::size_t kReceiptsMax = 20;

  /// \param json one line; it replaces what the channel showed.
  void show(Channel channel, std::string_view json);
  /// \param sequence grows from call to call.
  void show_receipt(std::int64_t sequence, std::string_view json);

 private:
  struct Sheet {
    std::int64_t version = 0;  ///< 0: nothing was shown yet
    std::string text;
  };
  struct Receipt {
    std::int64_t sequence = 0;
    std::string text;
  };

  Mutex mutex_;
  std::array<Sheet, kChannels> sheets_ TILLSIGHT_GUARDED_BY(mutex_);
  std::deque<Receipt> receipts_ TILLSIGHT_GUARDED_BY(mutex_);
};

/// One page's view of the board.
class NewsBoard::Reader {
 public:
  /// \param board must outlive it. \param last_event_id the page's last receipt; it gets those that
  /// came since, a page without one gets the newest.
  Reader(NewsBoard& board, std::string_view last_event_id);

  /// \return events that this reader has not seen; empty: there are none.
  std::string next();

 private:
  NewsBoard& board_;
  std::array<std::int64_t, kChannels> seen_{};
  std::int64_t receipt_;  ///< the last one it has; −1: none, and it wants the newest
};

}  // namespace tillsight::web
