/// \file
/// A head office on a folder of its own, and what tills send it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/sales.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/hub/ingest.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {

inline const std::string kEventsOfT01 = topics::events(StoreId("S01"), TillId("T01"));
inline const std::string kStatusOfT01 = topics::status(StoreId("S01"), TillId("T01"));

class HeadOffice : public ::testing::Test {
 protected:
  HeadOffice() { start(); }

  void start() {
    store_.emplace(HubStore::open(folder(), clock_, random_).value());
    ingest_.emplace(*store_, clock_);
  }
  void stop() {
    ingest_.reset();
    store_.reset();
  }
  void restart() {
    stop();
    start();
  }

  std::filesystem::path folder() const { return dir_ / "hub"; }

  void receive(std::string_view payload, std::string_view topic = kEventsOfT01) {
    EXPECT_TRUE(ingest_->receive(topic, payload).ok());
  }
  void receive(const std::vector<Event>& events) { receive(to_cloud_events(events)); }

  std::vector<AddressedAck> flush() { return ingest_->flush().value(); }
  /// \pre exactly one journal was touched
  Ack flush_one() {
    auto acks = flush();
    EXPECT_EQ(acks.size(), 1u);
    return acks.at(0).ack;
  }

  /// The one number that `sql` answers, read as a stranger reads it: over a new connection.
  std::int64_t number(std::string_view sql) const {
    auto db = open_for_reading(folder(), Persons::kShown).value();
    auto query = db.prepare(sql).value();
    EXPECT_TRUE(query.step().value());
    return query.integer(0);
  }
  std::string text(std::string_view sql) const {
    auto db = open_for_reading(folder(), Persons::kShown).value();
    auto query = db.prepare(sql).value();
    EXPECT_TRUE(query.step().value());
    return std::string(query.text(0));
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{7};
  std::optional<HubStore> store_;
  std::optional<Ingest> ingest_;
};

inline SequenceRanges ranges(std::initializer_list<SequenceRange> list) {
  SequenceRanges result;
  for (const SequenceRange& range : list) result.insert(range);
  return result;
}

/// `count` sales of one till, in order.
inline std::vector<Event> sales(testing::EventChain& till, int count) {
  std::vector<Event> events;
  for (int i = 0; i < count; ++i) events.push_back(till.next());
  return events;
}

}  // namespace tillsight::hub
