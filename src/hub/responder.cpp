#include "tillsight/hub/responder.hpp"

#include <algorithm>
#include <utility>

#include "tillsight/core/log.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight::hub {
namespace {

constexpr MonotonicTime::duration kEach =
    MonotonicTime::duration(std::chrono::minutes(1)) / limits::kQuestionsPerMinute;

}  // namespace

Result<Reply> Responder::reply(std::string_view topic, std::string_view payload) {
  TILLSIGHT_ASSIGN(const topics::Address from, topics::parse(topic));
  TILLSIGHT_TRY(spend({from.store, from.till}));
  const auto question = parse_question(payload);
  if (!question.ok()) {
    return question.error().with_context(
        format("till {}/{}", from.store.value(), from.till.value()));
  }
  auto answer = look_up({from.store, from.till}, *question);
  const std::string trouble = answer.ok() ? "" : answer.error().message();
  if (!trouble.empty() && trouble != trouble_) {
    log::error("hub: {}; tills are told that head office cannot look now", trouble);
  }
  trouble_ = trouble;
  if (!answer.ok()) answer = Answer{question->id};
  return Reply{topics::answer(from.store, from.till), to_json(*answer)};
}

/// A name is told also while no recommendation can be.
std::vector<Sku> Responder::may_want(std::string_view phone) {
  auto skus = store_.may_want(phone);
  const std::string wrong = skus.ok() ? "" : skus.error().message();
  if (!wrong.empty() && wrong != unread_) log::warning("hub: recommendations: {}", wrong);
  unread_ = wrong;
  return skus.ok() ? *std::move(skus) : std::vector<Sku>();
}

Status Responder::spend(const Till& till) {
  const MonotonicTime now = clock_.monotonic_now();
  Allowance& allowance = allowances_.try_emplace(till, Allowance{now}).first->second;
  const MonotonicTime next = std::max(allowance.rested_at, now) + kEach;
  if (next - now > kEach * limits::kQuestionsAtOnce) {
    const Error why =
        error(Code::kResourceExhausted,
              "till {}/{} asks more than {} questions a minute and is not answered; is that box "
              "where it belongs?",
              till.first.value(), till.second.value(), limits::kQuestionsPerMinute);
    if (!std::exchange(allowance.exceeded, true)) log::warning("hub: {}", why.message());
    return why;
  }
  allowance = {next};
  return {};
}

Result<Answer> Responder::look_up(const Asker& asker, const TillQuestion& question) {
  const UtcTime now = clock_.utc_now();
  Answer answer{question.id, AnswerKind::kUnknown};
  if (const auto* about = std::get_if<question::AboutCustomer>(&question.about)) {
    TILLSIGHT_ASSIGN(auto customer, store_.customer_for(asker, about->phone, now));
    if (!customer) return answer;
    answer.kind = AnswerKind::kCustomer;
    answer.name = {customer->first_name, customer->last_name, may_want(about->phone)};
  } else {
    const auto& invoice = std::get<question::AboutInvoice>(question.about);
    TILLSIGHT_ASSIGN(auto sale, store_.sale_for(asker, invoice, now));
    if (!sale) return answer;
    answer.kind = AnswerKind::kInvoice;
    answer.sale = *std::move(sale);
  }
  return answer;
}

}  // namespace tillsight::hub
