#include "tests/support/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <deque>
#include <list>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/quiet_port.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/mutex.hpp"

namespace tillsight::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kQueuedMax = 64 * 1024;  // beyond it the sender has to wait
constexpr milliseconds kBreath{20};            // how often a narrow line may send

struct Orders {
  bool listening = true;
  bool silent = false;
  milliseconds latency{0};
  std::int64_t bytes_per_s = 0;
  int resets = 0;  // so far
};

struct Chunk {
  Clock::time_point due;
  std::string bytes;
};

/// What all connections together may still send in one direction, and what they have sent.
struct Lane {
  double budget = 0;
  Clock::time_point filled{};
  std::int64_t sent_bytes = 0;

  void refill(std::int64_t bytes_per_s, Clock::time_point now) {
    const auto rate = static_cast<double>(bytes_per_s);
    const double grown = std::chrono::duration<double>(now - filled).count() * rate;
    const double most = std::max(1.0, rate * std::chrono::duration<double>(kBreath).count());
    budget = std::min(most, std::max(0.0, budget) + grown);
    filled = now;
  }
};

/// One direction of a connection.
struct Way {
  Lane* lane = nullptr;
  int from = -1;
  int to = -1;
  std::deque<Chunk> queued;
  std::size_t queued_bytes = 0;
  bool ended = false;  // the sender has nothing more to say

  bool wants_more() const { return !ended && queued_bytes < kQueuedMax; }
  bool has_due(Clock::time_point now) const { return !queued.empty() && queued.front().due <= now; }
};

struct Connection {
  Way up;
  Way down;
  bool silent = false;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int tcp_socket(int flags) {
  return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

int listen_on(int port) {
  const int fd = tcp_socket(SOCK_NONBLOCK);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  const bool listens = ::bind(fd, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::listen(fd, SOMAXCONN) == 0;
  TILLSIGHT_CHECK(listens, "the fault proxy cannot listen");
  return fd;
}

/// Closes with an RST instead of a FIN.
void close_hard(int fd) {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(fd);
}

}  // namespace

class FaultProxy::Carrier {
 public:
  explicit Carrier(int target_port)
      : port_(quiet_port()), target_port_(target_port), wake_fd_(::eventfd(0, EFD_CLOEXEC)) {
    listener_ = listen_on(port_);
  }
  ~Carrier() {
    for (Connection& connection : connections_) drop(connection);
    if (listener_ >= 0) ::close(listener_);
    ::close(wake_fd_);
  }
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;

  int port() const { return port_; }
  Traffic traffic() const {
    const MutexLock lock(mutex_);
    return traffic_;
  }

  /// Changes the orders and returns once they are followed.
  template <typename Change>
  void give(Change change) {
    const MutexLock lock(mutex_);
    change(orders_);
    followed_ = false;
    wake();
    obeyed_.wait(mutex_, std::stop_token(),
                 [this]() TILLSIGHT_REQUIRES(mutex_) { return followed_; });
  }

  void run(const std::stop_token& stop) {
    const std::stop_callback on_stop(stop, [this] { wake(); });
    while (!stop.stop_requested()) {
      follow_orders();
      turn();
    }
  }

 private:
  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t size = ::write(wake_fd_, &one, sizeof one);
  }

  void follow_orders() {
    const MutexLock lock(mutex_);
    if (orders_.resets > current_.resets) {
      for (Connection& connection : connections_) reset(connection);
      connections_.clear();
    }
    current_ = orders_;
    if (current_.silent) {
      for (Connection& connection : connections_) connection.silent = true;
    }
    if (current_.listening && listener_ < 0) listener_ = listen_on(port_);
    if (!current_.listening && listener_ >= 0) ::close(std::exchange(listener_, -1));
    followed_ = true;
    obeyed_.notify_all();
  }

  void turn() {
    std::vector<pollfd> fds{{wake_fd_, POLLIN, 0}, {listener_, POLLIN, 0}};
    const Clock::time_point now = Clock::now();
    for (Lane* lane : {&up_, &down_}) lane->refill(current_.bytes_per_s, now);
    for (const Connection& connection : connections_) {
      fds.push_back({connection.up.from, wanted(connection, connection.up, connection.down), 0});
      fds.push_back({connection.up.to, wanted(connection, connection.down, connection.up), 0});
    }
    ::poll(fds.data(), fds.size(), patience(now));
    if (fds[0].revents != 0) {
      std::uint64_t times = 0;
      [[maybe_unused]] const ssize_t size = ::read(wake_fd_, &times, sizeof times);
    }
    auto ready = fds.begin() + 2;
    for (auto connection = connections_.begin(); connection != connections_.end(); ready += 2) {
      const auto current = connection++;
      if (carry(*current, ready->revents, (ready + 1)->revents)) continue;
      drop(*current);
      connections_.erase(current);
    }
    if (fds[1].revents != 0) accept_one();
  }

  /// What to wait for at the end where `in` begins and `out` ends.
  short wanted(const Connection& connection, const Way& in, const Way& out) const {
    if (connection.silent) return POLLRDHUP;
    const bool may_send = out.has_due(Clock::now()) && allowed(out) > 0;
    const int events = (in.wants_more() ? POLLIN : 0) | (may_send ? POLLOUT : 0);
    return static_cast<short>(events);
  }

  std::size_t allowed(const Way& way) const {
    if (current_.bytes_per_s == 0) return kQueuedMax;
    return static_cast<std::size_t>(std::max(0.0, way.lane->budget));
  }

  /// \return how long nothing can happen by itself.
  int patience(Clock::time_point now) const {
    Clock::time_point next = Clock::time_point::max();
    for (const Connection& connection : connections_) {
      for (const Way* way : {&connection.up, &connection.down}) {
        if (connection.silent || way->queued.empty()) continue;
        next = std::min(next, way->queued.front().due);
        if (allowed(*way) == 0) next = std::min(next, now + kBreath);
      }
    }
    if (next == Clock::time_point::max()) return -1;
    if (current_.bytes_per_s > 0) next = std::max(next, now + kBreath);
    const auto left = std::chrono::ceil<milliseconds>(next - now);
    return static_cast<int>(std::max(milliseconds(0), left).count());
  }

  void accept_one() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    const int broker = tcp_socket(0);
    const sockaddr_in address = loopback(target_port_);
    if (::connect(broker, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(broker);
      return close_hard(client);
    }
    Connection connection;
    connection.up = {&up_, client, broker, {}, 0, false};
    connection.down = {&down_, broker, client, {}, 0, false};
    connection.silent = current_.silent;
    connections_.push_back(std::move(connection));
    const MutexLock lock(mutex_);
    ++traffic_.connections;
  }

  /// \return whether the connection goes on.
  bool carry(Connection& connection, short client_ready, short broker_ready) {
    // Who gave up a silent line has closed it; the other end has not heard of that.
    if (connection.silent) return (client_ready & POLLRDHUP) == 0;
    for (const auto& [way, ready] :
         {std::pair(&connection.up, client_ready), std::pair(&connection.down, broker_ready)}) {
      if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0 && way->wants_more() && !read_into(*way)) {
        return false;
      }
    }
    for (Way* way : {&connection.up, &connection.down}) {
      if (!write_from(*way)) return false;
      if (way->ended && way->queued.empty()) return false;
    }
    return true;
  }

  bool read_into(Way& way) {
    std::array<char, 16 * 1024> block;
    const ssize_t size = ::recv(way.from, block.data(), block.size(), MSG_DONTWAIT);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) way.ended = true;
    const auto bytes = static_cast<std::size_t>(size);
    way.queued.push_back({Clock::now() + current_.latency, std::string(block.data(), bytes)});
    way.queued_bytes += bytes;
    return true;
  }

  bool write_from(Way& way) {
    while (way.has_due(Clock::now())) {
      std::string& bytes = way.queued.front().bytes;
      const std::size_t most = std::min(bytes.size(), allowed(way));
      const MutexLock lock(mutex_);  // whoever has the bytes finds them counted
      const ssize_t sent = ::send(way.to, bytes.data(), most, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      count(way, sent);
      bytes.erase(0, static_cast<std::size_t>(sent));
      if (!bytes.empty()) return true;
      way.queued.pop_front();
    }
    return true;
  }

  void count(Way& way, ssize_t sent) TILLSIGHT_REQUIRES(mutex_) {
    way.queued_bytes -= static_cast<std::size_t>(sent);
    way.lane->budget -= static_cast<double>(sent);
    way.lane->sent_bytes += sent;
    traffic_.up_bytes = up_.sent_bytes;
    traffic_.down_bytes = down_.sent_bytes;
  }

  static void drop(Connection& connection) {
    ::close(connection.up.from);
    ::close(connection.up.to);
  }
  static void reset(Connection& connection) {
    close_hard(connection.up.from);
    close_hard(connection.up.to);
  }

  // Constant after construction.
  const int port_;
  const int target_port_;
  const int wake_fd_;
  // Guarded by mutex_.
  mutable Mutex mutex_;
  CondVar obeyed_;
  Orders orders_ TILLSIGHT_GUARDED_BY(mutex_);
  bool followed_ TILLSIGHT_GUARDED_BY(mutex_) = true;
  Traffic traffic_ TILLSIGHT_GUARDED_BY(mutex_);
  // Touched only by the carrying thread.
  int listener_ = -1;
  Orders current_;
  Lane up_;
  Lane down_;
  std::list<Connection> connections_;
};

FaultProxy::FaultProxy(int target_port)
    : carrier_(std::make_unique<Carrier>(target_port)),
      thread_([this](const std::stop_token& stop) { carrier_->run(stop); }) {}

FaultProxy::~FaultProxy() = default;

int FaultProxy::port() const {
  return carrier_->port();
}
FaultProxy::Traffic FaultProxy::traffic() const {
  return carrier_->traffic();
}
void FaultProxy::heal() {
  carrier_->give([](Orders& orders) {
    const int resets = orders.resets;
    orders = Orders();
    orders.resets = resets;
  });
}
void FaultProxy::refuse() {
  carrier_->give([](Orders& orders) { orders.listening = false; });
}
void FaultProxy::fall_silent() {
  carrier_->give([](Orders& orders) { orders.silent = true; });
}
void FaultProxy::slow_down(milliseconds latency, std::int64_t bytes_per_s) {
  carrier_->give([&](Orders& orders) {
    orders.latency = latency;
    orders.bytes_per_s = bytes_per_s;
  });
}
void FaultProxy::reset() {
  carrier_->give([](Orders& orders) { ++orders.resets; });
}

}  // namespace tillsight::test
