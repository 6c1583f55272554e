/// \file
/// What a till asks head office while the clerk waits, and what it is told (MQTT 5, JSON).
///
///     till ── TillQuestion on topics::ask ──► hub ── Answer on the asker's topics::answer ──► till
///
/// A question is about one phone or one invoice. Its id, made by the till at random, stands in the
/// answer: what is answered too late answers nothing. Nobody keeps a question for later.
/// The contract's page is docs/sync-protocol.md.
///
/// **Errors** Decoders answer kInvalidArgument with the field that is wrong; never with its text,
/// which may be somebody's phone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/ids.hpp"
#include "tillsight/domain/refund.hpp"

namespace tillsight {

namespace question {
/// Who has this phone?
struct AboutCustomer {
  std::string phone;  ///< E.164
};
/// What was sold under this number, and what of it came back?
struct AboutInvoice {
  InvoiceNumber number;
  Incarnation asker;  ///< the asking journal's: what came back there is counted apart
};
}  // namespace question

struct TillQuestion {
  std::string id;  ///< 16 hexadecimal digits
  std::variant<question::AboutCustomer, question::AboutInvoice> about;
};
std::string new_question_id(Random& random);
std::string to_json(const TillQuestion& question);
Result<TillQuestion> parse_question(std::string_view json);

namespace answer {
struct Name {
  std::string first_name;
  std::string last_name;
  std::vector<Sku> may_want{};  ///< likeliest first, at most limits::kRecommendedSkus; or none
};
/// A sale as its till sealed it.
struct Sale {
  /// Pieces of one line that came back, as far as head office has heard.
  struct Back {
    int line = 1;      ///< of the sale, from 1
    int pieces = 0;    ///< in all
    int by_asker = 0;  ///< of them through the journal that asks
  };
  std::string sealed;
  std::vector<Back> back;  ///< a line of which nothing came back is not named
};
}  // namespace answer

enum class AnswerKind {
  kNotNow,    ///< head office cannot look: nobody is there, or its database fails
  kUnknown,   ///< it does not know it
  kCustomer,  ///< `name`
  kInvoice,   ///< `sale`
};

struct Answer {
  std::string id;  ///< of the question
  AnswerKind kind = AnswerKind::kNotNow;
  answer::Name name{};
  answer::Sale sale{};
};
std::string to_json(const Answer& answer);
Result<Answer> parse_answer(std::string_view json);

/// The sale of an answer, for a refund at a till of `store`.
/// \param back_here pieces of each line that came back at this till, by its own journal; shorter:
/// no more lines have any. Head office may not have heard of them yet.
/// \return kInvalidArgument unless it is the sale of `number`, sold in `store`, with lines that
/// exist.
Result<SoldInvoice> sold_invoice(const answer::Sale& sale, const StoreId& store,
                                 const InvoiceNumber& number, const std::vector<int>& back_here);

/// Pieces of each line of `sold` that came back, as far as head office and this journal know; at
/// most what was sold.
std::vector<int> came_back(const answer::Sale& sale, const Invoice& sold,
                           const std::vector<int>& back_here);

}  // namespace tillsight
