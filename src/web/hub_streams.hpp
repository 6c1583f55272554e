/// \file
/// What head office sends bit by bit: invoices as they come, and texts too long to be held.
///
/// **Threads** each stream belongs to one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tillsight/core/clock.hpp"
#include "tillsight/web/hub_server.hpp"
#include "web/http_daemon.hpp"

namespace tillsight::web {

/// A line that is silent this long says that it lives.
inline constexpr std::chrono::seconds kSilenceMax{15};
/// Who was shut out meanwhile is not told for longer than this.
inline constexpr std::chrono::seconds kStillAllowed{2};

/// Server-sent events, one an invoice; its id is the cursor. **Source** HTML Standard, 9.2.
class NewInvoices final : public HttpStream {
 public:
  /// \param port, clock must outlive it. \param after the cursor of the last invoice that is known.
  NewInvoices(HubPort& port, const Clock& clock, std::int64_t after,
              std::function<bool()> still_allowed);

  std::string next() override;
  bool over() const override { return over_; }

 private:
  HubPort& port_;
  const Clock& clock_;
  std::int64_t after_;
  const std::function<bool()> still_allowed_;
  MonotonicTime spoke_at_;
  MonotonicTime asked_at_;
  bool begun_ = false;
  bool over_ = false;
};

class LongText final : public HttpStream {
 public:
  LongText(std::string begin, std::unique_ptr<TextSource> rest)
      : begin_(std::move(begin)), rest_(std::move(rest)) {}

  std::string next() override;
  bool over() const override { return over_; }
  bool broken() const override { return broken_; }
  bool ends() const override { return true; }

 private:
  std::string begin_;
  const std::unique_ptr<TextSource> rest_;
  bool over_ = false;
  bool broken_ = false;
};

}  // namespace tillsight::web
