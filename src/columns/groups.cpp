#include "columns/groups.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>

#include "columns/parallel.hpp"
#include "columns/segment.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight::columns {
namespace {

constexpr std::uint64_t kBitsMax = std::uint64_t{1} << 28;
constexpr std::size_t kSlotsMin = 1024;
constexpr std::size_t kShares = 64;

std::uint64_t scattered(std::uint64_t key) {
  key *= 0x9E3779B97F4A7C15ULL;
  return key ^ (key >> 32);
}

std::int64_t beginning(Reckoned::How how) {
  if (how == Reckoned::How::kLeast) return std::numeric_limits<std::int64_t>::max();
  if (how == Reckoned::How::kGreatest) return std::numeric_limits<std::int64_t>::min();
  return 0;
}

void combine(Reckoned::How how, std::int64_t& with, std::int64_t value) {
  if (how == Reckoned::How::kLeast) {
    with = std::min(with, value);
  } else if (how == Reckoned::How::kGreatest) {
    with = std::max(with, value);
  } else {
    with += value;
  }
}

/// Most dimensions of time have one group in a segment, which is of one month.
std::optional<std::uint64_t> only_group(const Segment& segment, const Axis& axis) {
  const Stored& stored = segment.stored(axis.field);
  if (axis.table.empty()) {
    if (stored.least != stored.greatest) return std::nullopt;
    return static_cast<std::uint64_t>(stored.least);
  }
  const auto group = [&](std::int64_t value) {
    return axis.table[static_cast<std::size_t>(value - axis.least)];
  };
  // Between two days of one weekday there are others.
  const bool grows = axis.dimension != Dimension::kWeekday || stored.least == stored.greatest;
  if (!grows || group(stored.least) != group(stored.greatest)) return std::nullopt;
  return group(stored.least);
}

/// A refund's amounts are negative; how many lines it has is not.
int sign_of(const Chunk& chunk, Field field) {
  return field == Field::kLines ? 1 : chunk.work->sign;
}

}  // namespace

void SeenCustomers::Free::operator()(std::uint64_t* words) const {
  std::free(words);
}

bool SeenCustomers::fits(const GroupPlan& plan) {
  return plan.dense && plan.keys <= kBitsMax / (plan.customers + 64);
}

// calloc: pages that nobody touches are never there.
SeenCustomers::SeenCustomers(const GroupPlan& plan)
    : words_a_group_((plan.customers + 63) / 64),
      words_in_all_(plan.keys * words_a_group_),
      words_(static_cast<std::uint64_t*>(std::calloc(words_in_all_, sizeof(std::uint64_t)))) {
  TILLSIGHT_CHECK(words_ != nullptr, "no memory for the customers of a query");
}

void SeenCustomers::join(const SeenCustomers& other, std::uint64_t first_word,
                         std::uint64_t words) {
  for (std::uint64_t i = first_word; i < first_word + words; ++i) words_[i] |= other.words_[i];
}

std::int64_t SeenCustomers::count(std::uint64_t group) const {
  std::int64_t sum = 0;
  const std::uint64_t first = group * words_a_group_;
  for (std::uint64_t i = 0; i < words_a_group_; ++i) sum += std::popcount(words_[first + i]);
  return sum;
}

GroupTable::GroupTable(const GroupPlan& plan) : plan_(plan), values_(plan.reckoned.size()) {
  const bool of_customers = std::ranges::any_of(
      plan.reckoned, [](const Reckoned& what) { return what.how == Reckoned::How::kCustomers; });
  if (of_customers && SeenCustomers::fits(plan)) seen_.emplace(plan);
  if (plan.dense) {
    grow(plan.keys);
  } else {
    slots_.assign(kSlotsMin, 0);
  }
}

void GroupTable::grow(std::size_t groups) {
  touched_.resize(groups, 0);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i].resize(groups, beginning(plan_.reckoned[i].how));
  }
  if (plan_.by_line) last_.resize(groups, 0);
}

template <typename Key>
void GroupTable::add_keys(const Chunk& chunk, std::vector<Key>& keys,
                          std::vector<Key>& of_invoices) {
  const Segment& segment = *chunk.work->segment;
  const Rows& rows = picker_.rows();
  const std::size_t count = picker_.rows_before();
  Key same = 0;
  for (std::size_t i = 0; i < plan_.axes.size(); ++i) {
    const auto group = only_group(segment, plan_.axes[i]);
    if (group) same += static_cast<Key>(*group) * static_cast<Key>(plan_.strides[i]);
  }
  keys.assign(count + kExpandSlack, same);
  bool some_of_invoices = false;
  if (plan_.by_line) of_invoices.assign(chunk.invoices, same);
  for (std::size_t i = 0; i < plan_.axes.size(); ++i) {
    const Axis& axis = plan_.axes[i];
    const auto stride = static_cast<Key>(plan_.strides[i]);
    if (of_line(axis.field) == plan_.by_line || only_group(segment, axis)) continue;
    some_of_invoices = true;
    add_groups(segment.stored(axis.field), {chunk.first_invoice, chunk.invoices, nullptr}, axis,
               stride, of_invoices.data());
  }
  if (some_of_invoices) expand(of_invoices.data(), picker_.lines(), chunk.invoices, keys.data());
  for (std::size_t i = 0; i < plan_.axes.size(); ++i) {
    const Axis& axis = plan_.axes[i];
    if (of_line(axis.field) != plan_.by_line || only_group(segment, axis)) continue;
    add_groups(segment.stored(axis.field), {rows.first, count, nullptr}, axis,
               static_cast<Key>(plan_.strides[i]), keys.data());
  }
  if (rows.rows != nullptr) gather(rows.rows, rows.count, keys.data());
}

std::uint32_t GroupTable::id_of(std::uint64_t key) {
  for (std::size_t at = scattered(key) & (slots_.size() - 1);;
       at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at] == 0) {
      keys_.push_back(key);
      slots_[at] = static_cast<std::uint32_t>(keys_.size());
      if (2 * keys_.size() > slots_.size()) rehash();
      return static_cast<std::uint32_t>(keys_.size() - 1);
    }
    if (keys_[slots_[at] - 1] == key) return slots_[at] - 1;
  }
}

void GroupTable::rehash() {
  slots_.assign(4 * slots_.size(), 0);
  for (std::size_t id = 0; id < keys_.size(); ++id) {
    std::size_t at = scattered(keys_[id]) & (slots_.size() - 1);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = static_cast<std::uint32_t>(id + 1);
  }
}

void GroupTable::find_ids(std::size_t count) {
  ids_.resize(count);
  for (std::size_t i = 0; i < count; ++i) ids_[i] = id_of(wide_keys_[i]);
  grow(keys_.size());
}

void GroupTable::number_invoices(const Chunk& chunk) {
  const Rows& rows = picker_.rows();
  numbers_.resize(chunk.invoices);
  for (std::size_t i = 0; i < chunk.invoices; ++i) numbers_[i] = ++invoice_number_;
  invoices_.resize(picker_.rows_before() + kExpandSlack);
  expand(numbers_.data(), picker_.lines(), chunk.invoices, invoices_.data());
  if (rows.rows != nullptr) gather(rows.rows, rows.count, invoices_.data());
}

void GroupTable::add_customers(const Chunk& chunk) {
  const Rows& rows = picker_.rows();
  static const Axis kAsItIs{};
  numbers_.assign(chunk.invoices, 0);
  add_groups(chunk.work->segment->stored(Field::kCustomer),
             {chunk.first_invoice, chunk.invoices, nullptr}, kAsItIs, std::uint32_t{1},
             numbers_.data());
  customers_.resize(picker_.rows_before() + kExpandSlack);
  if (plan_.by_line) {
    expand(numbers_.data(), picker_.lines(), chunk.invoices, customers_.data());
  } else {
    std::ranges::copy(numbers_, customers_.begin());
  }
  if (rows.rows != nullptr) gather(rows.rows, rows.count, customers_.data());
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (customers_[i] == 0) continue;
    if (seen_) {
      seen_->add(ids_[i], customers_[i]);
    } else {
      pairs_.push_back({key_of(ids_[i]), customers_[i]});
    }
  }
}

/// One group: no table of ids is needed.
void GroupTable::reckon_all_in_one(const Chunk& chunk, std::size_t number) {
  const Reckoned& what = plan_.reckoned[number];
  const Stored& stored = chunk.work->segment->stored(what.field);
  std::int64_t& value = values_[number][0];
  if (what.how == Reckoned::How::kSum) {
    value += sign_of(chunk, what.field) * sum(stored, picker_.rows());
  } else if (what.how == Reckoned::How::kRows) {
    value += static_cast<std::int64_t>(picker_.rows().count);
  } else {
    reckon(chunk, number);
  }
}

void GroupTable::reckon(const Chunk& chunk, std::size_t number) {
  const Reckoned& what = plan_.reckoned[number];
  const Rows& rows = picker_.rows();
  const Stored& stored = chunk.work->segment->stored(what.field);
  const int sign = sign_of(chunk, what.field);
  std::vector<std::int64_t>& values = values_[number];
  switch (what.how) {
    case Reckoned::How::kSum: return add_sums(stored, rows, ids_.data(), sign, values.data());
    case Reckoned::How::kRows: return add_ones(ids_.data(), rows.count, values.data());
    case Reckoned::How::kLeast: return lower(stored, rows, ids_.data(), sign, values.data());
    case Reckoned::How::kGreatest: return raise(stored, rows, ids_.data(), sign, values.data());
    case Reckoned::How::kInvoices:
      number_invoices(chunk);
      return add_invoices(ids_.data(), invoices_.data(), rows.count, last_.data(), values.data());
    case Reckoned::How::kCustomers: return add_customers(chunk);
  }
}

void GroupTable::take(const Chunk& chunk) {
  picker_.pick(chunk, plan_.by_line);
  const std::size_t count = picker_.rows().count;
  if (count == 0) return;
  if (plan_.dense) {
    add_keys(chunk, ids_, invoice_ids_);
  } else {
    add_keys(chunk, wide_keys_, wide_invoice_keys_);
    find_ids(count);
  }
  const bool one = plan_.dense && plan_.keys == 1;
  if (one) {
    touched_[0] = 1;
  } else {
    mark(ids_.data(), count, touched_.data());
  }
  for (std::size_t i = 0; i < plan_.reckoned.size(); ++i) {
    if (plan_.reckoned[i].counted_only && !chunk.work->counts) continue;
    one ? reckon_all_in_one(chunk, i) : reckon(chunk, i);
  }
}

void GroupTable::count_seen(std::span<GroupTable> tables, std::span<const std::uint64_t> keys,
                            std::vector<std::int64_t>& counts, int threads) {
  SeenCustomers& all = *tables[0].seen_;
  const std::uint64_t share = all.words() / kShares + 1;
  in_parallel(threads, tables.size() > 1 ? kShares : 0, [&](int, std::size_t number) {
    const std::uint64_t first = std::min(number * share, all.words());
    const std::uint64_t words = std::min(share, all.words() - first);
    for (const GroupTable& other : tables.subspan(1)) all.join(*other.seen_, first, words);
  });
  for (std::size_t i = 0; i < keys.size(); ++i) counts[i] = all.count(keys[i]);
}

void GroupTable::count_pairs(std::span<GroupTable> tables,
                             std::span<const std::uint64_t> sorted_keys,
                             std::vector<std::int64_t>& counts, int threads) {
  std::vector<std::vector<Pair>> shares(kShares);
  for (GroupTable& table : tables) {
    for (const Pair& pair : table.pairs_) shares[scattered(pair.key) % kShares].push_back(pair);
    std::vector<Pair>().swap(table.pairs_);
  }
  in_parallel(threads, kShares, [&](int, std::size_t number) {
    std::vector<Pair>& share = shares[number];
    std::ranges::sort(share);
    share.erase(std::unique(share.begin(), share.end()), share.end());
    for (const Pair& pair : share) {
      const auto at = std::ranges::lower_bound(sorted_keys, pair.key) - sorted_keys.begin();
      ++counts[static_cast<std::size_t>(at)];
    }
  });
}

std::vector<std::size_t> GroupTable::places(std::span<const std::uint64_t> sorted_keys) const {
  std::vector<std::size_t> places(touched_.size(), 0);
  std::size_t next = 0;
  for (std::uint32_t id = 0; id < places.size(); ++id) {
    if (touched_[id] == 0) continue;
    if (plan_.dense) {
      while (sorted_keys[next] != id) ++next;
      places[id] = next;
    } else {
      const auto at = std::ranges::lower_bound(sorted_keys, keys_[id]) - sorted_keys.begin();
      places[id] = static_cast<std::size_t>(at);
    }
  }
  return places;
}

std::vector<std::uint64_t> GroupTable::all_keys(std::span<const GroupTable> tables) {
  std::vector<std::uint64_t> keys;
  for (const GroupTable& table : tables) {
    const auto middle = static_cast<std::ptrdiff_t>(keys.size());
    for (std::uint32_t id = 0; id < table.touched_.size(); ++id) {
      if (table.touched_[id] != 0) keys.push_back(table.key_of(id));
    }
    // Of a dense table they are in order already.
    if (!table.plan_.dense) std::sort(keys.begin() + middle, keys.end());
    std::inplace_merge(keys.begin(), keys.begin() + middle, keys.end());
  }
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Grouped GroupTable::bring_together(const GroupPlan& plan, std::span<GroupTable> tables,
                                   int threads) {
  Grouped all;
  all.keys = all_keys(tables);
  for (const Reckoned& what : plan.reckoned) {
    all.values.emplace_back(all.keys.size(), beginning(what.how));
  }
  for (const GroupTable& table : tables) {
    const std::vector<std::size_t> places = table.places(all.keys);
    for (std::size_t i = 0; i < plan.reckoned.size(); ++i) {
      for (std::size_t id = 0; id < places.size(); ++id) {
        if (table.touched_[id] == 0) continue;
        combine(plan.reckoned[i].how, all.values[i][places[id]], table.values_[i][id]);
      }
    }
  }
  for (std::size_t i = 0; i < plan.reckoned.size(); ++i) {
    if (plan.reckoned[i].how != Reckoned::How::kCustomers) continue;
    const auto count = tables[0].seen_ ? count_seen : count_pairs;
    count(tables, all.keys, all.values[i], threads);
  }
  return all;
}

}  // namespace tillsight::columns
