#include "tillsight/journal/pin_desk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "tillsight/core/file.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight {
namespace {

using std::chrono::seconds;

constexpr std::size_t kBookBytesMax = 1024 * 1024;
constexpr int kWrongMost = 1000;

/// Changes whenever the file does: it is replaced as a whole.
std::string look_of(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return "";
  return format("{} {} {}.{}", found.st_ino, found.st_size, found.st_mtim.tv_sec,
                found.st_mtim.tv_nsec);
}

int read_attempts(const std::filesystem::path& file) {
  const auto text = read_file(file, 64);
  if (!text.ok()) return 0;
  int wrong = 0;
  std::from_chars(text->data(), text->data() + text->size(), wrong);
  return std::clamp(wrong, 0, kWrongMost);
}

/// How long the desk is closed after so many wrong PINs.
seconds closed_for(int wrong) {
  if (wrong <= PinDesk::kFree) return seconds(0);
  const int doublings = std::min(wrong - PinDesk::kFree - 1, 10);
  return std::min(PinDesk::kLongest, PinDesk::kShortest * (1 << doublings));
}

}  // namespace

std::filesystem::path cashiers_file(const std::filesystem::path& journal) {
  return journal.parent_path() / "cashiers.json";
}

Result<CashierBook> load_cashiers(const std::filesystem::path& file) {
  using std::filesystem::perms;
  TILLSIGHT_ASSIGN(const std::string text, read_file(file, kBookBytesMax));
  std::error_code failed;
  const perms rights = std::filesystem::status(file, failed).permissions();
  if (failed || (rights & (perms::group_all | perms::others_all)) != perms::none) {
    return error(Code::kFailedPrecondition,
                 "{}: others than its owner may use it; run: chmod 600 {}", file.string(),
                 file.string());
  }
  auto book = CashierBook::parse(text);
  if (book.ok()) return book;
  return error(Code::kFailedPrecondition, "{}: {}; restore it, or move it away and add everybody",
               file.string(), book.error().message());
}

Status save_cashiers(const std::filesystem::path& file, const CashierBook& book) {
  return write_file_atomically(file, book.to_json());
}

PinDesk::PinDesk(std::filesystem::path file, const Clock& clock)
    : file_(std::move(file)),
      attempts_file_(file_.string() + ".attempts"),
      clock_(clock),
      wrong_(read_attempts(attempts_file_)),
      forgets_at_(clock.monotonic_now() + kForgotten) {
  close_for_a_while();
  look();
}

void PinDesk::close_for_a_while() {
  open_at_ = clock_.monotonic_now() + closed_for(wrong_);
}

void PinDesk::look() {
  const std::string now = look_of(file_);
  if (now == seen_) return;
  seen_ = now;
  book_.reset();
  trouble_.clear();
  if (now.empty()) return;
  auto book = load_cashiers(file_);
  if (book.ok()) {
    book_ = *std::move(book);
  } else {
    trouble_ = book.error().message();
    log::error("station: {}", trouble_);
  }
}

std::optional<Roster> PinDesk::news() {
  look();
  Roster roster;
  if (book_) roster = book_->roster();
  // A book that cannot be read lets nobody in: else breaking it would open the till.
  if (!trouble_.empty()) roster.asked = true;
  if (roster == told_) return std::nullopt;
  told_ = roster;
  return roster;
}

void PinDesk::forget_old() {
  const MonotonicTime now = clock_.monotonic_now();
  while (wrong_ > 0 && now >= forgets_at_) {
    --wrong_;
    forgets_at_ += kForgotten;
  }
  if (wrong_ == 0) forgets_at_ = now + kForgotten;
}

Status PinDesk::open_now() {
  const auto left = open_at_ - clock_.monotonic_now();
  if (left <= MonotonicTime::duration::zero()) return {};
  return error(Code::kResourceExhausted, "too many wrong PINs; try again in {} s",
               std::chrono::ceil<seconds>(left).count())
      .with_id("pin.locked");
}

/// Before the answer is given: what is not written down could be forgotten by pulling the plug.
Status PinDesk::remember_wrong() {
  wrong_ = std::min(wrong_ + 1, kWrongMost);
  close_for_a_while();
  const Status written = write_file_atomically(attempts_file_, format("{}\n", wrong_));
  if (!written.ok()) log::error("station: {}", written.error().message());
  return error(Code::kNotFound, "nobody has this PIN; type it again").with_id("pin.wrong");
}

Result<Roster::Member> PinDesk::check(std::string_view pin, std::string_view name) {
  look();
  if (!book_) {
    const std::string why =
        trouble_.empty() ? "this till knows no cashiers; make one with 'tillsight cashier add NAME'"
                         : trouble_;
    return error(Code::kFailedPrecondition, "{}", why).with_id("needs.cashiers");
  }
  forget_old();
  TILLSIGHT_TRY(open_now());
  const CashierBook::Cashier* const cashier = book_->who(pin);
  const bool is_his = cashier != nullptr && (name.empty() || cashier->name == name);
  if (!is_his) return remember_wrong().error();
  return Roster::Member{cashier->name, cashier->role};
}

}  // namespace tillsight
