/// \file
/// A till's life: it sells, is acknowledged, erases, and closes.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <string>

#include "tests/faults/life.hpp"
#include "tests/journal/till_box.hpp"

namespace tillsight::faults {

class TillLife : public testing::TillBox {
 protected:
  static void SetUpTestSuite() {
    prepare_for_many_lives();
    testing::a_sale();  // reads the time zones, which is the test's own doing
  }

  const std::filesystem::path& folder() const { return place_; }

  void begin_anew() {
    place_ = folder_.path() / std::to_string(::getpid());
    std::filesystem::remove_all(folder());
    std::filesystem::create_directories(folder());
    settings_.file = folder() / "journal.db";
    answers_.renew();
  }

  void live(Doctor& doctor) {
    Result<Journal> journal = open_with(doctor, [this] { return try_open(); });
    if (!journal.ok()) return;
    for (int i = 0; i < 4; ++i) {
      doctor.look_at(sell_one(*journal));
      if (i % 2 == 1) doctor.look_at(deliver(*journal));
    }
    doctor.look_at(journal->erase_customer("+911234567890"));
    doctor.look_at(journal->tend());
    doctor.cure();
    doctor.expect_health(sell_one(*journal));
  }

  Finding check(std::int64_t unanswered) {
    Result<Finding> found = open_and_compare(unanswered);
    if (found.ok()) return *std::move(found);
    return {.damaged = true, .what = found.error().message()};
  }

  void adopt_unanswered() {
    const std::vector<Event> events = open_reader().events_from(Sequence(1), kMany).value();
    for (std::size_t i = 0; i < events.size(); ++i) answers_->hashes.at(i) = hash(events[i]);
    answers_->confirmed = std::ssize(events);
  }

 private:
  static constexpr int kMany = 1000;

  struct Answers {
    std::atomic<std::int64_t> confirmed = 0;     ///< events, which are 1 … confirmed
    std::array<Digest, kMany> hashes = {};       ///< of event i + 1
    std::atomic<std::int64_t> delivered_to = 0;  ///< acknowledged by the hub, and the till knows
  };

  Status sell_one(Journal& journal) {
    if (journal.unsettled()) {
      const auto event = journal.settle();
      if (!event.ok() && journal.unsettled()) return event.error();
      if (event.ok()) confirm(*event);
    }
    const auto event = journal.append(testing::some_invoice(random_, clock_),
                                      testing::state_after(answers_->confirmed + 1));
    if (!event.ok()) return event.error();
    confirm(*event);
    return {};
  }

  void confirm(const Event& event) {
    const std::int64_t sequence = event.identity.sequence.value();
    answers_->hashes.at(static_cast<std::size_t>(sequence - 1)) = hash(event);
    answers_->confirmed = sequence;
  }

  /// The hub has everything but the newest event.
  Status deliver(Journal& journal) {
    const std::int64_t to = answers_->confirmed - 1;
    if (to < 1) return {};
    Ack ack{"epoch", journal.incarnation(), {}, {}, 50};
    ack.have.insert(SequenceRange{1, to});
    TILLSIGHT_TRY(journal.acknowledge(ack));
    answers_->delivered_to = to;
    return {};
  }

  Result<Finding> open_and_compare(std::int64_t unanswered) {
    TILLSIGHT_ASSIGN(Journal journal, try_open());
    JournalReader reader = open_reader();
    TILLSIGHT_TRY(reader.verify_chain());
    TILLSIGHT_ASSIGN(const std::vector<Event> events, reader.events_from(Sequence(1), kMany));
    const std::int64_t confirmed = answers_->confirmed;
    const auto last = std::ssize(events);
    if (last < confirmed || last > confirmed + unanswered) {
      return Finding{.lost = last<confirmed, .damaged = last> confirmed,
                     .what = format("{} events, and {} were confirmed", last, confirmed)};
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(confirmed); ++i) {
      if (hash(events[i]) == answers_->hashes.at(i)) continue;
      return Finding{.lost = true, .what = format("event {} is another", i + 1)};
    }
    TILLSIGHT_ASSIGN(const std::string state, journal.counter_state());
    if (state != (last == 0 ? "" : testing::state_after(last))) {
      return Finding{.damaged = true, .what = "the counter's state is " + state};
    }
    return compare_outbox(last, reader);
  }

  Result<Finding> compare_outbox(std::int64_t last, JournalReader& reader) {
    TILLSIGHT_ASSIGN(const std::vector<Event> pending, reader.pending(Sequence(0), kMany));
    const std::int64_t first = pending.empty() ? last + 1 : pending[0].identity.sequence.value();
    if (std::ssize(pending) == last - first + 1 && first > answers_->delivered_to) return Finding{};
    return Finding{.damaged = true, .what = "the outbox is not what the hub lacks"};
  }

  std::filesystem::path place_;
  SharedWithChildren<Answers> answers_;
};

}  // namespace tillsight::faults
