/// \file
/// Head office's requests and what answers them.
///
/// **Threads** thread-safe.
#pragma once

#include <map>
#include <string>

#include "tillsight/core/mutex.hpp"
#include "tillsight/web/hub_server.hpp"
#include "web/http_daemon.hpp"
#include "web/http_text.hpp"
#include "web/hub_gate.hpp"

namespace tillsight::web {

class HubApi {
 public:
  /// \param port, gate, clock must outlive it.
  HubApi(HubPort& port, HubGate& gate, const Clock& clock);

  HttpReply answer(const HttpRequest& request);

 private:
  HttpReply route(const HttpRequest& request);
  HttpReply let_in(const HttpRequest& request, const HubRoute& route);
  HttpReply serve(const HttpRequest& request, const HubRoute& route, const HubGate::Entry& entry);
  HttpReply session(const HttpRequest& request, const HubGate::Entry& entry);
  HttpReply data(const HttpRequest& request, const TokenHolder& holder);
  HttpReply stream(const HttpRequest& request, const TokenHolder& holder);
  HttpReply metrics();
  void mark_used(const TokenHolder& holder);
  void count(int status);

  HubPort& port_;
  HubGate& gate_;
  const Clock& clock_;
  // Guarded by mutex_.
  Mutex mutex_;
  std::map<std::int64_t, MonotonicTime> used_ TILLSIGHT_GUARDED_BY(mutex_);
  std::map<int, std::int64_t> answers_ TILLSIGHT_GUARDED_BY(mutex_);  ///< by status
};

}  // namespace tillsight::web
