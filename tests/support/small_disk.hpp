/// \file
/// A real disk of a few megabytes at a folder of the test's: a tmpfs in a mount namespace of the
/// test process, which its child processes share. Needs root, or rights to mount.
///
/// **Ownership** Unmounted with this object; the namespace goes with the process.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

namespace tillsight::test {

class SmallDisk {
 public:
  /// \return nothing, and says why, if this process may not mount: skip the test.
  static std::optional<SmallDisk> mount_at(const std::filesystem::path& folder, int mib,
                                           std::string& why_not) {
    const auto failed = [&](const char* what) {
      why_not = std::string(what) + ": " + std::strerror(errno) + "; run it as root";
      return std::nullopt;
    };
    std::filesystem::create_directories(folder);
    static const bool own_namespace = ::unshare(CLONE_NEWNS) == 0;
    if (!own_namespace) return failed("no mount namespace of one's own");
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      return failed("cannot keep mounts private");
    }
    const std::string options = "size=" + std::to_string(mib) + "m";
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) != 0) {
      return failed("cannot mount a tmpfs");
    }
    return SmallDisk(folder);
  }

  SmallDisk(SmallDisk&& other) noexcept : folder_(std::move(other.folder_)) {
    other.folder_.clear();
  }
  SmallDisk& operator=(SmallDisk&& other) noexcept {
    std::swap(folder_, other.folder_);
    return *this;
  }
  ~SmallDisk() {
    if (!folder_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
  }

  /// Something else fills the disk to its last byte.
  void fill() const {
    std::ofstream filler(folder_ / "filler", std::ios::binary | std::ios::app);
    const std::string block(64 * 1024, '\x5a');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    filler.clear();
    while (filler.put('\x5a').flush()) {
    }
  }
  void free() const { std::filesystem::remove(folder_ / "filler"); }

 private:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace tillsight::test
