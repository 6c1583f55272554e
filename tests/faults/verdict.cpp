#include "tests/faults/verdict.hpp"

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "tillsight/core/check.hpp"

namespace tillsight::faults {
namespace {

/// A verdict as it crosses a pipe: in one write, which is atomic up to 4,096 bytes.
struct Report {
  std::int64_t tried = 0;
  std::int64_t lost = 0;
  std::int64_t damaged = 0;
  std::array<char, 1024> first{};
};

Report report_of(const Verdict& verdict) {
  Report report{verdict.tried, verdict.lost, verdict.damaged, {}};
  verdict.first.copy(report.first.data(), report.first.size() - 1);
  return report;
}

}  // namespace

void Verdict::add(const Finding& finding, const std::string& where) {
  ++tried;
  lost += finding.lost;
  damaged += finding.damaged;
  if (first.empty() && !finding.what.empty()) first = where + ": " + finding.what;
}

Verdict& Verdict::operator+=(const Verdict& other) {
  tried += other.tried;
  lost += other.lost;
  damaged += other.damaged;
  if (first.empty()) first = other.first;
  return *this;
}

Verdict in_two_processes(std::int64_t wanted,
                         const std::function<Verdict(std::uint64_t)>& verdict_of) {
  constexpr std::uint64_t kProcesses = 2;
  int ends[2];
  TILLSIGHT_CHECK(::pipe(ends) == 0, "no pipe");
  std::array<pid_t, kProcesses> children{};
  for (std::uint64_t process = 0; process < kProcesses; ++process) {
    children.at(process) = ::fork();
    if (children.at(process) != 0) continue;
    ::close(ends[0]);
    ::mallopt(M_TRIM_THRESHOLD, 1 << 30);  // what one try frees the next one needs
    Verdict own;
    for (std::uint64_t seed = 1 + process; own.tried * 2 < wanted; seed += kProcesses) {
      own += verdict_of(seed);
    }
    const Report report = report_of(own);
    ::_exit(::write(ends[1], &report, sizeof report) == sizeof report ? 0 : 1);
  }
  ::close(ends[1]);
  Verdict all;
  std::uint64_t reports = 0;
  for (Report report; ::read(ends[0], &report, sizeof report) == sizeof report; ++reports) {
    all += Verdict{report.tried, report.lost, report.damaged, report.first.data()};
  }
  ::close(ends[0]);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  if (reports != kProcesses) all += Verdict{0, 0, 1, "a process that tries has died"};
  return all;
}

}  // namespace tillsight::faults
