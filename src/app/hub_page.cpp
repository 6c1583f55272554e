#include "app/hub_page.hpp"

#include "tillsight/core/log.hpp"

namespace tillsight::app {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr int kTicksToRetry = 5;

}  // namespace

HubPage::HubPage(const HubSettings& settings, const Clock& clock, Random& random)
    : settings_(settings), clock_(clock), random_(random), data_(settings, clock) {
  if (settings_.web.port == 0) return;
  start();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

HubPage::~HubPage() = default;

void HubPage::wake() {
  const MutexLock lock(mutex_);
  if (server_) server_->wake();
}

void HubPage::run(const std::stop_token& stop) {
  for (int tick = 1; !stop.stop_requested(); ++tick) {
    {
      const MutexLock lock(mutex_);
      never_.wait_for(mutex_, stop, kTick, [] { return false; });
      if (server_) server_->sweep();
    }
    if (stop.stop_requested()) return;
    data_.note_uses();
    if (tick % kTicksToRetry == 0) start();
  }
}

void HubPage::start() {
  std::unique_ptr<web::HubServer> old;
  {
    const MutexLock lock(mutex_);
    if (server_ && !certificate_changed()) return;
    old = std::move(server_);
  }
  if (old) log::info("web: the certificate was renewed; the page starts again with it");
  old.reset();
  certificate_changed();
  web::HubWebSettings settings = settings_.web;
  settings.session_key_file = settings_.data / "page.key";
  auto started = web::HubServer::start(settings, data_, clock_, random_);
  if (!started.ok()) {
    // Storing goes on; what a person must mend is said once.
    const std::string& why = started.error().message();
    if (std::exchange(failure_, why) != why)
      log::error("{}; the hub goes on without its page", why);
    return;
  }
  failure_.clear();
  const MutexLock lock(mutex_);
  server_ = *std::move(started);
}

bool HubPage::certificate_changed() {
  if (settings_.web.certificate_file.empty()) return false;
  std::error_code missing;
  const auto written = std::filesystem::last_write_time(settings_.web.certificate_file, missing);
  return !missing && std::exchange(certificate_of_, written) != written;
}

}  // namespace tillsight::app
