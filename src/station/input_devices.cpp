#include "tillsight/station/input_devices.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "tillsight/core/format.hpp"

namespace tillsight {
namespace {

using std::chrono::milliseconds;

/// What a device is, by whichever of its names.
using FileId = std::pair<dev_t, ino_t>;

std::map<FileId, std::string> files_at(const std::string& pattern) {
  std::map<FileId, std::string> files;
  const std::size_t slash = pattern.rfind('/');
  if (slash == std::string::npos) return files;
  const std::string folder = pattern.substr(0, slash + 1);
  const std::unique_ptr<DIR, int (*)(DIR*)> names(::opendir(folder.c_str()), ::closedir);
  if (!names) return files;
  while (const dirent* const entry = ::readdir(names.get())) {
    if (::fnmatch(pattern.c_str() + slash + 1, entry->d_name, FNM_PERIOD) != 0) continue;
    struct stat file {};
    const std::string path = folder + entry->d_name;
    if (::stat(path.c_str(), &file) == 0) files.emplace(FileId(file.st_dev, file.st_ino), path);
  }
  return files;
}

DeviceEvent event_of(const input_event& event) {
  return {event.type, event.code, event.value,
          std::chrono::seconds(event.input_event_sec) +
              std::chrono::microseconds(event.input_event_usec)};
}

}  // namespace

struct InputDevices::Device {
  Device(std::string its_path, int its_fd, DeviceRole its_role, const KeyBindings& bindings)
      : path(std::move(its_path)), fd(its_fd), role(its_role), stream(its_role, bindings) {}
  ~Device() { ::close(fd); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const std::string path;
  const int fd;
  const DeviceRole role;
  KeyStream stream;
  std::string half;  ///< of an event, where the device is a pipe
  MonotonicTime heard{};
};

InputDevices::InputDevices(InputSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
  look();
}

InputDevices::~InputDevices() = default;

void InputDevices::look() {
  looked_ = clock_.monotonic_now();
  trouble_.clear();
  const auto keypads = files_at(settings_.keypad);
  const auto scanners = files_at(settings_.scanner);
  for (const auto& [file, path] : keypads) {
    const bool both = settings_.scanner.empty() || scanners.contains(file);
    add(path, both ? DeviceRole::kBoth : DeviceRole::kKeypad);
  }
  for (const auto& [file, path] : scanners) {
    if (!keypads.contains(file)) add(path, DeviceRole::kScanner);
  }
}

void InputDevices::add(const std::string& path, DeviceRole role) {
  const auto at_path = [&](const auto& device) { return device->path == path; };
  if (std::ranges::any_of(devices_, at_path)) return;
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    trouble_ =
        format("{}: {}; may the till's user read it (group input)?", path, std::strerror(errno));
    return;
  }
  // A pipe, as a script or a test puts in a keypad's place, has nobody to be grabbed from.
  if (::ioctl(fd, EVIOCGRAB, 1) != 0 && errno == EBUSY) {
    trouble_ = format("{}: another program holds it; end that one", path);
    ::close(fd);
    return;
  }
  devices_.push_back(std::make_unique<Device>(path, fd, role, settings_.bindings));
}

void InputDevices::run_once(milliseconds timeout, int wake_fd, const OnInput& on_input) {
  if (clock_.monotonic_now() >= looked_ + kLookPeriod) look();
  std::vector<pollfd> fds = {{wake_fd, POLLIN, 0}};
  milliseconds patience = std::min(timeout, kLookPeriod);
  for (const auto& device : devices_) {
    fds.push_back({device->fd, POLLIN, 0});
    if (device->stream.holds()) patience = std::min(patience, KeyStream::kHandLeast);
  }
  ::poll(fds.data(), fds.size(), static_cast<int>(patience.count()));
  std::vector<Gone> gone;
  std::size_t i = 0;
  std::erase_if(devices_, [&](const std::unique_ptr<Device>& device) {
    const bool there = read(*device, fds[++i].revents != 0, on_input);
    if (!there) gone.push_back({device->role});
    return !there;
  });
  for (const Gone& device : gone) on_input(device);
}

bool InputDevices::read(Device& device, bool readable, const OnInput& on_input) {
  std::vector<KeyStream::Said> said;
  bool there = true;
  const MonotonicTime now = clock_.monotonic_now();
  if (readable) {
    device.heard = now;
    std::array<char, 64 * sizeof(input_event)> bytes;
    const ssize_t size = ::read(device.fd, bytes.data(), bytes.size());
    there = size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
    if (size > 0) device.half.append(bytes.data(), static_cast<std::size_t>(size));
    while (device.half.size() >= sizeof(input_event)) {
      input_event event;
      std::memcpy(&event, device.half.data(), sizeof event);
      device.half.erase(0, sizeof event);
      device.stream.take(event_of(event), said);
    }
  } else if (now >= device.heard + KeyStream::kHandLeast) {
    device.stream.settle(said);
  }
  for (KeyStream::Said& what : said) {
    std::visit([&](auto& value) { on_input(std::move(value)); }, what);
  }
  return there;
}

std::string InputDevices::state(DeviceRole role) const {
  const std::string& pattern = role == DeviceRole::kScanner ? settings_.scanner : settings_.keypad;
  if (pattern.empty()) return "off";
  const auto serves = [role](const auto& device) {
    return device->role == role || device->role == DeviceRole::kBoth;
  };
  if (std::ranges::any_of(devices_, serves)) return "ok";
  if (!trouble_.empty()) return trouble_;
  return format("missing: nothing is at {}; plug it in", pattern);
}

}  // namespace tillsight
