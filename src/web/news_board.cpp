#include "web/news_board.hpp"

#include <charconv>

#include "tillsight/core/check.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::web {
namespace {

std::string_view name(Channel channel) {
  switch (channel) {
    case Channel::kSale: return "sale";
    case Channel::kStatus: return "status";
    case Channel::kSeen: return "seen";
    case Channel::kNotice: return "notice";
    case Channel::kPaper: return "paper";
  }
  check_failed("channel is known", "a channel outside its enumeration");
}

std::int64_t number(std::string_view text) {
  std::int64_t value = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : -1;
}

}  // namespace

void NewsBoard::show(Channel channel, std::string_view json) {
  const MutexLock lock(mutex_);
  Sheet& sheet = sheets_[static_cast<std::size_t>(channel)];
  ++sheet.version;
  sheet.text = format("event: {}\ndata: {}\n\n", name(channel), json);
}

void NewsBoard::show_receipt(std::int64_t sequence, std::string_view json) {
  const MutexLock lock(mutex_);
  receipts_.push_back({sequence, format("id: {}\nevent: committed\ndata: {}\n\n", sequence, json)});
  if (receipts_.size() > kReceiptsMax) receipts_.pop_front();
}

NewsBoard::Reader::Reader(NewsBoard& board, std::string_view last_event_id)
    : board_(board), receipt_(number(last_event_id)) {}

std::string NewsBoard::Reader::next() {
  const MutexLock lock(board_.mutex_);
  std::string news;
  if (receipt_ < 0 && !board_.receipts_.empty()) receipt_ = board_.receipts_.back().sequence - 1;
  for (const Receipt& receipt : board_.receipts_) {
    if (receipt.sequence <= receipt_) continue;
    news += receipt.text;
    receipt_ = receipt.sequence;
  }
  for (std::size_t i = 0; i < kChannels; ++i) {
    const Sheet& sheet = board_.sheets_[i];
    if (sheet.version == seen_[i]) continue;
    seen_[i] = sheet.version;
    news += sheet.text;
  }
  return news;
}

}  // namespace tillsight::web
