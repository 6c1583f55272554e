// Goal: payloads are as large as the wire allows and not a byte larger.
// Method: pairs of events around the limit.
#include "src/sync/batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tillsight/domain/limits.hpp"

namespace tillsight::sync {
namespace {

using ::testing::SizeIs;

OutboxEvent event_of(std::size_t bytes) {
  return {Sequence(1), std::string(bytes, 'x')};
}

TEST(Batch, APairFillsThePayloadToTheLastByte) {
  const OutboxEvent first = event_of(1000);
  const OutboxEvent fits = event_of(limits::kPayloadBytes - 1000 - 3);
  const std::vector<Batch> batches = pack({&first, &fits});
  ASSERT_THAT(batches, SizeIs(1));
  EXPECT_THAT(batches.front().payload, SizeIs(limits::kPayloadBytes));
}

TEST(Batch, OneByteMoreAndThePairIsParted) {
  const OutboxEvent first = event_of(1000);
  const OutboxEvent second = event_of(limits::kPayloadBytes - 1000 - 2);
  const std::vector<Batch> batches = pack({&first, &second});
  ASSERT_THAT(batches, SizeIs(2));
  EXPECT_THAT(batches.front().payload, SizeIs(1000));
}

TEST(Batch, AnEventOfFullSizeTravelsAlone) {
  const OutboxEvent small = event_of(10);
  const OutboxEvent full = event_of(limits::kPayloadBytes);
  EXPECT_THAT(pack({&small, &full, &small}), SizeIs(3));
  EXPECT_THAT(pack({&full}).front().payload, SizeIs(limits::kPayloadBytes));
}

TEST(Batch, NothingGivesNone) {
  EXPECT_THAT(pack({}), SizeIs(0));
}

}  // namespace
}  // namespace tillsight::sync
