/// \file
/// Records ─► whole invoices. The lines of an invoice need not stand together, but near: what lies
/// further apart than kRowsApart is taken for two invoices.
///
/// An invoice is stored whole or not at all: one bad row rejects its others, too.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "exchange/records.hpp"
#include "exchange/translator.hpp"

namespace tillsight::exchange {

inline constexpr std::int64_t kRowsApart = 10'000;

/// A row of the file, kept in case that it is rejected.
struct KeptRow {
  std::int64_t line = 0;
  std::string raw;
  std::string wrong;  ///< empty: nothing
};

struct Assembled {
  hub::ImportedInvoice imported;  ///< complete if nothing is wrong
  std::vector<KeptRow> rows;
  std::string wrong;            ///< of the invoice as a whole, or the first of its rows
  std::int64_t wrong_line = 0;  ///< 0: nothing is wrong
};

class Assembler {
 public:
  /// \param translator must outlive this.
  explicit Assembler(Translator& translator) : translator_(translator) {}

  void take(Record& record);
  /// Moves the invoices that are complete, in the order of their first rows, behind `into`.
  void take_complete(std::vector<Assembled>& into);
  /// The file is at its end: all are.
  void take_rest(std::vector<Assembled>& into);

 private:
  struct Open {
    std::string key;
    std::int64_t first_row = 0;  ///< counted, not the line of the file
    std::string total;
    Assembled assembled;
  };
  Open& open_for(const Record& record);
  void add(Open& open, Record& record);
  Assembled close();

  Translator& translator_;
  std::list<Open> open_;  ///< by first row
  std::unordered_map<std::string, Open*> by_key_;
  std::vector<Assembled> lost_;  ///< rows that do not tell their invoice
  std::string key_;
  std::int64_t rows_ = 0;
  std::size_t bytes_ = 0;  ///< of the rows that are kept
};

}  // namespace tillsight::exchange
