/// \file
/// The tables of hub.db that are sums of others, kept so that a report that is asked every day
/// reads its answer instead of the history; and the one statement for each that says what it is.
#pragma once

#include <array>
#include <string_view>

namespace tillsight::hub {

// A `period` is a business date ('2026-11-23'), its month ('2026-11') or all time (''); a `store`
// of
// '' is all of them. Sales count, refunds are taken off, voids are only counted.
inline constexpr std::string_view kSums = R"sql(
CREATE TABLE period_count (
  period TEXT NOT NULL,
  store TEXT NOT NULL,
  sales INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  customers INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  pieces INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  synthetic INTEGER NOT NULL,
  PRIMARY KEY (period, store)
) STRICT, WITHOUT ROWID;
CREATE INDEX busiest_period ON period_count (store, length(period), sales DESC, period);

CREATE TABLE period_money (
  period TEXT NOT NULL,
  store TEXT NOT NULL,
  currency TEXT NOT NULL,
  sold INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  net INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  PRIMARY KEY (period, store, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_till (
  date TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  cashier TEXT NOT NULL,
  currency TEXT NOT NULL,
  sales INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  camera_sales INTEGER NOT NULL,
  no_touch_sales INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  sold INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  voided INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  PRIMARY KEY (date, store, till, cashier, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_hour (
  date TEXT NOT NULL,
  store TEXT NOT NULL,
  hour INTEGER NOT NULL,
  currency TEXT NOT NULL,
  sales INTEGER NOT NULL,
  sold INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  PRIMARY KEY (date, store, hour, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_item (
  date TEXT NOT NULL,
  store TEXT NOT NULL,
  sku TEXT NOT NULL,
  currency TEXT NOT NULL,
  lines INTEGER NOT NULL,
  pieces INTEGER NOT NULL,
  sold INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  PRIMARY KEY (date, store, sku, currency)
) STRICT, WITHOUT ROWID;

-- As a line named it last; `newest` is event and line.
CREATE TABLE product (
  sku TEXT PRIMARY KEY,
  item TEXT NOT NULL,
  aisle TEXT NOT NULL,
  newest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `days` has bit n for the n-th of the month.
CREATE TABLE visit (
  customer TEXT NOT NULL,
  month TEXT NOT NULL,
  store TEXT NOT NULL,
  currency TEXT NOT NULL,
  days INTEGER NOT NULL,
  sales INTEGER NOT NULL,
  sold INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  PRIMARY KEY (customer, month, store, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_count (
  person INTEGER PRIMARY KEY,
  customer TEXT NOT NULL,
  sales INTEGER NOT NULL,
  last_date TEXT NOT NULL
) STRICT;
CREATE INDEX person_count_by_sales ON person_count (sales DESC, person);
CREATE INDEX person_count_by_customer ON person_count (customer);

CREATE TABLE person_money (
  person INTEGER NOT NULL,
  currency TEXT NOT NULL,
  sold INTEGER NOT NULL,
  PRIMARY KEY (person, currency)
) STRICT, WITHOUT ROWID;
)sql";

/// A table of sums, and the query that gives all its rows anew, in its columns' order.
struct SumTable {
  std::string_view name;
  std::string_view rows;
};

inline constexpr std::array<SumTable, 9> kSumTables = {{
    {"period_count", R"sql(
WITH basket AS (SELECT event_id, count(*) AS lines, sum(quantity) AS pieces FROM line GROUP BY 1)
SELECT substr(business_date, 1, span.column1) AS period, iif(place.column1, store, '') AS place,
       count(*) FILTER (WHERE kind = 'sale'), count(*) FILTER (WHERE kind = 'refund'),
       count(*) FILTER (WHERE kind = 'void'),
       count(DISTINCT customer) FILTER (WHERE kind = 'sale'),
       coalesce(sum(lines) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(iif(kind = 'refund', -pieces, pieces)) FILTER (WHERE kind <> 'void'), 0),
       count(*) FILTER (WHERE kind <> 'void' AND origin = 'imported'),
       count(*) FILTER (WHERE kind <> 'void' AND origin = 'synthetic')
FROM invoice LEFT JOIN basket USING (event_id), (VALUES (10), (7), (0)) AS span,
     (VALUES (0), (1)) AS place
GROUP BY period, place)sql"},
    {"period_money", R"sql(
WITH basket AS (SELECT event_id, sum(discount) AS discount FROM line GROUP BY 1)
SELECT substr(business_date, 1, span.column1) AS period, iif(place.column1, store, '') AS place,
       currency, coalesce(sum(gross) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(gross) FILTER (WHERE kind = 'refund'), 0),
       sum(iif(kind = 'refund', -net, net)), sum(iif(kind = 'refund', -tax, tax)),
       coalesce(sum(discount) FILTER (WHERE kind = 'sale'), 0)
FROM invoice LEFT JOIN basket USING (event_id), (VALUES (10), (7), (0)) AS span,
     (VALUES (0), (1)) AS place
WHERE kind <> 'void' GROUP BY period, place, currency)sql"},
    {"day_till", R"sql(
WITH basket AS (
  SELECT event_id, count(*) AS lines, sum(discount) AS discount, sum(seen <> '') AS corrected,
         max(seen <> '' OR entry = 'camera') AS camera,
         max(seen <> '' OR entry <> 'camera') AS touched
  FROM line GROUP BY 1
)
SELECT business_date, store, till, cashier, currency, count(*) FILTER (WHERE kind = 'sale'),
       count(*) FILTER (WHERE kind = 'refund'), count(*) FILTER (WHERE kind = 'void'),
       coalesce(sum(lines) FILTER (WHERE kind = 'sale'), 0),
       count(*) FILTER (WHERE kind = 'sale' AND camera),
       count(*) FILTER (WHERE kind = 'sale' AND camera AND NOT touched AND removed = 0),
       coalesce(sum(corrected) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(removed) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(gross) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(gross) FILTER (WHERE kind = 'refund'), 0),
       coalesce(sum(gross) FILTER (WHERE kind = 'void'), 0),
       coalesce(sum(discount) FILTER (WHERE kind = 'sale'), 0)
FROM invoice LEFT JOIN basket USING (event_id)
GROUP BY business_date, store, till, cashier, currency)sql"},
    {"day_hour", R"sql(
SELECT business_date, store, CAST(substr(time, 1, 2) AS INTEGER) AS hour, currency,
       count(*) FILTER (WHERE kind = 'sale'),
       coalesce(sum(gross) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(gross) FILTER (WHERE kind = 'refund'), 0)
FROM invoice WHERE kind <> 'void' GROUP BY business_date, store, hour, currency)sql"},
    {"day_item", R"sql(
SELECT business_date, store, sku, currency, count(*) FILTER (WHERE kind = 'sale'),
       sum(iif(kind = 'refund', -quantity, quantity)),
       coalesce(sum(line.gross) FILTER (WHERE kind = 'sale'), 0),
       coalesce(sum(line.gross) FILTER (WHERE kind = 'refund'), 0)
FROM line JOIN invoice USING (event_id)
WHERE kind <> 'void' GROUP BY business_date, store, sku, currency)sql"},
    {"product", R"sql(
SELECT sku, item, aisle, max((event_id << 16) + line)
FROM line JOIN invoice USING (event_id) WHERE kind <> 'void' GROUP BY sku)sql"},
    {"visit", R"sql(
WITH day AS (
  SELECT customer, substr(business_date, 1, 7) AS month, store, currency,
         CAST(substr(business_date, 9, 2) AS INTEGER) AS number,
         count(*) FILTER (WHERE kind = 'sale') AS sales,
         coalesce(sum(gross) FILTER (WHERE kind = 'sale'), 0) AS sold,
         coalesce(sum(gross) FILTER (WHERE kind = 'refund'), 0) AS refunded
  FROM invoice WHERE customer IS NOT NULL AND kind <> 'void' GROUP BY 1, 2, 3, 4, 5
)
SELECT customer, month, store, currency, sum(iif(sales > 0, 1 << number, 0)), sum(sales),
       sum(sold), sum(refunded)
FROM day GROUP BY customer, month, store, currency)sql"},
    {"person_count", R"sql(
SELECT person, customer, count(*), max(business_date)
FROM invoice WHERE person IS NOT NULL AND kind = 'sale' GROUP BY person)sql"},
    {"person_money", R"sql(
SELECT person, currency, sum(gross)
FROM invoice WHERE person IS NOT NULL AND kind = 'sale' GROUP BY person, currency)sql"},
}};

}  // namespace tillsight::hub
