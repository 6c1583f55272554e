/// \file
/// Each kind of question that head office is asked over HTTP.
///
/// **Threads** the functions are thread-safe: each reads over connections of its own.
#pragma once

#include <filesystem>

#include "tillsight/app/settings.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/eda/reports.hpp"
#include "tillsight/web/hub_server.hpp"

namespace tillsight::app {

/// A page of a set of rows, or all of it as a stream.
Result<web::HubAnswer> answer_rows(const std::filesystem::path& folder,
                                   const web::HubQuestion& question);
Result<web::HubAnswer> answer_report_list(const web::HubQuestion& question);
/// \param reports nobody else's meanwhile. \param name of a report.
Result<web::HubAnswer> answer_report(eda::Reports& reports, const std::string& name,
                                     const web::HubQuestion& question);
/// How trade goes on one day, beside the same weekday a week before.
Result<web::HubAnswer> answer_today(const std::filesystem::path& folder, UtcTime now,
                                    const web::HubQuestion& question);
/// What is trained, what it is worth, and how training goes on.
Result<web::HubAnswer> answer_models(const HubSettings& settings, UtcTime now,
                                     const web::HubQuestion& question);
/// \param customer a pseudonym.
Result<web::HubAnswer> answer_customer(const std::filesystem::path& folder,
                                       const std::string& customer,
                                       const web::HubQuestion& question);

}  // namespace tillsight::app
