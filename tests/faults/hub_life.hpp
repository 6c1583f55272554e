/// \file
/// A hub's life: it takes batches of a till's events, acknowledges them, and closes.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/faults/life.hpp"
#include "tests/journal/till_box.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::faults {

class HubLife : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { prepare_for_many_lives(); }

  HubLife() {
    for (int i = 0; i < kMany; ++i) {
      sealed_.push_back(till_.next(testing::some_invoice(random_, clock_)));
    }
  }

  const std::filesystem::path& folder() const { return place_; }

  void begin_anew() {
    place_ = folder_.path() / std::to_string(::getpid());
    std::filesystem::remove_all(folder());
    std::filesystem::create_directories(folder());
    acknowledged_.renew();
  }

  void live(Doctor& doctor) {
    auto store =
        open_with(doctor, [this] { return hub::HubStore::open(folder(), clock_, random_); });
    if (!store.ok()) return;
    hub::Ingest ingest(*store, clock_);
    for (int batch = 0; batch < 3; ++batch) doctor.look_at(take_two(ingest));
    doctor.cure();
    doctor.expect_health(take_two(ingest));
  }

  Finding check(std::int64_t unanswered) {
    Result<Finding> found = open_and_compare(unanswered);
    if (found.ok()) return *std::move(found);
    return {.damaged = true, .what = found.error().message()};
  }

  void adopt_unanswered() {
    auto store = hub::HubStore::open(folder(), clock_, random_).value();
    *acknowledged_ = store.state(journal()).have.last();
  }

  SeededRandom random_{7};

 private:
  static constexpr int kMany = 40;

  hub::JournalId journal() const { return {StoreId("S01"), TillId("T01"), till_.incarnation()}; }

  /// The till sends the next two events until they are acknowledged; what waits goes along.
  Status take_two(hub::Ingest& ingest) {
    const auto next = static_cast<std::size_t>(*acknowledged_);
    if (ingest.empty()) {
      const std::vector<Event> two{sealed_.at(next), sealed_.at(next + 1)};
      TILLSIGHT_TRY(
          ingest.receive(topics::events(StoreId("S01"), TillId("T01")), to_cloud_events(two)));
    }
    TILLSIGHT_ASSIGN(const auto acks, ingest.flush());
    for (const hub::AddressedAck& ack : acks) *acknowledged_ = ack.ack.have.last();
    return {};
  }

  Result<Finding> open_and_compare(std::int64_t unanswered) {
    TILLSIGHT_ASSIGN(hub::HubStore store, hub::HubStore::open(folder(), clock_, random_));
    TILLSIGHT_ASSIGN(sql::Connection db, hub::open_for_reading(folder(), hub::Persons::kShown));
    TILLSIGHT_TRY(db.check_integrity());
    const std::int64_t last = store.state(journal()).have.last();
    const std::int64_t acknowledged = *acknowledged_;
    if (last < acknowledged || last > acknowledged + 2 * unanswered) {
      return Finding{.lost = last<acknowledged, .damaged = last> acknowledged,
                     .what = format("{} events, and {} were acknowledged", last, acknowledged)};
    }
    TILLSIGHT_ASSIGN(sql::Statement rows,
                     db.prepare("SELECT sequence, sealed FROM event ORDER BY sequence"));
    for (std::int64_t sequence = 1; sequence <= last; ++sequence) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      const bool same = row && rows.integer(0) == sequence &&
                        rows.text(1) == sealed_.at(static_cast<std::size_t>(sequence - 1)).sealed;
      if (!same) return Finding{.lost = true, .what = format("event {} is another", sequence)};
    }
    return compare_persons(db);
  }

  static Result<Finding> compare_persons(sql::Connection& db) {
    TILLSIGHT_ASSIGN(sql::Statement nobody,
                     db.prepare("SELECT count(*) FROM invoice LEFT JOIN persons.person "
                                "ON person.id = invoice.person "
                                "WHERE invoice.customer IS NOT NULL AND person.phone IS NULL"));
    TILLSIGHT_TRY(nobody.step());
    if (nobody.integer(0) == 0) return Finding{};
    return Finding{.lost = true, .what = "a person is missing"};
  }

  TempDir folder_;
  FakeClock clock_;
  testing::EventChain till_;
  std::vector<Event> sealed_;
  std::filesystem::path place_;
  SharedWithChildren<std::atomic<std::int64_t>> acknowledged_;  ///< events 1 … acknowledged
};

}  // namespace tillsight::faults
