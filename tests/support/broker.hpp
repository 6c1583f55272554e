/// \file
/// A real Mosquitto on a free loopback port, for tests: started, stopped, killed and brought back
/// on the same port. It has its own directory and keeps nothing across a restart.
///
/// **Ownership** The broker ends with this object, and with the test program however that ends.
/// **Errors** A broker that does not come up within five seconds ends the test program with
/// Mosquitto's own log.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace tillsight::test {

class Broker {
 public:
  /// Starts it, and returns once it accepts connections.
  /// \param settings further lines of its configuration; the default admits everybody.
  explicit Broker(std::vector<std::string> settings = {"allow_anonymous true"});
  /// Runs a whole configuration file, read anew at every start. \param port that it listens on.
  Broker(std::filesystem::path configuration, int port);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  int port() const { return port_; }

  void start();
  /// SIGTERM: it says goodbye to its clients.
  void stop();
  /// SIGKILL.
  void kill();
  void restart();
  /// SIGHUP.
  void reload();
  /// SIGSTOP: its connections stay open and nothing is answered, until wake().
  void hang();
  void wake();
  /// As LimitNOFILE of its service; until it is started again.
  void limit_descriptors(unsigned most) const;
  /// \return what it has logged since it was first started.
  std::string log() const;

 private:
  void write_configuration();
  bool accepts_connections() const;
  void signal(int number);
  void end(int signal);

  const TempDir directory_;
  const std::vector<std::string> settings_;
  const std::filesystem::path configuration_;  ///< empty: settings_
  const int port_;
  pid_t pid_ = 0;
};

/// \return a loopback port on which nobody listens.
int free_port();

}  // namespace tillsight::test
