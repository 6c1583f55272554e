#include "tillsight/exchange/import.hpp"

#include "exchange/assembler.hpp"
#include "exchange/records.hpp"
#include "exchange/rejects.hpp"
#include "exchange/translator.hpp"
#include "tillsight/core/log.hpp"

namespace tillsight::exchange {
namespace {

/// One transaction: enough that its price is small, little enough that a kill costs a moment.
constexpr std::size_t kBatchRows = 20'000;
constexpr std::size_t kBatchInvoices = 4'000;
constexpr std::int64_t kRowsPerLook = 1'000;

std::string with_other_content(const hub::ImportedInvoice& imported) {
  return format(
      "invoice {} of source {} is here already with other content: its rows are more than {} apart "
      "(sort the file), it was corrected since, or another system counts alike (name another "
      "source)",
      imported.number, imported.source.name, kRowsApart);
}

class Import {
 public:
  Import(hub::HubStore& store, const Clock& clock, Rejects rejects)
      : store_(store), clock_(clock), rejects_(std::move(rejects)) {}

  Status run(Records& records, Translator& translator, const GoOn& go_on);
  const ImportSummary& summary() const { return summary_; }

 private:
  bool due() const;
  Status settle();
  Status settle(const Assembled& invoice, hub::ImportOutcome outcome);
  Status reject(const Assembled& invoice);

  hub::HubStore& store_;
  const Clock& clock_;
  Rejects rejects_;
  std::vector<Assembled> complete_;
  ImportSummary summary_;
};

bool Import::due() const {
  std::size_t rows = 0;
  for (const Assembled& invoice : complete_) {
    rows += std::max(invoice.rows.size(), invoice.imported.invoice.lines.size());
  }
  return rows >= kBatchRows || complete_.size() >= kBatchInvoices;
}

Status Import::run(Records& records, Translator& translator, const GoOn& go_on) {
  Assembler assembler(translator);
  Record record;
  for (std::int64_t rows = 1;; ++rows) {
    TILLSIGHT_ASSIGN(const bool more, records.next(record));
    if (!more) break;
    assembler.take(record);
    if (rows % kRowsPerLook != 0) continue;
    assembler.take_complete(complete_);
    if (due()) TILLSIGHT_TRY(settle());
    if (!go_on(records.done())) {
      summary_.stopped = true;
      return rejects_.finish();
    }
  }
  assembler.take_rest(complete_);
  TILLSIGHT_TRY(settle());
  return rejects_.finish();
}

Status Import::settle() {
  std::vector<hub::ImportedInvoice> good;
  for (Assembled& invoice : complete_) {
    if (invoice.wrong_line == 0) good.push_back(std::move(invoice.imported));
  }
  std::vector<hub::ImportOutcome> outcomes;
  if (!good.empty()) {
    TILLSIGHT_ASSIGN(outcomes, store_.import(good, clock_.utc_now()));
  }
  std::size_t next = 0;
  for (Assembled& invoice : complete_) {
    if (invoice.wrong_line == 0) {
      invoice.imported = std::move(good[next]);
      TILLSIGHT_TRY(settle(invoice, outcomes[next++]));
    } else {
      TILLSIGHT_TRY(reject(invoice));
    }
  }
  complete_.clear();
  // Somebody reads for long: the log grows, and the import need not stop for it.
  if (const Status emptied = store_.shorten_logs(); !emptied.ok()) {
    log::warning("import: {}", emptied.error().message());
  }
  return {};
}

Status Import::settle(const Assembled& invoice, hub::ImportOutcome outcome) {
  const std::int64_t rows = std::ssize(invoice.rows);
  summary_.rows += rows;
  switch (outcome) {
    case hub::ImportOutcome::kStored:
      summary_.stored += rows;
      ++summary_.invoices;
      return {};
    case hub::ImportOutcome::kAlready: summary_.already += rows; return {};
    case hub::ImportOutcome::kOther: break;
  }
  summary_.rejected += rows;
  const std::string why = with_other_content(invoice.imported);
  for (const KeptRow& row : invoice.rows) TILLSIGHT_TRY(rejects_.add(row.line, why, row.raw));
  return {};
}

Status Import::reject(const Assembled& invoice) {
  summary_.rows += std::ssize(invoice.rows);
  summary_.rejected += std::ssize(invoice.rows);
  const std::string because =
      format("line {} of the same invoice: {}", invoice.wrong_line, invoice.wrong);
  for (const KeptRow& row : invoice.rows) {
    TILLSIGHT_TRY(rejects_.add(row.line, row.wrong.empty() ? because : row.wrong, row.raw));
  }
  return {};
}

}  // namespace

Result<ImportSummary> import_file(const ImportCall& call, const Mapping& mapping,
                                  hub::HubStore& store, const Clock& clock, const GoOn& go_on) {
  TILLSIGHT_ASSIGN(Translator translator, Translator::create(mapping, clock));
  TILLSIGHT_ASSIGN(const auto records, open_records(call.file, mapping));
  TILLSIGHT_ASSIGN(Rejects rejects, Rejects::open(call.rejects));
  Import import(store, clock, std::move(rejects));
  TILLSIGHT_TRY(import.run(*records, translator, go_on));
  return import.summary();
}

}  // namespace tillsight::exchange
