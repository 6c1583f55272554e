/// \file
/// The till's face on loopback: the clerk's page, what it is shown, and the keys it sends back.
///
/// | request | answer |
/// |---|---|
/// | `GET /start?key=…` | opens a session and leads to the page; each address holds once |
/// | `GET /`, `/kiosk.js`, … | the page, from the program itself |
/// | `GET /api/stream` | server-sent events: `hello`, `committed`, and one of each channel |
/// | `GET /api/picture?after=N` | the newest picture but number N; asking keeps them coming |
/// | `POST /api/act` | actions, keys as JSON Lines: 202 taken, 400 no action, 503 busy |
/// | `GET /metrics`, `/healthz` | for Prometheus, for a watchdog; without a session |
///
/// The page for who writes another one is docs/clerk-actions.md; who is let in, docs/security.md.
///
/// **Threads** thread-safe. The port is called on the server's own thread and must not wait.
/// **Errors** kUnavailable if the address is taken, kFailedPrecondition for files that a person
/// must mend.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"

namespace tillsight::web {

/// What is shown of each is its newest state.
enum class Channel {
  kSale,    ///< the screen (docs/clerk-actions.md)
  kStatus,  ///< how camera, head office, disk and clock are
  kSeen,    ///< what the camera sees, and where
  kNotice,  ///< why an action was no action
  kPaper,   ///< a receipt that is no news: of training, or a copy
};
inline constexpr std::size_t kChannels = 5;

/// What the server needs of the till.
class KioskPort {
 public:
  enum class Taken { kYes, kNoAction, kBusy };
  struct Answer {
    Taken taken = Taken::kYes;
    std::string message;  ///< why not
  };

  virtual ~KioskPort() = default;
  /// \param lines actions and keys in their order, one JSON object a line, or anything else.
  virtual Answer act(std::string_view lines) = 0;
};

struct KioskSettings {
  int port = 0;                      ///< 0: one that is free
  std::filesystem::path key_file;    ///< of sessions; made if it is not there
  std::filesystem::path start_file;  ///< where the address that opens a session is written
};

class KioskServer {
 public:
  /// Listens at once. \param port, random must outlive it.
  static Result<std::unique_ptr<KioskServer>> start(const KioskSettings& settings, KioskPort& port,
                                                    Random& random);
  ~KioskServer();
  KioskServer(const KioskServer&) = delete;
  KioskServer& operator=(const KioskServer&) = delete;

  int port() const;

  /// \param json one line.
  void show(Channel channel, std::string_view json);
  /// A sale or a void is durable. \param sequence its event's; a page that was away gets those that
  /// it has missed, as far as they are kept here.
  void show_receipt(std::int64_t sequence, std::string_view json);
  void show_picture(std::string jpeg);
  /// \param text in Prometheus' form.
  void show_metrics(std::string text);

  /// \return whether a page has asked for a picture in the last seconds.
  bool somebody_watches() const;
  /// Cuts off who has sent no whole request in ten seconds; call it every second or so.
  void sweep();

 private:
  class Impl;
  explicit KioskServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace tillsight::web
