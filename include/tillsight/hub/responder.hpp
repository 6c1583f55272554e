/// \file
/// Answers what tills ask while a clerk waits: who a phone is and what they may want,
/// and what was sold under a number.
///
/// The answer goes to the asker's own topic and nowhere else, and about invoices only to a till of
/// the same store. Every look-up is on record in persons.db before it is answered. A till that asks
/// faster than a shop sells (limits::kQuestionsPerMinute) is not answered: whoever took a box away
/// must not read the customers with it.
///
/// **Threads** thread-bound: the thread of the HubStore, which it borrows and which must outlive
/// it. **Example** tests/hub/responder_test.cpp
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::hub {

/// What is to be published.
struct Reply {
  std::string topic;
  std::string payload;
};

class Responder {
 public:
  Responder(HubStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// \param topic one of topics::kAllAsks; foreign bytes never make it fail.
  /// \return kInvalidArgument for what is no question, kResourceExhausted for one too many,
  /// which is logged here: both stay without an answer, and the till stops waiting by itself. While
  /// the database cannot be read or the record not be written the answer is kNotNow.
  Result<Reply> reply(std::string_view topic, std::string_view payload);

 private:
  using Till = std::pair<StoreId, TillId>;
  struct Allowance {
    /// When it will have asked nothing for long enough to ask kQuestionsAtOnce at once.
    MonotonicTime rested_at;
    bool exceeded = false;  ///< since it was last answered; logged once
  };

  Status spend(const Till& till);
  std::vector<Sku> may_want(std::string_view phone);
  Result<Answer> look_up(const Asker& asker, const TillQuestion& question);

  HubStore& store_;
  const Clock& clock_;
  std::map<Till, Allowance> allowances_;  ///< as many as there are certificates
  std::string trouble_;                   ///< as last logged
  std::string unread_;                    ///< of recommendations, as last logged
};

}  // namespace tillsight::hub
