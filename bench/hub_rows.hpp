/// \file
/// The rival of the hub's ingest: the same rows into the same tables with the same commits, and
/// nothing else. No JSON, no hashing, no checks, no persons: every value is there already.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tillsight/domain/event.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::bench {

/// An event with its values taken apart.
struct PreparedRow {
  Event event;
  Digest hash{};
  Digest previous{};
  Invoice invoice;
  std::string invoice_no;
  std::int64_t count = 0;
  std::string business_date;
  std::string date;
  std::string time;
  std::string utc;
  std::string customer;
};
PreparedRow prepare_row(const Event& event);

class BareRows {
 public:
  /// \param file a hub.db with its tables.
  explicit BareRows(const std::filesystem::path& file);
  /// In one transaction.
  void insert(std::span<const PreparedRow> rows);

 private:
  void insert(const PreparedRow& row);

  sql::Connection db_;
};

}  // namespace tillsight::bench
