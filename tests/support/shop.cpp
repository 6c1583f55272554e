#include "tests/support/shop.hpp"

#include <csignal>
#include <sstream>
#include <utility>

#include "tests/support/quiet_port.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMosquitto = "/usr/sbin/mosquitto";
const fs::path kSource = source_dir();

void write(const fs::path& file, const std::string& text) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  const Status written = write_file_atomically(file, text);
  TILLSIGHT_CHECK(written.ok(), written.error().message());
}

/// The first word of a line of mosquitto.conf.
std::string key_of(const std::string& line) {
  return line.substr(0, line.find(' '));
}

}  // namespace

Shop::Shop(fs::path folder, ShopPlan plan) : folder_(std::move(folder)), plan_(std::move(plan)) {
  if (plan_.broker_port == 0) plan_.broker_port = quiet_port();
  if (plan_.till_port == 0) plan_.till_port = plan_.broker_port;
  if (plan_.hub_port == 0) plan_.hub_port = plan_.broker_port;
  write_broker_settings();
  write_hub_settings();
  for (const std::string& till : plan_.tills) write_till_settings(till);
}

void Shop::write_broker_settings() const {
  // Started as root it would become a user who may not read this folder.
  std::string text = format("listener {} 127.0.0.1\nuser root\n", plan_.broker_port);
  for (const std::string& line : plan_.broker_settings) text += line + "\n";
  const Result<std::string> shipped = read_file(kSource / "config/mosquitto/mosquitto.conf");
  TILLSIGHT_CHECK(shipped.ok(), shipped.error().message());
  std::istringstream lines(*shipped);
  for (std::string line; std::getline(lines, line);) {
    bool replaced = key_of(line) == "listener";
    for (const std::string& ours : plan_.broker_settings) replaced |= key_of(line) == key_of(ours);
    if (!replaced) text += line + "\n";
  }
  write(folder_ / "broker" / "mosquitto.conf", text);
}

std::string Shop::mqtt_section(int port) const {
  return format("[mqtt]\nhost = \"{}\"\nport = {}\nkeepalive_s = {}\n", plan_.host, port,
                plan_.keepalive_s);
}

void Shop::write_hub_settings() const {
  write(folder_ / "hub" / "hub.toml", "[hub]\ndata = \"data\"\n" + mqtt_section(plan_.hub_port));
}

void Shop::write_till_settings(const std::string& till) const {
  write(folder_ / till / "till.toml",
        format("[store]\nid = \"S01\"\n[till]\nid = \"{}\"\nsocket = \"till.sock\"\n"
               "[camera]\nsource = \"still:view.jpg\"\n"
               "[detector]\nmodel = \"{}\"\nthreads = 1\n[catalogue]\nfile = \"{}\"\n"
               "[basket]\nignored = [\"person\", \"dining table\"]\n"
               "[journal]\nfile = \"till.db\"\n{}",
               till, (kSource / "models/manifest.toml").string(),
               (kSource / "config/catalogue.csv").string(), mqtt_section(plan_.till_port)));
}

std::vector<std::string> Shop::command(const std::string& part, Program program) const {
  if (part == "broker") return {kMosquitto, "-c", (folder_ / "broker/mosquitto.conf").string()};
  const std::string daemon = part == "hub" ? "hub" : "till";
  const char* file = program == Program::kFull ? TILLSIGHT_PROGRAM : TILLSIGHT_LIGHT_PROGRAM;
  return {file, daemon, "--config", (folder_ / part / (daemon + ".toml")).string()};
}

void Shop::start(const std::string& part, Program program) {
  Result<app::ChildProcess> started =
      app::ChildProcess::start(command(part, program), folder_ / part / "log");
  TILLSIGHT_CHECK(started.ok(), started.error().message());
  const bool added = running_.emplace(part, std::move(started).value()).second;
  TILLSIGHT_CHECK(added, part + " runs already");
}

void Shop::start_all() {
  start("broker");
  start("hub");
  for (const std::string& till : plan_.tills) start(till);
}

void Shop::kill(const std::string& part) {
  const auto found = running_.find(part);
  TILLSIGHT_CHECK(found != running_.end(), part + " does not run");
  found->second.kill();
  running_.erase(found);
}

void Shop::abort(const std::string& part) {
  const auto found = running_.find(part);
  TILLSIGHT_CHECK(found != running_.end(), part + " does not run");
  ::kill(found->second.pid(), SIGABRT);
  found->second.stop();  // waits for its end
  running_.erase(found);
}

std::optional<std::string> Shop::fallen() {
  for (auto& [part, process] : running_) {
    if (!process.running())
      return part + " has ended by itself; see " + (folder_ / part / "log").string();
  }
  return std::nullopt;
}

}  // namespace tillsight::test
