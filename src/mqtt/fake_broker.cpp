#include "tillsight/mqtt/fake_broker.hpp"

#include <algorithm>

namespace tillsight::mqtt {
namespace {

/// \return the first level of a topic, and takes it and its slash away.
std::string_view next_level(std::string_view& topic) {
  const std::size_t slash = topic.find('/');
  const std::string_view level = topic.substr(0, slash);
  topic = slash == std::string_view::npos ? std::string_view() : topic.substr(slash + 1);
  return level;
}

bool matches(std::string_view filter, std::string_view topic) {
  while (!filter.empty() && !topic.empty()) {
    const std::string_view wanted = next_level(filter);
    if (wanted == "#") return true;
    if (const std::string_view level = next_level(topic); wanted != "+" && wanted != level)
      return false;
  }
  return filter.empty() && topic.empty();
}

}  // namespace

void FakeBroker::kill() {
  running_ = false;
  retained_.clear();
  for (FakeClient* client : clients_) client->break_connection(/*publish_will=*/false);
}

void FakeBroker::cut(FakeClient& client) {
  client.break_connection(/*publish_will=*/true);
}

std::string FakeBroker::retained(std::string_view topic) const {
  const auto found = retained_.find(topic);
  return found == retained_.end() ? std::string() : found->second;
}

void FakeBroker::publish(std::string_view topic, std::string_view payload, Retain retain) {
  if (retain == Retain::kYes) retained_.insert_or_assign(std::string(topic), std::string(payload));
  for (FakeClient* client : clients_) {
    const bool wanted = client->connected() &&
                        std::any_of(client->filters_.begin(), client->filters_.end(),
                                    [&](const auto& filter) { return matches(filter, topic); });
    if (!wanted || happens(faults_.lose)) continue;
    client->enqueue({std::string(topic), std::string(payload), false});
    if (happens(faults_.duplicate))
      client->enqueue({std::string(topic), std::string(payload), false});
  }
}

void FakeBroker::send_retained(FakeClient& client, std::string_view filter) {
  for (const auto& [topic, payload] : retained_)
    if (matches(filter, topic)) client.enqueue({topic, payload, true});
}

FakeClient::FakeClient(FakeBroker& broker) : broker_(broker) {
  broker_.clients_.push_back(this);
}

FakeClient::~FakeClient() {
  break_connection(/*publish_will=*/true);
  std::erase(broker_.clients_, this);
}

void FakeClient::enqueue(Arrived message) {
  auto place = inbox_.end();
  if (broker_.happens(broker_.faults_.reorder)) {
    const auto ahead = broker_.random_.next_u64() % (inbox_.size() + 1);
    place -= static_cast<std::ptrdiff_t>(ahead);
  }
  inbox_.insert(place, std::move(message));
}

void FakeClient::break_connection(bool publish_will) {
  if (state_ != State::kConnecting && state_ != State::kConnected) return;
  const bool had_will = state_ == State::kConnected && will_.has_value();
  state_ = State::kBroken;
  if (publish_will && had_will) broker_.publish(will_->topic, will_->payload, Retain::kYes);
}

void FakeClient::forget() {
  state_ = State::kIdle;
  announced_ = false;
  will_.reset();
  filters_.clear();
  inbox_.clear();
}

Status FakeClient::connect(const std::optional<Will>& will) {
  TILLSIGHT_CHECK(state_ == State::kIdle, "connect() while there is a connection");
  if (!broker_.running_) return error(Code::kUnavailable, "fake broker: connection refused");
  state_ = State::kConnecting;
  will_ = will;
  return {};
}

void FakeClient::disconnect() {
  forget();
}

Status FakeClient::accept(Handler& handler) {
  if (broker_.refuse_clients_) {
    forget();
    return *broker_.refuse_clients_;
  }
  state_ = State::kConnected;
  announced_ = true;
  handler.on_connected();
  return {};
}

Status FakeClient::run_once(Handler& handler, std::chrono::milliseconds, int) {
  if (state_ == State::kConnecting) return accept(handler);
  // What handlers cause from here on arrives next time.
  for (auto left = inbox_.size(); left > 0 && state_ == State::kConnected; --left) {
    const auto next = std::move(inbox_.front());
    inbox_.pop_front();
    if (const auto* message = std::get_if<Arrived>(&next)) {
      handler.on_message({message->topic, message->payload, message->retained});
    } else {
      const auto& puback = std::get<Acknowledged>(next);
      handler.on_published(puback.id, puback.outcome);
    }
  }
  if (state_ != State::kBroken) return {};
  const bool announced = announced_;
  forget();
  const Error why = error(Code::kUnavailable, "fake broker: connection lost");
  if (announced) handler.on_disconnected(why);
  return why;
}

Result<PublishId> FakeClient::publish(std::string_view topic, std::string_view payload,
                                      Retain retain) {
  if (!connected()) return error(Code::kUnavailable, "fake broker: not connected");
  const PublishId id(++last_id_);
  const auto& refusal = broker_.refuse_publications_;
  inbox_.emplace_back(Acknowledged{id, refusal ? Status(*refusal) : Status()});
  if (!refusal) broker_.publish(topic, payload, retain);
  return id;
}

Status FakeClient::subscribe(std::string_view filter) {
  if (!connected()) return error(Code::kUnavailable, "fake broker: not connected");
  filters_.emplace_back(filter);
  broker_.send_retained(*this, filter);
  return {};
}

}  // namespace tillsight::mqtt
