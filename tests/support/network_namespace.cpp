#include "tests/support/network_namespace.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

/// Ordinary packets, so that losing or delaying one is what it is on a real line.
constexpr int kMtuBytes = 1500;

Error refused(std::string_view what) {
  return error(Code::kFailedPrecondition, "{}: {}; run as root, or allow user namespaces", what,
               std::strerror(errno));
}

bool write_to(const char* file, const std::string& text) {
  const int fd = ::open(file, O_WRONLY | O_CLOEXEC);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(fd);
  return written;
}

bool become_root_of_own_namespaces() {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 &&
         write_to("/proc/self/setgroups", "deny") &&
         write_to("/proc/self/uid_map", format("0 {} 1", user)) &&
         write_to("/proc/self/gid_map", format("0 {} 1", group));
}

bool bring_up_loopback() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_mtu = kMtuBytes;
  const bool sized = ::ioctl(fd, SIOCSIFMTU, &request) == 0;
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ::ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  ::close(fd);
  return sized && up;
}

/// \return what the program said; if it failed, as the error.
Result<std::string> run(const std::string& command) {
  FILE* pipe = ::popen(("PATH=$PATH:/usr/sbin:/sbin; " + command + " 2>&1").c_str(), "r");
  std::string said;
  std::array<char, 256> block;
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), pipe)) {
    said.append(block.data(), size);
  }
  if (::pclose(pipe) == 0) return said;
  return error(Code::kFailedPrecondition, "{}: {}", command, said.substr(0, said.find('\n')));
}

Status status_of(const std::string& command) {
  const Result<std::string> said = run(command);
  return said.ok() ? Status() : Status(said.error());
}

}  // namespace

Result<NetworkNamespace> NetworkNamespace::enter() {
  const int network = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  const int mounts = ::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  NetworkNamespace entered(network, mounts);
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 && !become_root_of_own_namespaces()) {
    return refused("a network of our own");
  }
  // What is mounted here stays here.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return refused("mounts");
  if (!bring_up_loopback()) return refused("loopback");
  return entered;
}

NetworkNamespace::NetworkNamespace(NetworkNamespace&& other) noexcept
    : old_network_(std::exchange(other.old_network_, -1)),
      old_mounts_(std::exchange(other.old_mounts_, -1)) {}

NetworkNamespace::~NetworkNamespace() {
  if (old_network_ < 0) return;
  heal();
  ::setns(old_network_, CLONE_NEWNET);
  ::setns(old_mounts_, CLONE_NEWNS);
  ::close(old_network_);
  ::close(old_mounts_);
}

Status NetworkNamespace::lose(int percent) {
  // A packet on the loopback line comes in once, whichever of its two ends it came from.
  return status_of(format(
      "nft 'add table inet loss; add chain inet loss in {{ type filter hook input priority 0; }}; "
      "add rule inet loss in iif lo meta l4proto tcp numgen random mod 100 < {} counter drop'",
      percent));
}

Status NetworkNamespace::narrow(int kbit_per_s) {
  return status_of(
      format("tc qdisc replace dev lo root tbf rate {}kbit burst 4kb limit 64kb", kbit_per_s));
}

std::int64_t NetworkNamespace::lost_packets() const {
  const Result<std::string> rules = run("nft list ruleset");
  const std::string_view word = "counter packets ";
  const std::size_t at = rules.ok() ? rules->find(word) : std::string::npos;
  return at == std::string::npos ? 0 : std::atoll(rules->c_str() + at + word.size());
}

void NetworkNamespace::heal() {
  // Whichever of them there is.
  [[maybe_unused]] const Status lossless = status_of("nft flush ruleset");
  [[maybe_unused]] const Status wide = status_of("tc qdisc del dev lo root");
}

Status NetworkNamespace::replace(const std::filesystem::path& system_file,
                                 const std::filesystem::path& content) {
  if (::mount(content.c_str(), system_file.c_str(), nullptr, MS_BIND, nullptr) == 0) return {};
  return refused(system_file.string());
}

}  // namespace tillsight::test
