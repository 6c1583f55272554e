#include "web/hub_streams.hpp"

#include <utility>

#include "tillsight/core/log.hpp"

namespace tillsight::web {
namespace {

constexpr int kInvoicesAtOnce = 100;

}  // namespace

NewInvoices::NewInvoices(HubPort& port, const Clock& clock, std::int64_t after,
                         std::function<bool()> still_allowed)
    : port_(port),
      clock_(clock),
      after_(after),
      still_allowed_(std::move(still_allowed)),
      spoke_at_(clock.monotonic_now()),
      asked_at_(spoke_at_) {}

std::string NewInvoices::next() {
  const MonotonicTime now = clock_.monotonic_now();
  if (now - asked_at_ >= kStillAllowed) {
    asked_at_ = now;
    over_ = !still_allowed_();
    if (over_) return "";
  }
  std::string text;
  if (!std::exchange(begun_, true))
    text = format("retry: 1000\nid: {}\nevent: hello\ndata: {{}}\n\n", after_);
  const auto news = port_.news(after_, kInvoicesAtOnce);
  if (!news.ok()) {
    // The page comes again, and goes on where it was.
    log::warning("web: {}", news.error().message());
    over_ = true;
    return text;
  }
  for (const HubNews& one : *news) {
    text += format("id: {}\nevent: invoice\ndata: {}\n\n", one.cursor, one.json);
    after_ = one.cursor;
  }
  if (text.empty() && now - spoke_at_ >= kSilenceMax) text = ":\n\n";
  if (!text.empty()) spoke_at_ = now;
  return text;
}

std::string LongText::next() {
  if (!begin_.empty()) return std::exchange(begin_, {});
  if (over_ || broken_) return "";
  auto more = rest_->next();
  if (!more.ok()) {
    log::warning("web: a download was cut: {}", more.error().message());
    broken_ = true;
    return "";
  }
  over_ = more->empty();
  return *std::move(more);
}

}  // namespace tillsight::web
