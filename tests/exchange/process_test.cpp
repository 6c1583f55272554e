// Goal: the real program, killed at any moment of an import, has lost and doubled nothing when it
// is run again; a stop ends it cleanly; and it never writes beside a running hub. Method: the
// program as a process, killed whenever another batch has become durable, and the rows compared
// with those of an import that nobody disturbed.
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <csignal>

#include "tests/exchange/shop_files.hpp"

namespace tillsight::exchange {
namespace {

using ::testing::HasSubstr;

constexpr int kInvoices = 30'000;
constexpr std::chrono::seconds kPatience{60};

class ImportProcess : public ShopFiles {
 protected:
  ImportProcess() {
    store_.reset();
    std::filesystem::remove_all(hub());
    std::ofstream out(file("long.csv"));
    out << "invoice_no,store,till,date,time_zone,currency,phone,sku,item,quantity,unit_price\n";
    for (int i = 0; i < kInvoices; ++i) {
      for (int line = 0; line < 3; ++line) {
        out << format(
            "K{},S01,T01,2025-0{}-1{},Asia/Kolkata,INR,+447700900{:03},s{},Item {},{},1.5\n", i,
            1 + i % 9, i % 10, i % 1000, line, line, 1 + line);
      }
    }
  }

  pid_t start(const std::filesystem::path& data) const {
    const std::string into = data.string();
    const std::string from = file("long.csv").string();
    const std::string said = file("said").string();
    posix_spawn_file_actions_t output;
    ::posix_spawn_file_actions_init(&output);
    ::posix_spawn_file_actions_addopen(&output, 1, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
    ::posix_spawn_file_actions_adddup2(&output, 1, 2);
    const char* const arguments[] = {TILLSIGHT_PROGRAM, "import",     from.c_str(),
                                     "--data",          into.c_str(), nullptr};
    pid_t child = 0;
    const int failure = ::posix_spawn(&child, TILLSIGHT_PROGRAM, &output, nullptr,
                                      const_cast<char* const*>(arguments), environ);
    EXPECT_EQ(failure, 0);
    ::posix_spawn_file_actions_destroy(&output);
    return child;
  }
  static int end_of(pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int run(const std::filesystem::path& data) const { return end_of(start(data)); }
  std::string said() const { return read_file(file("said")).value(); }

  static std::int64_t invoices(const std::filesystem::path& data) {
    auto db = hub::open_for_reading(data, hub::Persons::kHidden);
    if (!db.ok()) return 0;
    auto count = db->prepare("SELECT count(*) FROM v_invoices");
    if (!count.ok() || !count->step().ok()) return 0;
    return count->integer(0);
  }
  /// All that was imported, however it came.
  static std::string content(const std::filesystem::path& data) {
    auto db = hub::open_for_reading(data, hub::Persons::kShown).value();
    auto rows = db.prepare(
                      "SELECT count(*), count(DISTINCT invoice_no), sum(gross), sum(lines), "
                      "group_concat(DISTINCT date) FROM (SELECT * FROM v_invoices ORDER BY "
                      "date)")
                    .value();
    EXPECT_TRUE(rows.step().value());
    auto persons = db.prepare(
                         "SELECT count(*), count(DISTINCT customer) FROM persons.person JOIN "
                         "invoice ON person.id = invoice.person")
                       .value();
    EXPECT_TRUE(persons.step().value());
    return format("{} {} {} {} {} {} {}", rows.integer(0), rows.integer(1), rows.integer(2),
                  rows.integer(3), rows.text(4), persons.integer(0), persons.integer(1));
  }

  /// \return whether another batch became durable while the child lived.
  static bool wait_for_more(const std::filesystem::path& data, std::int64_t than, pid_t child) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (invoices(data) > than) return true;
      siginfo_t ended{};
      if (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          ended.si_pid == child) {
        return false;
      }
    }
    return false;
  }
};

TEST_F(ImportProcess, KilledAtAnyMomentGoesOnWithNothingLostOrDoubled) {
  const auto undisturbed = file("undisturbed");
  ASSERT_EQ(run(undisturbed), 0) << said();
  EXPECT_THAT(said(), HasSubstr("90000 rows = 90000 stored + 0 there already + 0 rejected; 30000"));

  const auto disturbed = file("disturbed");
  int kills = 0;
  for (std::int64_t stored = 0;;) {
    const pid_t child = start(disturbed);
    const bool more = wait_for_more(disturbed, stored, child);
    ::kill(child, SIGKILL);
    if (end_of(child) == 0 || !more) break;
    ++kills;
    stored = invoices(disturbed);
  }
  EXPECT_GE(kills, 2);
  ASSERT_EQ(run(disturbed), 0) << said();
  EXPECT_EQ(content(disturbed), content(undisturbed));
}

TEST_F(ImportProcess, EndsAtABatchWhenItIsToldTo) {
  const auto data = file("stopped");
  const pid_t child = start(data);
  ASSERT_TRUE(wait_for_more(data, 0, child));
  ::kill(child, SIGTERM);
  EXPECT_EQ(end_of(child), 1) << said();
  EXPECT_THAT(said(), HasSubstr("stopped before its end; run the same command to go on"));
  const std::int64_t stored = invoices(data);
  EXPECT_THAT(said(), HasSubstr(format("{} rows = {} stored", stored * 3, stored * 3)));
  ASSERT_EQ(run(data), 0) << said();
  EXPECT_THAT(said(), HasSubstr(format("{} there already + 0 rejected", stored * 3)));
  EXPECT_EQ(invoices(data), kInvoices);
}

TEST_F(ImportProcess, RefusesToWriteBesideARunningHub) {
  open();
  EXPECT_EQ(run(hub()), 2);
  EXPECT_THAT(said(), HasSubstr("another hub works in this folder; stop it"));
}

}  // namespace
}  // namespace tillsight::exchange
