/// \file
/// Somebody who sells at a till as fast as it answers, over its socket, and writes down every sale
/// that the till says is paid; who comes back after the till has died, looks at its screen, and
/// goes on from there.
///
/// A sale whose answer the till's death cut off is looked up on the restarted till's screen, as a
/// person would: it shows either the payment (without a number) or a sale that is still to be paid.
/// So at no moment is the clerk in doubt about what was sold.
///
/// **Threads** thread-bound; never blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tillsight/core/random.hpp"

namespace tillsight::test {

/// A sale that the clerk may rely on.
struct Sold {
  std::string invoice_no;  ///< empty: the till died before it could say
  std::string gross;       ///< as shown
  std::string sealed;      ///< empty: the till died before it could say
};

class Clerk {
 public:
  /// \param ledger has every sale as a line before the next begins. \param random must outlive
  /// the clerk.
  Clerk(std::string till, std::filesystem::path socket, const std::filesystem::path& ledger,
        Random& random);
  Clerk(Clerk&& other) noexcept;
  ~Clerk();

  /// −1 while there is no till to talk to; come to it with turn() now and then.
  int fd() const { return fd_; }
  /// Connects if need be, takes in what the till has said, and does what comes next.
  void turn();
  /// No further sale is begun once so many are sold; the one that is open is paid.
  void sell_up_to(std::size_t sales) { quota_ = sales; }
  /// Has sold what was asked for: nothing is open and nothing unanswered.
  bool at_rest() const { return fd_ >= 0 && doing_ == Doing::kNothing && sold_.size() >= quota_; }

  const std::string& till() const { return till_; }
  const std::vector<Sold>& sold() const { return sold_; }
  /// What the till has said that makes no sense, and refusals; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  using Json = nlohmann::ordered_json;
  /// What the till's screen is expected to answer.
  enum class Doing { kLooking, kAdding, kPaying, kNothing };

  void connect();
  void lose_till();
  bool read_some();
  void say(const Json& action);
  void take(const Json& line);
  void look(const Json& sale);
  void committed(const Json& line);
  void paid(std::string invoice_no, std::string gross);
  void begin_sale();
  void pay(const Json& sale);
  void write_down(const Sold& sale);

  const std::string till_;
  const std::filesystem::path socket_;
  std::ofstream ledger_;
  Random* random_;

  int fd_ = -1;
  std::string read_;
  Doing doing_ = Doing::kLooking;
  std::optional<std::string> unanswered_;  ///< gross of the payment that waits for its answer
  std::size_t quota_ = std::numeric_limits<std::size_t>::max();
  std::vector<Sold> sold_;
  std::string trouble_;
};

}  // namespace tillsight::test
