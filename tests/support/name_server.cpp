// Just enough of RFC 1035: one question, and for an A question one answer.
#include "tests/support/name_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "tillsight/core/check.hpp"

namespace tillsight::test {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr char kTypeA = 1;

/// \return the bytes of the question behind the header; empty if it is none.
std::string_view question_of(std::string_view query) {
  std::size_t at = kHeaderBytes;
  while (at < query.size() && query[at] != 0) at += 1U + static_cast<unsigned char>(query[at]);
  at += 5;  // the root, type and class
  return at <= query.size() ? query.substr(kHeaderBytes, at - kHeaderBytes) : std::string_view();
}

std::string answer_to(std::string_view query, std::string_view question) {
  const bool address = question[question.size() - 3] == kTypeA;
  std::string answer(query.substr(0, 2));
  answer += {'\x81', '\x80', 0, 1, 0, static_cast<char>(address ? 1 : 0), 0, 0, 0, 0};
  answer += question;
  // The name of the question, A, IN, valid for no time, four bytes: 127.0.0.1.
  if (address) answer += {'\xc0', '\x0c', 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1};
  return answer;
}

}  // namespace

NameServer::NameServer()
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(53);
  TILLSIGHT_CHECK(::bind(socket_, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0,
                  "port 53 is not ours; is this a network namespace?");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

NameServer::~NameServer() {
  thread_.request_stop();
  thread_.join();
  ::close(socket_);
  ::close(wake_fd_);
}

void NameServer::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t size = ::write(wake_fd_, &one, sizeof one);
  });
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> fds{pollfd{socket_, POLLIN, 0}, pollfd{wake_fd_, POLLIN, 0}};
    ::poll(fds.data(), fds.size(), -1);
    if (fds[0].revents != 0) answer_one();
  }
}

void NameServer::answer_one() {
  std::array<char, 512> block;
  sockaddr_in asker{};
  socklen_t size = sizeof asker;
  const ssize_t bytes =
      ::recvfrom(socket_, block.data(), block.size(), 0, std::bit_cast<sockaddr*>(&asker), &size);
  if (bytes < static_cast<ssize_t>(kHeaderBytes)) return;
  if (silent_) {
    ++unanswered_;
    return;
  }
  const std::string_view query(block.data(), static_cast<std::size_t>(bytes));
  const std::string_view question = question_of(query);
  if (question.empty()) return;
  const std::string answer = answer_to(query, question);
  ::sendto(socket_, answer.data(), answer.size(), 0, std::bit_cast<const sockaddr*>(&asker), size);
}

}  // namespace tillsight::test
