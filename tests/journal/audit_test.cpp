// Goal: a till's journal proves itself beside the running till, and what was changed in it is
// named. Method: a real journal; then somebody with a shell.
#include "tillsight/journal/audit.hpp"

#include <gmock/gmock.h>

#include "tests/journal/till_box.hpp"

namespace tillsight {
namespace {

using testing::a_line;
using testing::a_sale;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TillBox;

class JournalAudits : public TillBox {
 protected:
  Audit audit() {
    Audit found;
    const Status done = audit_journal(settings_.file, found, [](double) {});
    EXPECT_TRUE(done.ok()) << done.error().message();
    return found;
  }
  void sell_bananas(Journal& journal, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(journal.append(a_sale({a_line("banana", 300)}, clock_), "{}").ok());
    }
  }
};

TEST_F(JournalAudits, ProveAWholeJournalBesideItsTill) {
  Journal journal = open_journal();
  sell_bananas(journal, 3);
  const Audit found = audit();
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.journals.size(), 1u);
  EXPECT_EQ(found.journals[0].events, 3);
  EXPECT_EQ(found.periods.begin()->second.sales, 3);
  ASSERT_EQ(found.remarks.size(), 1u);
  EXPECT_THAT(found.remarks[0], HasSubstr("not yet acknowledged 3"));
}

TEST_F(JournalAudits, NameWhatWasChangedAndWhatIsMissing) {
  {
    Journal journal = open_journal();
    sell_bananas(journal, 4);
  }
  auto db = sql::Connection::open(settings_.file).value();
  ASSERT_TRUE(db.execute("UPDATE event SET sealed = replace(sealed, '\"cash\"', '\"CASH\"') WHERE "
                         "sequence = 2; DELETE FROM outbox; DELETE FROM event WHERE sequence = 3")
                  .ok());
  const Audit found = audit();
  ASSERT_GE(found.problems.size(), 2u);
  EXPECT_THAT(found.problems.front(), HasSubstr("/2: is not what was sealed"));
  EXPECT_THAT(found.problems.back(), HasSubstr("/3: is missing"));
}

}  // namespace
}  // namespace tillsight
