/// \file
/// The questions that the columns, DuckDB and SQLite are asked, each in its own words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tillsight/columns/query.hpp"

namespace tillsight::bench {

struct BenchQuestion {
  std::string name;
  columns::Query query;
  /// Over `lines`: a row a line, voids left out, refunds negative; the last column is compared.
  std::string lines_sql;
  /// Over `invoices`: the same summed up by invoice; empty where that says too little.
  std::string invoices_sql;
};

std::vector<BenchQuestion> bench_questions();

}  // namespace tillsight::bench
