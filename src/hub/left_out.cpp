#include "hub/left_out.hpp"

#include <array>

namespace tillsight::hub {
namespace {

struct Kind {
  std::string_view what;
  std::vector<std::string> LeftOut::*names;
};
constexpr std::array kKinds = {Kind{"aisle", &LeftOut::aisles}, Kind{"item", &LeftOut::items}};

}  // namespace

Result<LeftOut> read_left_out(sql::Connection& db) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT name FROM left_out WHERE what = ? ORDER BY name"));
  LeftOut left_out;
  for (const Kind& kind : kKinds) {
    rows.bind(kind.what);
    while (true) {
      TILLSIGHT_ASSIGN(const bool row, rows.step());
      if (!row) break;
      (left_out.*kind.names).emplace_back(rows.text(0));
    }
  }
  return left_out;
}

Status write_left_out(sql::Connection& db, const LeftOut& left_out) {
  TILLSIGHT_TRY(db.execute("DELETE FROM left_out"));
  TILLSIGHT_ASSIGN(auto insert, db.prepare("INSERT OR IGNORE INTO left_out VALUES (?, ?)"));
  for (const Kind& kind : kKinds) {
    for (const std::string& name : left_out.*kind.names) {
      TILLSIGHT_TRY(insert.bind(kind.what, name).run());
    }
  }
  return {};
}

}  // namespace tillsight::hub
