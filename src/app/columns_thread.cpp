#include "app/columns_thread.hpp"

#include <string>

#include "tillsight/columns/writer.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

/// Readers read what the files lack themselves, so nothing waits for them.
constexpr std::chrono::seconds kPause(5);
constexpr std::int64_t kWorthTelling = 100'000;

/// \return what went wrong; empty: nothing.
std::string extend(std::optional<columns::Writer>& writer, const std::filesystem::path& folder,
                   const std::stop_token& stop) {
  if (!writer) {
    auto opened = columns::Writer::open(folder);
    if (!opened.ok()) return opened.error().message();
    writer.emplace(std::move(opened).value());
  }
  const auto extended = writer->extend([&stop](double) { return !stop.stop_requested(); });
  if (!extended.ok()) {
    return extended.error().code() == Code::kCancelled ? "" : extended.error().message();
  }
  if (extended->lines >= kWorthTelling) {
    log::info("columns: {} lines of {} invoices were added", extended->lines, extended->invoices);
  }
  return {};
}

}  // namespace

ColumnsThread::ColumnsThread(std::filesystem::path hub_folder)
    : folder_(std::move(hub_folder)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void ColumnsThread::wake() {
  const MutexLock lock(mutex_);
  is_due_ = true;
  due_.notify_one();
}

void ColumnsThread::run(const std::stop_token& stop) {
  std::optional<columns::Writer> writer;
  std::string told;
  while (!stop.stop_requested()) {
    std::string wrong = extend(writer, folder_, stop);
    if (!wrong.empty() && wrong != told) log::warning("columns: {}; tried again", wrong);
    told = std::move(wrong);
    const MutexLock lock(mutex_);
    // A pause even if there is something: each extension is made durable.
    due_.wait_for(mutex_, stop, kPause, [] { return false; });
    if (!due_.wait(mutex_, stop, [this] { return is_due_; })) return;
    is_due_ = false;
  }
}

}  // namespace tillsight::app
