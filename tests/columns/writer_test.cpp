// Goal: the files of the copy are never trusted wrongly: whatever happens to them, answers are
// those of hub.db; and they are kept small, whole and current.
// Method: random shops; files that are extended step by step, deleted, cut, changed, torn;
// customers who are erased; readers beside a writer.
#include "tillsight/columns/writer.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "tests/columns/random_shop.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::columns {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;

const Query kEverything{
    .by = {Dimension::kStore, Dimension::kTill, Dimension::kDate, Dimension::kItem,
           Dimension::kCustomer, Dimension::kKind},
    .measures = {kGrossSum, kLineCount, kInvoiceCount, {Reckoning::kSum, Amount::kQuantity}},
    .filter = {.where = {where("kind in sale,refund,void")}}};

class Files : public RandomShop {
 protected:
  /// What hub.db says, without the files.
  std::vector<std::string> truth() const {
    const auto aside = dir_ / "aside";
    std::error_code none;
    std::filesystem::rename(files(), aside, none);
    const auto rows = ask(kEverything);
    std::filesystem::rename(aside, files(), none);
    return rows;
  }
  std::vector<std::filesystem::path> names(std::string_view ending) const {
    std::vector<std::filesystem::path> found;
    for (const auto& file : std::filesystem::directory_iterator(files())) {
      if (file.path().string().ends_with(ending)) found.push_back(file.path());
    }
    std::ranges::sort(found);
    return found;
  }
  static void change_byte(const std::filesystem::path& file, std::int64_t at) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(at, at < 0 ? std::ios::end : std::ios::beg);
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(at, at < 0 ? std::ios::end : std::ios::beg);
    bytes.put(static_cast<char>(was ^ 0x40));
  }
  void expect_true_and_in_files() {
    const auto columns = view();
    EXPECT_EQ(columns->lines_in_memory(), 0);
    EXPECT_THAT(ask(kEverything), Eq(truth()));
  }
};

TEST_F(Files, ExtendedStepByStepAreAsIfBuiltAtOnce) {
  Writer files = writer();
  std::int64_t lines = 0;
  for (int step = 0; step < 30; ++step) {
    sell_at_random(1 + below(30), {.days = 90});
    lines += files.extend().value().lines;
  }
  EXPECT_EQ(view()->lines(), lines);
  expect_true_and_in_files();
  const auto by_steps = ask(kEverything);
  const auto rebuilt = files.rebuild();
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message();
  EXPECT_EQ(rebuilt->lines, lines);
  EXPECT_TRUE(rebuilt->anew);
  expect_true_and_in_files();
  EXPECT_THAT(ask(kEverything), Eq(by_steps));
}

TEST_F(Files, WhatIsNotYetInThemIsReadFromTheDatabase) {
  sell_at_random(100);
  extend();
  const auto before = view();
  EXPECT_EQ(before->lines_in_memory(), 0);
  sell_at_random(50, {.days = 500, .customers = 90});
  const auto after = view(before.get());
  EXPECT_GT(after->lines_in_memory(), 0);
  EXPECT_GT(after->cursor(), before->cursor());
  EXPECT_THAT(ask(kEverything), Eq(truth()));
}

TEST_F(Files, SalesOfEarlierDaysThatComeLateAreInTheirMonth) {
  Writer files = writer();
  for (int day = 300; day >= 0; day -= 10) {
    Invoice late = an_invoice(day);
    late.lines = {testing::a_line("apple", 100 + day)};
    total_up(late);
    book(std::move(late));
    commit();
    ASSERT_TRUE(files.extend().ok());
  }
  expect_true_and_in_files();
  EXPECT_THAT(ask({.measures = {kGrossSum},
                   .filter = {.from = std::chrono::year(2024) / 1 / 11,
                              .to = std::chrono::year(2024) / 1 / 21}}),
              ElementsAre("230|"));
}

TEST_F(Files, StayFewHoweverOftenTheyAreExtended) {
  Writer files = writer();
  for (int step = 0; step < 200; ++step) {
    Invoice invoice = an_invoice(0);
    invoice.customer = Customer{"", "", phone(step)};
    invoice.lines = {random_line()};
    total_up(invoice);
    book(std::move(invoice));
    commit();
    ASSERT_TRUE(files.extend().ok());
  }
  EXPECT_LE(names(".segment").size(), 8u);
  EXPECT_LE(names(".dictionary").size(), 64u);
  expect_true_and_in_files();
}

TEST_F(Files, AreLeftAloneWhenThereIsNothingNew) {
  sell_at_random(10);
  Writer files = writer();
  ASSERT_TRUE(files.extend().ok());
  const auto written = std::filesystem::last_write_time(this->files() / "manifest");
  const auto again = files.extend();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->lines, 0);
  EXPECT_FALSE(again->anew);
  EXPECT_EQ(std::filesystem::last_write_time(this->files() / "manifest"), written);
}

TEST_F(Files, DamagedAnywhereAreNoticedAndBuiltAnew) {
  sell_at_random(200, {.days = 40});
  for (const std::string_view ending : {".segment", ".dictionary", "manifest"}) {
    for (const std::int64_t at : {0, 100, 180, -3}) {
      extend();
      const auto truly = truth();
      change_byte(names(ending).front(), at);
      const auto columns = view();
      auto found = answer(*columns, kEverything);
      if (!found.ok()) {
        EXPECT_EQ(found.error().code(), Code::kDataLoss) << ending << at;
        EXPECT_THAT(found.error().message(), HasSubstr("is not what was written"));
        forget_damaged(hub());
        found = answer(*view(), kEverything);
      }
      ASSERT_TRUE(found.ok()) << found.error().message();
      EXPECT_THAT(texts(*found), Eq(truly)) << ending << at;
      EXPECT_TRUE(extend().anew) << ending << at;
      expect_true_and_in_files();
    }
  }
}

TEST_F(Files, CutShortMissingOrTornAreNoticed) {
  sell_at_random(200, {.days = 40});
  const std::vector<std::function<void()>> harm = {
      [&] { std::filesystem::resize_file(names(".segment").front(), 100); },
      [&] { std::filesystem::remove(names(".segment").back()); },
      [&] { std::filesystem::remove(names(".dictionary").front()); },
      [&] { std::filesystem::remove(files() / "manifest"); },
      [&] { std::filesystem::remove_all(files()); },
      [&] {
        const auto size = std::filesystem::file_size(files() / "manifest");
        std::filesystem::resize_file(files() / "manifest", size / 2);
      },
      [&] { std::ofstream(files() / "manifest", std::ios::trunc).close(); }};
  for (std::size_t i = 0; i < harm.size(); ++i) {
    extend();
    const auto truly = truth();
    harm[i]();
    EXPECT_THAT(ask(kEverything), Eq(truly)) << i;
    EXPECT_TRUE(extend().anew) << i;
    expect_true_and_in_files();
  }
}

TEST_F(Files, AWriterThatRunsNoticesThatTheyAreGone) {
  sell_at_random(50);
  Writer files = writer();
  ASSERT_TRUE(files.extend().ok());
  forget_damaged(hub());
  EXPECT_TRUE(files.extend().value().anew);
  expect_true_and_in_files();
}

TEST_F(Files, OfAnotherDatabaseAreNotUsed) {
  sell_at_random(50);
  extend();
  const TempDir other_dir;
  const auto other = other_dir / "hub";
  SeededRandom random(99);
  { ASSERT_TRUE(hub::HubStore::open(other, clock_, random).ok()); }
  std::filesystem::copy(files(), other / "columns");
  const auto columns = Columns::open(other);
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)->lines(), 0);
  EXPECT_TRUE(Writer::open(other)->extend().value().anew);
}

TEST_F(Files, WhatACrashLeftIsTidiedAway) {
  sell_at_random(20);
  extend();
  ASSERT_TRUE(write_file_atomically(files() / "0.99.segment", "half").ok());
  ASSERT_TRUE(write_file_atomically(files() / "0.100.segment.new", "half").ok());
  sell_at_random(5);
  extend();
  EXPECT_FALSE(std::filesystem::exists(files() / "0.99.segment"));
  EXPECT_FALSE(std::filesystem::exists(files() / "0.100.segment.new"));
  expect_true_and_in_files();
}

TEST_F(Files, HaveOneWriter) {
  const Writer first = writer();
  const auto second = Writer::open(hub());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Code::kFailedPrecondition);
  EXPECT_THAT(second.error().message(), HasSubstr("another process keeps these files"));
  EXPECT_EQ(Writer::open(dir_ / "nothing").error().code(), Code::kNotFound);
}

TEST_F(Files, ABuildThatWasStoppedGoesOn) {
  sell_at_random(20);
  Writer files = writer();
  const auto stopped = files.extend([](double) { return false; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  double done = 0;
  sell_at_random(20);
  EXPECT_TRUE(files
                  .extend([&](double now) {
                    done = now;
                    return true;
                  })
                  .ok());
  EXPECT_EQ(done, 1);
  expect_true_and_in_files();
}

class Erasure : public Files {
 protected:
  void sell_to(int customer, int day) {
    Invoice invoice = an_invoice(day);
    invoice.customer = Customer{"Asha", "Rao", phone(customer)};
    invoice.lines = {testing::a_line("apple", 100)};
    total_up(invoice);
    book(std::move(invoice));
    commit();
  }
  void erase(int customer) { ASSERT_TRUE(store_.erase_customer(phone(customer), random_).ok()); }
  std::string pseudonym(int day) const {
    return sql("SELECT customer FROM v_invoices WHERE cursor = " + std::to_string(day))[0];
  }
  std::size_t visits() const {
    return ask({.by = {Dimension::kCustomer}, .measures = {kInvoiceCount}}).size();
  }
};

TEST_F(Erasure, IsFollowedByReadersAndFiles) {
  sell_to(1, 0);
  sell_to(2, 1);
  sell_to(1, 2);
  extend();
  const std::string old = pseudonym(1).substr(0, 32);
  erase(1);
  EXPECT_THAT(ask(kEverything), Eq(truth()));
  EXPECT_FALSE(view()->find(Field::kCustomer, old));
  sell_to(1, 3);  // again, under the pseudonym of the phone
  EXPECT_THAT(ask(kEverything), Eq(truth()));
  EXPECT_EQ(visits(), 3u);
  extend();
  expect_true_and_in_files();
  EXPECT_TRUE(view()->find(Field::kCustomer, old));
  erase(1);
  erase(2);
  sell_to(2, 4);
  extend();
  expect_true_and_in_files();
  EXPECT_EQ(visits(), 4u);
}

TEST_F(Erasure, LeavesNoOldPseudonymInTheFiles) {
  sell_to(1, 0);
  extend();
  const std::string old = pseudonym(1).substr(0, 32);
  erase(1);
  extend();
  for (const auto& file : names("")) {
    EXPECT_THAT(read_file(file).value(), Not(HasSubstr(old))) << file;
  }
}

TEST_F(Files, AreReadWhileTheyAreExtended) {
  sell_at_random(50, {.days = 20});
  extend();
  std::jthread reader([&](const std::stop_token& stop) {
    std::shared_ptr<const Columns> last;
    while (!stop.stop_requested()) {
      const auto columns = Columns::open(hub(), last.get());
      ASSERT_TRUE(columns.ok()) << columns.error().message();
      last = *columns;
      const Query count{.measures = {kLineCount, kInvoiceCount},
                        .filter = {.where = {where("kind in sale,refund,void")}}};
      const auto found = answer_in_numbers(*last, count);
      ASSERT_TRUE(found.ok()) << found.error().message();
      EXPECT_EQ(found->columns[0].numbers[0], last->lines());
      EXPECT_EQ(found->columns[1].numbers[0], last->invoices());
    }
  });
  Writer files = writer();
  for (int step = 0; step < 25; ++step) {
    sell_at_random(10, {.days = 20});
    ASSERT_TRUE(step % 10 == 9 ? files.rebuild().ok() : files.extend().ok());
  }
  reader.request_stop();
  reader.join();
  expect_true_and_in_files();
}

}  // namespace
}  // namespace tillsight::columns
