#include "bench/hub_messages.hpp"

#include <algorithm>

#include "tests/support/sales.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight::bench {
namespace {

Invoice five_lines(const tillsight::Clock& clock, int customer) {
  std::vector<InvoiceLine> lines;
  for (const char* sku : {"apple", "banana", "orange", "bottle", "cake"}) {
    lines.push_back(testing::a_line(sku, 12'345, 2));
  }
  // A shop's customers come again: 500 of them.
  return testing::a_sale(std::move(lines), clock,
                         Customer{"Asha", "Rao", format("+919876{:06}", customer % 500)});
}

}  // namespace

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_s(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double percentile(std::vector<double> samples, std::size_t percent) {
  const auto at =
      samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) * percent / 100);
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

std::vector<Message> messages_of(int first, int tills, int invoices, int per_message) {
  const FakeClock clock;
  std::vector<testing::EventChain> chains;
  for (int till = first; till < first + tills; ++till) {
    chains.emplace_back(format("T{}", till), static_cast<std::uint64_t>(till) + 1);
  }
  std::vector<Message> messages;
  for (int i = 0; i < invoices / per_message; ++i) {
    const int till = i % tills;
    Message message{topics::events(StoreId("S01"), TillId(format("T{}", first + till))), "", {}};
    for (int n = 0; n < per_message; ++n) {
      message.events.push_back(
          chains[static_cast<std::size_t>(till)].next(five_lines(clock, i * per_message + n)));
    }
    message.payload = to_cloud_events(message.events);
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace tillsight::bench
