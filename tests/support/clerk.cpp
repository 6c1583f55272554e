#include "tests/support/clerk.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "tillsight/core/format.hpp"

namespace tillsight::test {
namespace {

constexpr std::array<const char*, 4> kSkus{"apple", "banana", "orange", "bottle"};

}  // namespace

Clerk::Clerk(std::string till, std::filesystem::path socket, const std::filesystem::path& ledger,
             Random& random)
    : till_(std::move(till)),
      socket_(std::move(socket)),
      ledger_(ledger, std::ios::app),
      random_(&random) {}

Clerk::Clerk(Clerk&& other) noexcept
    : till_(other.till_),
      socket_(other.socket_),
      ledger_(std::move(other.ledger_)),
      random_(other.random_),
      fd_(std::exchange(other.fd_, -1)),
      read_(std::move(other.read_)),
      doing_(other.doing_),
      unanswered_(std::move(other.unanswered_)),
      quota_(other.quota_),
      sold_(std::move(other.sold_)),
      trouble_(std::move(other.trouble_)) {}

Clerk::~Clerk() {
  lose_till();
}

// ---- The line to the till

void Clerk::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_.c_str(), sizeof address.sun_path - 1);
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (::connect(fd_, std::bit_cast<const sockaddr*>(&address), sizeof address) != 0) lose_till();
}

void Clerk::lose_till() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  read_.clear();
  doing_ = Doing::kLooking;
}

bool Clerk::read_some() {
  std::array<char, 16 * 1024> block;
  const ssize_t size = ::read(fd_, block.data(), block.size());
  if (size > 0) read_.append(block.data(), static_cast<std::size_t>(size));
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) lose_till();
  return size > 0;
}

void Clerk::say(const Json& action) {
  const std::string line = action.dump() + "\n";
  // The till's end holds thousands of such lines: what does not fit at once has nobody to read it.
  const ssize_t sent = ::send(fd_, line.data(), line.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(line.size())) lose_till();
}

void Clerk::turn() {
  if (fd_ < 0) connect();
  while (fd_ >= 0 && read_some()) {
    for (std::size_t end; (end = read_.find('\n')) != std::string::npos;) {
      const Json line = Json::parse(read_.substr(0, end), nullptr, /*allow_exceptions=*/false);
      read_.erase(0, end + 1);
      if (line.is_object()) take(line);
    }
  }
  if (fd_ >= 0 && doing_ == Doing::kNothing && sold_.size() < quota_) begin_sale();
}

void Clerk::take(const Json& line) {
  const std::string event = line.value("event", "");
  if (event == "committed") return committed(line);
  if (event == "sale" && !line.contains("refused")) return look(line);
  trouble_ = format("till {}: {}", till_, line.dump());
}

// ---- The sale

void Clerk::look(const Json& sale) {
  const std::string state = sale.value("state", "");
  if (state == "paying") return;
  const Json paid_sale = sale.value("paid", Json::object());
  const std::string number = paid_sale.value("invoice_no", "");
  const bool numbered = !number.empty() && (sold_.empty() || number != sold_.back().invoice_no);
  const bool looking = doing_ == Doing::kLooking;
  // Two sales one after the other never have the same total.
  const bool unnumbered = looking && number.empty() && paid_sale.value("gross", "") == unanswered_;
  if (unanswered_ && (numbered || unnumbered)) return paid(number, *unanswered_);
  if (looking) unanswered_.reset();  // the till died before it was paid
  const bool open = state == "open" && !sale["lines"].empty();
  if (open && (looking || doing_ == Doing::kAdding)) return pay(sale);
  if (looking) begin_sale();
}

void Clerk::committed(const Json& line) {
  if (!line.contains("invoice_no")) return;
  const std::string number = line["invoice_no"];
  if (unanswered_ && (sold_.empty() || sold_.back().invoice_no != number)) {
    paid(number, *unanswered_);
  }
  if (sold_.empty() || sold_.back().invoice_no != number) {
    trouble_ = format("till {}: {} is paid, and nobody has sold it", till_, number);
    return;
  }
  sold_.back().sealed = line["cloudevent"]["data"]["sealed"];
}

void Clerk::paid(std::string invoice_no, std::string gross) {
  unanswered_.reset();
  sold_.push_back({std::move(invoice_no), std::move(gross), {}});
  ledger_ << till_ << ' ' << sold_.back().invoice_no << ' ' << sold_.back().gross << std::endl;
  begin_sale();
}

void Clerk::begin_sale() {
  doing_ = sold_.size() < quota_ ? Doing::kAdding : Doing::kNothing;
  if (doing_ == Doing::kNothing) return;
  const std::uint64_t dice = random_->next_u64();
  if (dice % 4 == 0) {
    say({{"do", "customer"}, {"first_name", "Asha"}, {"phone", format("98765{:05}", dice % 9973)}});
  }
  say({{"do", "add"}, {"sku", kSkus[dice / 7 % kSkus.size()]}, {"quantity", 1 + dice / 64 % 99}});
}

void Clerk::pay(const Json& sale) {
  const std::string gross = sale["gross"];
  if (!sold_.empty() && gross == sold_.back().gross) {
    doing_ = Doing::kAdding;
    const Json& line = sale["lines"].back();
    return say({{"do", "quantity"},
                {"line", line["line"]},
                {"quantity", 1 + line["quantity"].get<int>() % 999}});
  }
  doing_ = Doing::kPaying;
  unanswered_ = gross;
  say({{"do", "pay"}});
}

}  // namespace tillsight::test
