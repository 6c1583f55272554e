/// \file
/// JSON Lines in and out: standard input and output, and whoever connects to a local socket.
///
/// A reader that does not keep up is dropped (a socket) or loses lines (standard output); nobody
/// ever waits for it. A line may be 16 KiB long; a longer one is answered and passed over.
///
/// **Threads** thread-bound.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "tillsight/core/result.hpp"
#include "tillsight/core/strong.hpp"

namespace tillsight::app {

using PortId = Strong<std::uint64_t, struct PortIdTag>;

class LinePorts {
 public:
  using OnLine = std::function<void(PortId, std::string_view line)>;

  /// \param socket_file empty: no socket. A socket left by a till that died is replaced.
  /// \return kFailedPrecondition if another till listens there, kUnavailable if nobody can.
  static Result<LinePorts> open(const std::filesystem::path& socket_file);

  LinePorts(LinePorts&& other) noexcept;
  LinePorts& operator=(LinePorts&&) = delete;
  ~LinePorts();

  /// Waits until a line, a connection or room to write comes, `wake_fd` is readable (it is not
  /// read), or `timeout` has passed; calls `on_line` for each line.
  void run_once(std::chrono::milliseconds timeout, int wake_fd, const OnLine& on_line);

  void send(PortId port, std::string_view line);
  /// What whoever connects is told first: how things stand.
  void greet_with(std::string line) { greeting_ = std::move(line); }
  void send_to_all(std::string_view line) { send_to_all(line, line); }
  /// \param nameless the same for standard output where that is no terminal: it ends up in logs,
  /// and those keep nobody's name.
  void send_to_all(std::string_view line, std::string_view nameless);
  /// Writes what standard output still takes within `patience`; for the end.
  void drain(std::chrono::milliseconds patience);

  /// Standard input is not read before this: a script must not outrun the photo that it is about.
  void read_standard_input();
  /// Whether standard input has ended.
  bool input_ended() const { return input_ended_; }

 private:
  struct Port {
    int in = -1;
    int out = -1;
    std::string read;
    std::string unsent;
    bool skipping = false;  // the rest of a line that was too long
  };

  static constexpr PortId kStandard{0};

  enum class Half { kInput, kOutput };

  LinePorts() = default;
  void accept_one();
  /// \return false when the port is finished.
  bool read_from(PortId id, Port& port, const OnLine& on_line);
  bool write_to(Port& port);
  void split_lines(PortId id, Port& port, const OnLine& on_line);
  void append(Port& port, std::string_view line);
  /// A socket ends as a whole; of the standard port only the half that has ended.
  void finish(std::map<PortId, Port>::iterator port, Half half);

  std::filesystem::path socket_file_;
  int listener_ = -1;
  std::string greeting_;
  std::map<PortId, Port> ports_;
  std::uint64_t next_port_ = 1;
  bool input_ended_ = false;
  bool somebody_reads_ = false;  // standard output is a terminal
};

}  // namespace tillsight::app
