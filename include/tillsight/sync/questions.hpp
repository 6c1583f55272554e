/// \file
/// The till's side of a question: puts it to head office over the uplink's connection, and hands
/// back what it is told.
///
/// It stands between the connection and the uplink, takes what is its own and passes the rest on.
/// Nothing is kept for later: while head office is not there, or the connection ends, the answer is
/// kNotNow at once. An answer to no open question is dropped. How long to wait is the asker's
/// business; a question that nobody answered in kPatience is let go without a word.
///
/// **Threads** thread-bound, to the thread of its client. **Ownership** borrows everything; all
/// must outlive it.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "tillsight/core/clock.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/mqtt/client.hpp"
#include "tillsight/sync/uplink.hpp"

namespace tillsight::sync {

class Questions final : public mqtt::Handler {
 public:
  static constexpr std::chrono::milliseconds kPatience{2'000};
  static constexpr std::size_t kOpenMost = 8;

  Questions(const TillIdentity& identity, mqtt::Client& client, Uplink& uplink, const Clock& clock);

  void ask(const TillQuestion& question);
  /// \return what was answered since the last call, oldest first; none: nothing.
  std::optional<Answer> next_answer();
  std::size_t open() const { return open_.size(); }

  // What the connection tells.
  std::optional<mqtt::Will> will() override { return uplink_.will(); }
  void on_connected() override;
  void on_disconnected(const Error& why) override;
  void on_message(const mqtt::Message& message) override;
  void on_published(mqtt::PublishId id, const Status& outcome) override;

 private:
  struct Open {
    MonotonicTime asked_at;
    mqtt::PublishId publication;
  };

  void let_go_of_old();
  void answer(Answer answer);
  void complain(const Error& error);

  const std::string ask_topic_;
  const std::string answer_topic_;
  mqtt::Client& client_;
  Uplink& uplink_;
  const Clock& clock_;
  std::map<std::string, Open> open_;  ///< by id
  std::deque<Answer> answered_;
  std::string last_complaint_;
};

}  // namespace tillsight::sync
