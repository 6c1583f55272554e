#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/journal/pin_desk.hpp"

namespace tillsight::cli {
namespace {

struct Options {
  std::string config = "config/till.toml";
  std::string name;
  std::string role = "clerk";
};

/// While it lives, what is typed is not shown.
class NoEcho {
 public:
  NoEcho() {
    is_terminal_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_terminal_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  bool is_terminal() const { return is_terminal_; }

 private:
  termios before_{};
  bool is_terminal_ = false;
};

Result<std::string> read_line(std::string_view prompt, bool is_terminal) {
  if (is_terminal) std::cerr << prompt;
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  if (is_terminal) std::cerr << '\n';
  if (read) return line;
  return error(Code::kInvalidArgument, "no PIN came on standard input; type it, or pipe it in");
}

/// Twice from a hand, once from a pipe. Never from the command line, which everybody can read.
Result<std::string> ask_pin() {
  const NoEcho quiet;
  TILLSIGHT_ASSIGN(std::string pin, read_line("PIN: ", quiet.is_terminal()));
  if (!quiet.is_terminal()) return pin;
  TILLSIGHT_ASSIGN(const std::string again, read_line("The same again: ", true));
  if (pin == again) return pin;
  return error(Code::kInvalidArgument, "the two PINs are not the same; begin again");
}

struct Place {
  std::filesystem::path file;
  CashierBook book;
};

Result<Place> open_book(const Options& options) {
  TILLSIGHT_ASSIGN(const app::TillSettings settings, app::load_till_settings(options.config));
  const std::filesystem::path file = cashiers_file(settings.journal);
  auto book = load_cashiers(file);
  if (book.ok()) return Place{file, *std::move(book)};
  if (book.error().code() != Code::kNotFound) return book.error();
  SystemRandom random;
  return Place{file, CashierBook(random)};
}

Status add(const Options& options) {
  TILLSIGHT_ASSIGN(const Role role, parse_role(options.role));
  TILLSIGHT_ASSIGN(Place place, open_book(options));
  TILLSIGHT_ASSIGN(const std::string pin, ask_pin());
  TILLSIGHT_TRY(place.book.add(options.name, role, pin));
  TILLSIGHT_TRY(save_cashiers(place.file, place.book));
  std::cout << options.name << " may sign in as " << name(role) << '\n';
  return {};
}

Status disable(const Options& options) {
  TILLSIGHT_ASSIGN(Place place, open_book(options));
  TILLSIGHT_TRY(place.book.disable(options.name));
  TILLSIGHT_TRY(save_cashiers(place.file, place.book));
  std::cout << options.name << " may sign in no more\n";
  return {};
}

Status change_pin(const Options& options) {
  TILLSIGHT_ASSIGN(Place place, open_book(options));
  TILLSIGHT_ASSIGN(const std::string pin, ask_pin());
  TILLSIGHT_TRY(place.book.set_pin(options.name, pin));
  TILLSIGHT_TRY(save_cashiers(place.file, place.book));
  std::cout << options.name << " has a new PIN\n";
  return {};
}

Status list(const Options& options) {
  TILLSIGHT_ASSIGN(const Place place, open_book(options));
  for (const CashierBook::Cashier& cashier : place.book.cashiers()) {
    std::cout << format("{:<12}{:<10}{}\n", name(cashier.role), cashier.disabled ? "disabled" : "",
                        cashier.name);
  }
  return {};
}

}  // namespace

void add_cashier(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("cashier", "who may sign in at a till");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto part = [&](const char* word, const char* what, Status (*what_it_does)(const Options&),
                        const char* example) {
    CLI::App* one = command->add_subcommand(word, what);
    one->footer(
        std::string("The PIN is asked for, or read from standard input. A running till takes "
                    "notice at once.\n\nExample:\n  ") +
        example);
    one->add_option("--config", options->config, "the till's settings")->capture_default_str();
    one->callback([&run, options, what_it_does] {
      run = [options, what_it_does] { return what_it_does(*options); };
    });
    return one;
  };
  CLI::App* adds = part("add", "lets somebody sign in", add,
                        "tillsight cashier add Meera --role supervisor --config "
                        "/etc/tillsight/till.toml");
  adds->add_option("--role", options->role, "clerk or supervisor")
      ->check(CLI::IsMember({"clerk", "supervisor"}))
      ->capture_default_str();
  CLI::App* disables = part("disable", "lets somebody sign in no more", disable,
                            "tillsight cashier disable Meera --config /etc/tillsight/till.toml");
  CLI::App* pins = part("pin", "gives somebody a new PIN", change_pin,
                        "tillsight cashier pin Meera --config /etc/tillsight/till.toml");
  part("list", "who may sign in, and as what", list,
       "tillsight cashier list --config /etc/tillsight/till.toml");
  for (CLI::App* one : {adds, disables, pins}) {
    one->add_option("NAME", options->name, "whose")->required();
  }
}

}  // namespace tillsight::cli
