#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/caller.hpp"
#include "cli/hub_commands.hpp"
#include "tillsight/app/hub_control.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/domain/money.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::cli {
namespace {

using app::HubOrder;
using Json = nlohmann::ordered_json;

struct Options {
  std::string phone;
  std::string region;
};

/// Whoever reads names is on record before they see one.
Result<sql::Connection> open_on_record(const HubChoice& choice, const std::string& what) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, choice.settings());
  HubOrder order{HubOrder::What::kRecordPersonRead, {}, caller(), what};
  TILLSIGHT_TRY(app::give_order(settings, order));
  return hub::open_for_reading(settings.data, hub::Persons::kShown);
}

/// \return an object for each row, with the columns of the view; money as decimals.
Result<Json> rows_of(sql::Connection& db, std::string_view sql, const std::string& pseudonym) {
  TILLSIGHT_ASSIGN(auto rows, db.prepare(sql));
  rows.bind(pseudonym);
  Json all = Json::array();
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) return all;
    Json one = Json::object();
    for (int i = 0; i < rows.columns(); ++i) {
      one[std::string(rows.column_name(i))] =
          rows.is_null(i) ? Json() : Json(std::string(rows.text(i)));
    }
    all.push_back(std::move(one));
  }
}

/// All that head office knows of whoever has this phone.
struct Known {
  std::string phone;
  std::string pseudonym;
  Json names = Json::array();
};

/// A command's words stand in the list of processes; what is typed does not.
Result<std::string> phone_of(const Options& options) {
  std::string phone = options.phone;
  if (phone == "-") std::getline(std::cin, phone);
  return normalise_phone(phone, options.region);
}

Result<Known> find(sql::Connection& db, const Options& options) {
  TILLSIGHT_ASSIGN(std::string phone, phone_of(options));
  TILLSIGHT_ASSIGN(auto rows, db.prepare("SELECT pseudonym, first_name, last_name FROM "
                                         "persons.person WHERE phone = ? ORDER BY id"));
  rows.bind(phone);
  Known known{std::move(phone), {}};
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, rows.step());
    if (!row) break;
    known.pseudonym = rows.text(0);
    known.names.push_back(
        {{"first_name", std::string(rows.text(1))}, {"last_name", std::string(rows.text(2))}});
  }
  if (!known.names.empty()) return known;
  return error(Code::kNotFound,
               "nobody has this phone here: never seen, or erased; is the country's code right?");
}

Status show(const HubChoice& choice, const Options& options) {
  TILLSIGHT_ASSIGN(sql::Connection db, open_on_record(choice, "customer show"));
  TILLSIGHT_ASSIGN(const Known known, find(db, options));
  std::cout << "phone      " << known.phone << "\npseudonym  " << known.pseudonym << '\n';
  for (const Json& name : known.names) {
    std::cout << "name       " << name["first_name"].get<std::string>() << ' '
              << name["last_name"].get<std::string>() << '\n';
  }
  TILLSIGHT_ASSIGN(auto sums,
                   db.prepare("SELECT currency, count(*) FILTER (WHERE kind = 'sale'), "
                              "sum(iif(kind = 'refund', -gross, gross)) FILTER (WHERE kind <> "
                              "'void'), min(business_date), max(business_date) FROM invoice WHERE "
                              "customer = ? GROUP BY currency"));
  sums.bind(known.pseudonym);
  while (true) {
    TILLSIGHT_ASSIGN(const bool row, sums.step());
    if (!row) return {};
    TILLSIGHT_ASSIGN(const Currency currency, Currency::parse(sums.text(0)));
    std::cout << format("sales      {} for {} {}, {} to {}\n", sums.integer(1),
                        to_string(Money::minor(sums.integer(2)), currency), currency.code(),
                        sums.text(3), sums.text(4));
  }
}

Status export_all(const HubChoice& choice, const Options& options) {
  TILLSIGHT_ASSIGN(sql::Connection db, open_on_record(choice, "customer export"));
  TILLSIGHT_ASSIGN(const Known known, find(db, options));
  Json all = {{"phone", known.phone}, {"pseudonym", known.pseudonym}, {"names", known.names}};
  TILLSIGHT_ASSIGN(all["invoices"], rows_of(db,
                                            "SELECT * FROM v_invoices WHERE customer = ? ORDER "
                                            "BY cursor",
                                            known.pseudonym));
  TILLSIGHT_ASSIGN(all["lines"], rows_of(db,
                                         "SELECT * FROM v_lines WHERE customer = ? ORDER BY "
                                         "cursor, line",
                                         known.pseudonym));
  std::cout << all.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  return {};
}

Status erase(const HubChoice& choice, const Options& options) {
  TILLSIGHT_ASSIGN(const app::HubSettings settings, choice.settings());
  HubOrder order{HubOrder::What::kEraseCustomer, {}, caller(), {}};
  TILLSIGHT_ASSIGN(order.phone, phone_of(options));
  TILLSIGHT_ASSIGN(const std::string said, app::give_order(settings, order));
  std::cout << said << '\n';
  return {};
}

template <typename Do>
void add_one(CLI::App& customer, Run& run, const SharedHubChoice& choice, const std::string& name,
             const std::string& what, const std::string& more, Do act) {
  CLI::App* command = customer.add_subcommand(name, what);
  command->footer(
      format("{}\n\nExample:\n  tillsight customer {} --phone +919876543210", more, name));
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--phone", options->phone,
                   "as +919876543210, or with --region as dialled there; -: typed")
      ->required();
  command->add_option("--region", options->region, "country of a phone without +, such as IN");
  command->add_option("--config", choice->config, "head office's settings file")
      ->capture_default_str();
  command->add_option("--data", choice->data, "head office's data folder, instead of --config");
  command->callback([&run, choice, options, act] {
    run = [choice, options, act] { return act(*choice, *options); };
  });
}

}  // namespace

void add_customer(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("customer", "what head office knows of one customer; erases them");
  command->footer("Example:\n  tillsight customer show --phone +919876543210");
  command->require_subcommand(1);
  const auto choice = std::make_shared<HubChoice>();
  add_one(*command, run, choice, "show", "names, and what was bought",
          "The reading is on record, without the phone, in persons.db.", show);
  add_one(*command, run, choice, "export", "all of it, as JSON, to hand to the customer",
          "The reading is on record, without the phone, in persons.db.", export_all);
  add_one(
      *command, run, choice, "erase", "takes name and phone away for good",
      "Every name under the phone goes, from both databases and their logs, and from refused\n"
      "messages. The sales stay as they were sealed, under a pseudonym that is nobody's. A till\n"
      "forgets its own after customers.kept_days, or when it is told to (docs/privacy.md).",
      erase);
}

}  // namespace tillsight::cli
