/// \file
/// The tables of recommend.db.
#pragma once

#include <array>
#include <string_view>

#include "tillsight/sql/migration.hpp"

namespace tillsight::hub {

inline constexpr std::string_view kRecommendTables = R"sql(
CREATE TABLE model (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,
  title TEXT NOT NULL,
  settings TEXT NOT NULL,
  judged TEXT NOT NULL CHECK (judged IN ('all', 'new')),
  ndcg20 REAL NOT NULL,
  ndcg20_low REAL NOT NULL,
  ndcg20_high REAL NOT NULL,
  baseline TEXT NOT NULL,
  baseline_ndcg20 REAL NOT NULL,
  learnt_to TEXT NOT NULL,
  cursor INTEGER NOT NULL,
  customers INTEGER NOT NULL,
  items INTEGER NOT NULL,
  in_use INTEGER NOT NULL CHECK (in_use IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX model_in_use ON model (in_use) WHERE in_use;

-- The numbers of items in a training.
CREATE TABLE item (
  version INTEGER NOT NULL REFERENCES model (version) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (version, number)
) STRICT, WITHOUT ROWID;

-- Of customer '' it is what suits most, for whoever is not known.
CREATE TABLE recommended (
  version INTEGER NOT NULL REFERENCES model (version) ON DELETE CASCADE,
  customer TEXT NOT NULL,
  place INTEGER NOT NULL,
  item INTEGER NOT NULL,
  score REAL NOT NULL,
  because INTEGER,
  PRIMARY KEY (version, customer, place)
) STRICT, WITHOUT ROWID;
)sql";

// Rules are part of the file, so that every reader keeps them, whatever it reads by. Models that
// were trained before know no aisle.
inline constexpr std::string_view kRecommendRules = R"sql(
ALTER TABLE item ADD COLUMN aisle TEXT NOT NULL DEFAULT '';
CREATE TABLE left_out (
  what TEXT NOT NULL CHECK (what IN ('aisle', 'item')),
  name TEXT NOT NULL,
  PRIMARY KEY (what, name)
) STRICT, WITHOUT ROWID;
)sql";

inline constexpr std::string_view kRecommendViews = R"sql(
CREATE VIEW v_allowed AS
SELECT version, number, sku, name FROM item
WHERE NOT EXISTS (SELECT 1 FROM left_out WHERE what = 'item' AND left_out.name = item.sku)
  AND NOT EXISTS (SELECT 1 FROM left_out WHERE what = 'aisle' AND left_out.name = item.aisle);

-- Places have holes where something is left out.
CREATE VIEW v_recommended AS
SELECT customer, place, liked.sku, liked.name AS item, score, bought.name AS because,
       model.version
FROM recommended JOIN model ON model.version = recommended.version
JOIN v_allowed AS liked ON liked.version = model.version AND liked.number = recommended.item
LEFT JOIN v_allowed AS bought ON bought.version = model.version AND bought.number = because
WHERE in_use;
)sql";

inline const sql::Schema& recommend_schema() {
  static constexpr std::array kSteps = {kRecommendTables, kRecommendRules};
  static constexpr sql::Schema kSchema{"head office's recommendations", 0x54735263 /* "TsRc" */,
                                       kSteps, kRecommendViews};
  return kSchema;
}

}  // namespace tillsight::hub
