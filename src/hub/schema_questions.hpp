/// \file
/// The steps of both schemas that tills' questions need.
#pragma once

#include <string_view>

namespace tillsight::hub {

// In hub.db: a sale is asked for by the number on its receipt, and what came back of it.
inline constexpr std::string_view kQuestionIndexes = R"sql(
CREATE INDEX invoice_by_number ON invoice (invoice_no) WHERE invoice_no IS NOT NULL;
CREATE INDEX invoice_by_refunded ON invoice (refund_of) WHERE refund_of IS NOT NULL;
)sql";

// In persons.db: who was told what kind of thing, and when; never about whom.
inline constexpr std::string_view kQuestions = R"sql(
CREATE TABLE question (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'invoice')),
  known INTEGER NOT NULL
) STRICT;
)sql";

}  // namespace tillsight::hub
