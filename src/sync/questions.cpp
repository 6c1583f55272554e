#include "tillsight/sync/questions.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/core/log.hpp"

namespace tillsight::sync {

Questions::Questions(const TillIdentity& identity, mqtt::Client& client, Uplink& uplink,
                     const Clock& clock)
    : ask_topic_(topics::ask(identity.store, identity.till)),
      answer_topic_(topics::answer(identity.store, identity.till)),
      client_(client),
      uplink_(uplink),
      clock_(clock) {}

void Questions::ask(const TillQuestion& question) {
  let_go_of_old();
  const bool may = client_.connected() && uplink_.hub_is_there() && open_.size() < kOpenMost;
  if (!may) return answer({question.id});
  const auto sent = client_.publish(ask_topic_, to_json(question), mqtt::Retain::kNo);
  if (!sent) {
    complain(sent.error());
    return answer({question.id});
  }
  open_.insert_or_assign(question.id, Open{clock_.monotonic_now(), *sent});
}

std::optional<Answer> Questions::next_answer() {
  if (answered_.empty()) return std::nullopt;
  std::optional<Answer> first(std::move(answered_.front()));
  answered_.pop_front();
  return first;
}

void Questions::on_connected() {
  uplink_.on_connected();
  if (const Status status = client_.subscribe(answer_topic_); !status) complain(status.error());
}

void Questions::on_disconnected(const Error& why) {
  for (const auto& [id, open] : std::exchange(open_, {})) answer({id});
  uplink_.on_disconnected(why);
}

void Questions::on_message(const mqtt::Message& message) {
  if (message.topic != answer_topic_) return uplink_.on_message(message);
  let_go_of_old();
  auto told = parse_answer(message.payload);
  if (!told) return complain(told.error());
  if (open_.erase(told->id) > 0) answer(*std::move(told));
}

void Questions::on_published(mqtt::PublishId id, const Status& outcome) {
  const auto own = std::ranges::find_if(
      open_, [id](const auto& entry) { return entry.second.publication == id; });
  if (own == open_.end()) return uplink_.on_published(id, outcome);
  if (outcome.ok()) return;
  // Access rules of a broker from before there were questions: selling and syncing go on.
  complain(outcome.error());
  answer({own->first});
  open_.erase(own);
}

void Questions::let_go_of_old() {
  const MonotonicTime now = clock_.monotonic_now();
  std::erase_if(open_,
                [now](const auto& entry) { return now > entry.second.asked_at + kPatience; });
}

void Questions::answer(Answer answer) {
  answered_.push_back(std::move(answer));
}

void Questions::complain(const Error& error) {
  if (error.message() == last_complaint_) return;
  last_complaint_ = error.message();
  log::warning("sync: {}", error.message());
}

}  // namespace tillsight::sync
