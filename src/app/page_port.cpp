#include "app/page_port.hpp"

namespace tillsight::app {
namespace {

constexpr std::size_t kLinesMost = 64;

Result<std::vector<ClerkInput>> parse_lines(std::string_view body) {
  std::vector<ClerkInput> inputs;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    if (inputs.size() == kLinesMost) {
      return error(Code::kInvalidArgument, "more than {} actions at once", kLinesMost);
    }
    TILLSIGHT_ASSIGN(ClerkInput input, parse_clerk_input(body.substr(0, end)));
    inputs.push_back(std::move(input));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  if (inputs.empty()) return Error(Code::kInvalidArgument, "there is no action");
  return inputs;
}

}  // namespace

web::KioskPort::Answer PagePort::act(std::string_view lines) {
  auto inputs = parse_lines(lines);
  if (!inputs.ok()) return {Taken::kNoAction, inputs.error().message()};
  const MutexLock lock(mutex_);
  for (ClerkInput& input : *inputs) {
    if (queues_ == nullptr || !queues_->page_inputs.try_push(std::move(input))) {
      return {Taken::kBusy, "the till is busy; try again in a moment"};
    }
  }
  return {};
}

}  // namespace tillsight::app
