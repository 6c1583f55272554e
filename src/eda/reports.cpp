#include "tillsight/eda/reports.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "eda/reading.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/hub/store.hpp"
#include "tillsight/sql/transaction.hpp"

namespace tillsight::eda {
namespace {

/// All kinds, in the order of the list: money and days first, then goods, people and tills.
const std::vector<Kind>& all_kinds() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> all;
    for (const auto& some : {day_reports(), item_reports(), customer_reports(), till_reports()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return kinds;
}

std::string known_names() {
  std::string names;
  for (const ReportInfo& report : known_reports()) {
    names += format("{}{}", names.empty() ? "" : ", ", report.name);
  }
  return names;
}

Result<const Kind*> kind_of(const ReportRequest& request) {
  for (const Kind& kind : all_kinds()) {
    if (kind.info.name == request.name) return &kind;
  }
  return error(Code::kInvalidArgument, "report '{}' is unknown; there are {}", request.name,
               known_names());
}

Status check_request(const ReportRequest& request, const ReportInfo& info) {
  const auto wrong = [](std::string message) {
    return Error(Code::kInvalidArgument, std::move(message));
  };
  if (info.of_a_date) {
    if (!request.date) return wrong(format("{0} needs a date, such as: {0} 2026-11-23", info.name));
    if (request.from || request.to) {
      return wrong(format("{} is about one date; leave --from and --to out", info.name));
    }
  } else if (request.date) {
    return wrong(format("{} takes no date; use --from and --to", info.name));
  }
  if (request.from && request.to && *request.to < *request.from) {
    return wrong(format("--to {} is before --from {}; swap them", to_string(*request.to),
                        to_string(*request.from)));
  }
  if (request.limit && *request.limit < 1) {
    return wrong(format("--limit {} shows nothing; use 1 or more", *request.limit));
  }
  return {};
}

}  // namespace

std::span<const ReportInfo> known_reports() {
  static const std::vector<ReportInfo> infos = [] {
    std::vector<ReportInfo> all;
    for (const Kind& kind : all_kinds()) all.push_back(kind.info);
    return all;
  }();
  return infos;
}

class Reports::Impl {
 public:
  explicit Impl(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<Report> run(const ReportRequest& request) {
    TILLSIGHT_ASSIGN(const Kind* const kind, kind_of(request));
    TILLSIGHT_TRY(check_request(request, kind->info));
    TILLSIGHT_ASSIGN(sql::Connection* const db, connection(kind->info.names_persons));
    TILLSIGHT_ASSIGN(const auto one_state, sql::Transaction::snapshot(*db));
    bool opened = false;
    const Reading reading{*db, request, [this, &opened] { return columns(opened); }};
    TILLSIGHT_ASSIGN(Report report, kind->answer(reading));
    if (request.limit) {
      const auto limit = static_cast<std::size_t>(*request.limit);
      report.rows.resize(std::min(report.rows.size(), limit));
    }
    if (kind->of_sales) TILLSIGHT_TRY(add_totals(reading, report));
    return report;
  }

 private:
  /// Who may not see persons can still ask for what names none.
  Result<sql::Connection*> connection(bool persons) {
    auto& db = persons ? with_persons_ : without_persons_;
    if (!db) {
      TILLSIGHT_ASSIGN(db, hub::open_for_reading(
                               folder_, persons ? hub::Persons::kShown : hub::Persons::kHidden));
    }
    return &*db;
  }

  /// Brought up to date once an answer.
  Result<std::shared_ptr<const columns::Columns>> columns(bool& opened) {
    if (!opened) {
      TILLSIGHT_ASSIGN(copy_, columns::Columns::open(folder_, copy_.get()));
    }
    opened = true;
    return copy_;
  }

  const std::filesystem::path folder_;
  std::optional<sql::Connection> with_persons_, without_persons_;
  std::shared_ptr<const columns::Columns> copy_;
};

Reports::Reports(std::filesystem::path hub_folder)
    : impl_(std::make_unique<Impl>(std::move(hub_folder))) {}
Reports::Reports(Reports&&) noexcept = default;
Reports& Reports::operator=(Reports&&) noexcept = default;
Reports::~Reports() = default;

Result<Report> Reports::run(const ReportRequest& request) {
  return impl_->run(request);
}

}  // namespace tillsight::eda
