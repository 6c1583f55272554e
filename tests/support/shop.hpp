/// \file
/// A small chain as real processes on one machine, for tests that do it harm: Mosquitto as it is
/// shipped, a hub, some tills.
///
///     FOLDER/broker/   mosquitto.conf, log          FOLDER/hub/   hub.toml, data/, log
///     FOLDER/T01/      till.toml, till.sock, till.db, log
///
/// The parts are called "broker", "hub" and by the tills' ids.
///
/// **Ownership** The processes end with this object, and with the test program however that ends.
/// **Errors** What cannot even be started ends the test program.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/child_process.hpp"

namespace tillsight::test {

/// The daemons as they are installed, or tillsight_light.
enum class Program { kLight, kFull };

struct ShopPlan {
  std::vector<std::string> tills{"T01", "T02"};
  int broker_port = 0;  ///< 0: one that is free
  std::string host = "127.0.0.1";
  int till_port = 0;  ///< where tills look for the broker; 0: at the broker's own port
  int hub_port = 0;
  int keepalive_s = 30;
  std::vector<std::string> broker_settings{};  ///< beside the shipped ones, of which they win
};

class Shop {
 public:
  Shop(std::filesystem::path folder, ShopPlan plan);

  /// Starts it and does not wait until it is ready. \pre it does not run.
  void start(const std::string& part, Program program = Program::kLight);
  void start_all();
  void kill(const std::string& part);
  /// As a bug of its own would end it: SIGABRT.
  void abort(const std::string& part);
  pid_t pid(const std::string& part) const { return running_.at(part).pid(); }
  bool runs(const std::string& part) const { return running_.contains(part); }
  /// \return a part that has ended although nobody killed it, with the file of its last words.
  std::optional<std::string> fallen();

  const std::vector<std::string>& tills() const { return plan_.tills; }
  int broker_port() const { return plan_.broker_port; }
  std::filesystem::path socket(const std::string& till) const {
    return folder_ / till / "till.sock";
  }
  std::filesystem::path journal(const std::string& till) const {
    return folder_ / till / "till.db";
  }
  std::filesystem::path hub_data() const { return folder_ / "hub" / "data"; }

 private:
  void write_broker_settings() const;
  void write_hub_settings() const;
  void write_till_settings(const std::string& till) const;
  std::string mqtt_section(int port) const;
  std::vector<std::string> command(const std::string& part, Program program) const;

  const std::filesystem::path folder_;
  ShopPlan plan_;
  std::map<std::string, app::ChildProcess> running_;
};

}  // namespace tillsight::test
