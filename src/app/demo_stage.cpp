#include "app/demo_stage.hpp"

#include <thread>

#include "tillsight/app/provision.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr const char* kMosquitto = "/usr/sbin/mosquitto";
constexpr milliseconds kStartPatience{20'000};  // a Pi loads the network in a few seconds
constexpr milliseconds kPoll{20};

/// \return whether `ready()` came true while `process` lived and nobody asked to stop.
template <typename Ready>
bool wait_until(ChildProcess& process, Ready ready) {
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  while (!ready()) {
    if (!process.running() || std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

Status need(const fs::path& file, std::string_view remedy) {
  if (fs::exists(file)) return {};
  return error(Code::kFailedPrecondition, "{}: not found; {}", file.string(), remedy);
}

}  // namespace

Result<DemoStage> DemoStage::set_up(const DemoSettings& settings) {
  TILLSIGHT_TRY(need(kMosquitto, "apt-get install mosquitto, or run ./dev setup"));
  TILLSIGHT_TRY(need(settings.photos / "apple.jpg",
                     "apt-get install opencv-doc, or name a folder with --photos"));
  TILLSIGHT_TRY(need(settings.model, "run this from the project's folder, or name it by --model"));
  TILLSIGHT_TRY(
      need(settings.catalogue, "run this from the project's folder, or name it by --catalogue"));
  for (const fs::path& photo : settings.own_photos)
    TILLSIGHT_TRY(need(photo, "is the path right?"));
  std::error_code failed;
  if (fs::exists(settings.folder, failed)) {
    return error(Code::kAlreadyExists, "{}: is there already; name another folder with --out",
                 settings.folder.string());
  }
  fs::create_directories(settings.folder / "broker", failed);
  fs::create_directories(settings.folder / "hub", failed);
  if (failed) {
    return error(Code::kUnavailable, "{}: cannot create: {}", settings.folder.string(),
                 failed.message());
  }
  DemoStage stage(settings);
  TILLSIGHT_ASSIGN(stage.port_, free_loopback_port());
  return stage;
}

Status DemoStage::write(const fs::path& file, const std::string& content) const {
  return write_file_atomically(file, content);
}

Status DemoStage::provision() const {
  const SystemClock clock;
  SystemRandom random;
  Provisioner provisioner(office(), clock, random);
  Provisioner::Chain chain;
  chain.hosts = {"127.0.0.1"};
  chain.port = port_;
  TILLSIGHT_ASSIGN(const Steps done, provisioner.hub(chain));
  const fs::path file = office() / "broker" / "mosquitto.conf";
  TILLSIGHT_ASSIGN(std::string text, read_file(file));
  // On this machine only, and as whoever runs the demo.
  const std::string listener = format("\nlistener {}\n", port_);
  text.replace(text.find(listener), listener.size(),
               format("\nlistener {} 127.0.0.1\nuser root\n", port_));
  return write(file, text);
}

Status DemoStage::provision_till(const std::string& id) const {
  const SystemClock clock;
  SystemRandom random;
  Provisioner provisioner(office(), clock, random);
  TILLSIGHT_ASSIGN(const Steps done,
                   provisioner.till({StoreId("S01"), TillId(id), settings_.folder / id / "keys",
                                     settings_.model, settings_.catalogue}));
  return {};
}

Status DemoStage::start_broker() {
  if (!fs::exists(office())) TILLSIGHT_TRY(provision());
  const fs::path log = settings_.folder / "broker" / "log";
  const fs::path file = office() / "broker" / "mosquitto.conf";
  TILLSIGHT_ASSIGN(ChildProcess started,
                   ChildProcess::start({kMosquitto, "-c", file.string()}, log));
  broker_.emplace(std::move(started));
  if (wait_until(*broker_, [&] { return listens(port_); })) return {};
  return error(Code::kUnavailable, "the broker did not start; see {}", log.string());
}

Status DemoStage::set_up_hub() {
  return write(hub_settings(),
               format("[hub]\ndata = \"data\"\n[keys]\nchain = \"../office/chain.key\"\n"
                      "[mqtt]\nport = {}\nca_file = \"../office/ca.crt\"\n"
                      "certificate_file = \"../office/hub.crt\"\n"
                      "key_file = \"../office/hub.key\"\n",
                      port_));
}

Status DemoStage::start_hub() {
  const fs::path log = settings_.folder / "hub" / "log";
  TILLSIGHT_ASSIGN(ChildProcess started, ChildProcess::start({settings_.program.string(), "hub",
                                                              "--config", hub_settings().string()},
                                                             log));
  hub_.emplace(std::move(started));
  if (wait_until(*hub_, [&] { return fs::exists(hub_data() / "hub.sock"); })) return {};
  return error(Code::kUnavailable, "the hub did not start; see {}", log.string());
}

Result<std::string> DemoStage::web_section() const {
  if (!settings_.serve) return std::string();
  TILLSIGHT_ASSIGN(const int port, free_loopback_port());
  return format("[web]\nport = {}\n", port);
}

Result<TillClient> DemoStage::start_till(const std::string& id, const StopSignals& stop) {
  const fs::path folder = settings_.folder / id;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!fs::exists(folder / "keys")) TILLSIGHT_TRY(provision_till(id));
  TILLSIGHT_ASSIGN(const std::string web, web_section());
  TILLSIGHT_TRY(write(
      folder / "till.toml",
      format("[store]\nid = \"S01\"\nreceipt_header = [\"Tillsight Stores\", \"1 Market Road\"]\n"
             "[till]\nid = \"{}\"\nsocket = \"till.sock\"\n[camera]\nsource = \"still:{}\"\n"
             "[detector]\nmodel = \"{}\"\n[catalogue]\nfile = \"{}\"\n"
             "[basket]\nignored = [\"person\", \"dining table\"]\n"
             "[journal]\nfile = \"till.db\"\n[keys]\nchain = \"keys/chain.key\"\n"
             "[mqtt]\nport = {}\nca_file = \"keys/ca.crt\"\n"
             "certificate_file = \"keys/till.crt\"\nkey_file = \"keys/till.key\"\n{}",
             id, fs::absolute(view(id)).string(), fs::absolute(settings_.model).string(),
             fs::absolute(settings_.catalogue).string(), port_, web)));
  TILLSIGHT_ASSIGN(ChildProcess started,
                   ChildProcess::start({settings_.program.string(), "till", "--config",
                                        (folder / "till.toml").string()},
                                       folder / "log"));
  ChildProcess& till = tills_.emplace(id, std::move(started)).first->second;
  const fs::path socket = folder / "till.sock";
  auto client = TillClient::connect(socket);
  wait_until(till, [&] {
    if (!client.ok()) client = TillClient::connect(socket);
    const bool shown = !settings_.serve || page_of(id).ok();
    return (client.ok() && shown) || stop.stop_requested();
  });
  if (client.ok()) return client;
  if (stop.stop_requested()) return Error(Code::kCancelled, "stopped");
  return error(Code::kUnavailable, "till {} did not start; see {}", id, (folder / "log").string());
}

Status DemoStage::put_on_counter(const std::string& till, const fs::path& photo) const {
  // By renaming: the till must never see half a photo.
  TILLSIGHT_ASSIGN(const std::string bytes, read_file(photo));
  return write(view(till), bytes);
}

void DemoStage::clear_counter(const std::string& till) const {
  std::error_code none;
  fs::remove(view(till), none);
}

Result<std::string> DemoStage::page_of(const std::string& till) const {
  TILLSIGHT_ASSIGN(std::string address, read_file(settings_.folder / till / "till.url"));
  address.erase(address.find_last_not_of('\n') + 1);
  return address;
}

Status DemoStage::wait_for_stop(const StopSignals& stop) {
  constexpr milliseconds kLook{500};
  while (!stop.wait(kLook)) {
    for (auto& [id, till] : tills_) {
      if (till.running()) continue;
      return error(Code::kUnavailable, "till {} has ended; see {}", id,
                   (settings_.folder / id / "log").string());
    }
  }
  return {};
}

void DemoStage::stop_all() {
  for (auto& [id, till] : tills_) till.stop();
  if (hub_) hub_->stop();
  if (broker_) broker_->stop();
}

}  // namespace tillsight::app
