#include "app/hub_answers.hpp"
#include "app/hub_parameters.hpp"
#include "app/hub_port.hpp"
#include "tillsight/exchange/export.hpp"

namespace tillsight::app {
namespace {

using exchange::Row;
using exchange::SetReader;
using web::Form;

constexpr int kRowsAtOnce = 2'000;

void append(std::string& text, Form form, const SetReader& reader, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    if (form == Form::kCsv) {
      exchange::append_csv(text, row);
    } else {
      exchange::append_json(text, reader.columns(), row);
      text += '\n';
    }
  }
}

/// The whole set, a piece at a time; no snapshot is open between two.
class AllRows final : public web::TextSource {
 public:
  AllRows(SetReader reader, Form form) : reader_(std::move(reader)), form_(form) {}

  Result<std::string> next() override {
    std::string text;
    if (ended_) return text;
    TILLSIGHT_ASSIGN(const std::vector<Row> rows, reader_.next(kRowsAtOnce));
    ended_ = rows.size() < static_cast<std::size_t>(kRowsAtOnce) || reader_.cursor().empty();
    append(text, form_, reader_, rows);
    return text;
  }

 private:
  SetReader reader_;
  const Form form_;
  bool ended_ = false;
};

Result<exchange::Selection> selection_of(HubParameters& parameters, const std::string& set) {
  exchange::Selection selection;
  selection.set = set;
  if (const std::string after = parameters.text("after"); !after.empty()) {
    TILLSIGHT_ASSIGN(selection.after, exchange::parse_cursor(after));
  }
  TILLSIGHT_ASSIGN(selection.from, parameters.date("from"));
  TILLSIGHT_ASSIGN(selection.to, parameters.date("to"));
  TILLSIGHT_ASSIGN(selection.store, parameters.id("store"));
  TILLSIGHT_ASSIGN(selection.till, parameters.id("till"));
  TILLSIGHT_ASSIGN(selection.customer, parameters.id("customer"));
  TILLSIGHT_ASSIGN(selection.persons, parameters.yes("persons"));
  return selection;
}

web::HubAnswer page_of(const SetReader& reader, const std::string& set, Form form,
                       const std::vector<Row>& rows, int limit) {
  web::HubAnswer answer;
  answer.next = reader.cursor();
  answer.more = !answer.next.empty() && rows.size() == static_cast<std::size_t>(limit);
  if (form != Form::kJson) {
    if (form == Form::kCsv) exchange::append_csv(answer.text, reader.columns());
    append(answer.text, form, reader, rows);
    return answer;
  }
  answer.text = format("{{\"set\":{},\"rows\":[", exchange::json_text(set));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    answer.text += i == 0 ? "\n" : ",\n";
    exchange::append_json(answer.text, reader.columns(), rows[i]);
  }
  answer.text +=
      format("{}],\n\"next\":{},\"more\":{}}}\n", rows.empty() ? "" : "\n",
             answer.next.empty() ? "null" : exchange::json_text(answer.next), answer.more);
  return answer;
}

}  // namespace

Result<web::HubAnswer> answer_rows(const std::filesystem::path& folder,
                                   const web::HubQuestion& question) {
  HubParameters parameters(question.parameters);
  TILLSIGHT_ASSIGN(exchange::Selection selection, selection_of(parameters, question.about));
  const bool all = parameters.text("limit") == "all";
  if (all && question.form == Form::kJson) {
    return error(Code::kInvalidArgument,
                 "limit: all comes as a stream of rows; add format=jsonl or format=csv")
        .with_id("limit");
  }
  std::optional<int> limit;
  if (!all) {
    TILLSIGHT_ASSIGN(limit, parameters.count("limit", kPageRowsMax));
  }
  TILLSIGHT_TRY(parameters.finish());
  const bool named = selection.persons || exchange::find_set(question.about)->names_persons;
  TILLSIGHT_ASSIGN(SetReader reader, SetReader::open(folder, std::move(selection)));
  if (all) {
    web::HubAnswer answer;
    answer.names_persons = named;
    if (question.form == Form::kCsv) exchange::append_csv(answer.text, reader.columns());
    answer.rest = std::make_unique<AllRows>(std::move(reader), question.form);
    return answer;
  }
  const int rows_max = limit.value_or(kPageRows);
  TILLSIGHT_ASSIGN(const std::vector<Row> rows, reader.next(rows_max));
  web::HubAnswer answer = page_of(reader, question.about, question.form, rows, rows_max);
  answer.names_persons = named;
  return answer;
}

}  // namespace tillsight::app
