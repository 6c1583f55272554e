/// \file
/// Groups and what is reckoned for each: filled by one thread, then brought together.
///
/// **Threads** thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "columns/chunks.hpp"
#include "columns/dimensions.hpp"

namespace tillsight::columns {

/// One of the few things that every measure is made of.
struct Reckoned {
  enum class How { kSum, kRows, kLeast, kGreatest, kInvoices, kCustomers };
  How how = How::kRows;
  Field field = Field::kGross;  ///< of sums, least, greatest
  bool counted_only = true;     ///< not of what is only added up
  friend bool operator==(const Reckoned&, const Reckoned&) = default;
};

struct GroupPlan {
  bool by_line = false;
  std::vector<Axis> axes;
  std::vector<std::uint64_t> strides;
  std::uint64_t keys = 1;  ///< the product of all axes' groups
  bool dense = true;       ///< there is room for an entry a key
  std::vector<Reckoned> reckoned;
  std::uint32_t customers = 1;  ///< codes
};

/// Which customers were seen in which group, where both are few enough: a bit for each.
class SeenCustomers {
 public:
  static bool fits(const GroupPlan& plan);
  explicit SeenCustomers(const GroupPlan& plan);
  void add(std::uint64_t group, std::uint32_t customer) {
    words_[group * words_a_group_ + customer / 64] |= std::uint64_t{1} << (customer % 64);
  }
  /// Adds what the other has seen to what this has.
  void join(const SeenCustomers& other, std::uint64_t first_word, std::uint64_t words);
  std::int64_t count(std::uint64_t group) const;
  std::uint64_t words() const { return words_in_all_; }

 private:
  struct Free {
    void operator()(std::uint64_t* words) const;
  };
  std::uint64_t words_a_group_;
  std::uint64_t words_in_all_;
  std::unique_ptr<std::uint64_t[], Free> words_;
};

/// The groups that were found, in no order: entry i of each is of key[i].
struct Grouped {
  std::vector<std::uint64_t> keys;
  std::vector<std::vector<std::int64_t>> values;  ///< by reckoned, then by group
};

class GroupTable {
 public:
  explicit GroupTable(const GroupPlan& plan);

  void take(const Chunk& chunk);

  /// The same on any number of tables. \pre all are of the same plan
  static Grouped bring_together(const GroupPlan& plan, std::span<GroupTable> tables, int threads);

 private:
  struct Pair {
    std::uint64_t key;
    std::uint32_t customer;
    friend auto operator<=>(const Pair&, const Pair&) = default;
  };
  template <typename Key>
  void add_keys(const Chunk& chunk, std::vector<Key>& keys, std::vector<Key>& of_invoices);
  void find_ids(std::size_t count);
  std::uint32_t id_of(std::uint64_t key);
  void grow(std::size_t groups);
  void rehash();
  void reckon(const Chunk& chunk, std::size_t number);
  void reckon_all_in_one(const Chunk& chunk, std::size_t number);
  void number_invoices(const Chunk& chunk);
  void add_customers(const Chunk& chunk);
  std::uint64_t key_of(std::uint32_t id) const { return plan_.dense ? id : keys_[id]; }
  std::vector<std::size_t> places(std::span<const std::uint64_t> sorted_keys) const;
  static std::vector<std::uint64_t> all_keys(std::span<const GroupTable> tables);
  static void count_seen(std::span<GroupTable> tables, std::span<const std::uint64_t> keys,
                         std::vector<std::int64_t>& counts, int threads);
  static void count_pairs(std::span<GroupTable> tables, std::span<const std::uint64_t> sorted_keys,
                          std::vector<std::int64_t>& counts, int threads);

  const GroupPlan& plan_;
  std::optional<SeenCustomers> seen_;  // none: pairs_ are kept instead
  Picker picker_;
  std::vector<std::uint8_t> touched_;
  std::vector<std::vector<std::int64_t>> values_;
  std::vector<std::uint32_t> last_;   // invoice, by group
  std::uint32_t invoice_number_ = 0;  // of the chunk's first, less 1
  std::vector<std::uint64_t> keys_;   // by group, unless it is dense
  std::vector<std::uint32_t> slots_;  // group + 1, or 0: free
  std::vector<Pair> pairs_;
  // Scratch, of a chunk.
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> invoice_ids_;
  std::vector<std::uint64_t> wide_keys_;
  std::vector<std::uint64_t> wide_invoice_keys_;
  std::vector<std::uint32_t> invoices_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> customers_;
};

}  // namespace tillsight::columns
