#include "cli/audit_output.hpp"

#include <nlohmann/json.hpp>

namespace tillsight::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDigestShown = 16;

/// As the currency writes it; minor units where the currency is none.
std::string money(std::int64_t minor_units, const std::string& currency) {
  const auto known = Currency::parse(currency);
  return known.ok() ? to_string(Money::minor(minor_units), *known) : std::to_string(minor_units);
}

std::string percent(int tax_bp) {
  return tax_bp % 100 == 0 ? format("{} %", tax_bp / 100) : format("{:.2f} %", tax_bp / 100.0);
}

std::string period_line(const PeriodKey& key, const PeriodSums& sums) {
  std::string line =
      format("  {:<10}  {:<3}  {:>7}  {:>6}  {:>5}  {:>14}  {:>14}  {:>12}  {}\n",
             key.business_date, key.currency, sums.events, sums.sales, sums.voids,
             money(sums.sold.gross, key.currency), money(sums.sold.net, key.currency),
             money(sums.sold.tax, key.currency), to_hex(sums.digest).substr(0, kDigestShown));
  for (const auto& [tax_bp, amounts] : sums.by_tax_bp) {
    line += format("  {:<10}  at {:<27}{:>14}  {:>14}  {:>12}\n", "", percent(tax_bp),
                   money(amounts.gross, key.currency), money(amounts.net, key.currency),
                   money(amounts.tax, key.currency));
  }
  return line;
}

bool is_of(const PeriodKey& key, const AuditedJournal& journal) {
  return key.store == journal.store && key.till == journal.till &&
         key.incarnation == journal.incarnation;
}

Json amounts_json(const Amounts& amounts) {
  return {{"net", amounts.net}, {"tax", amounts.tax}, {"gross", amounts.gross}};
}

Json period_json(const PeriodKey& key, const PeriodSums& sums) {
  Json rates = Json::array();
  for (const auto& [tax_bp, amounts] : sums.by_tax_bp) {
    Json rate = {{"tax_bp", tax_bp}};
    rate.update(amounts_json(amounts));
    rates.push_back(std::move(rate));
  }
  return {{"store", key.store.value()},
          {"till", key.till.value()},
          {"incarnation", key.incarnation.value()},
          {"business_date", key.business_date},
          {"currency", key.currency},
          {"events", sums.events},
          {"sales", sums.sales},
          {"voids", sums.voids},
          {"sold", amounts_json(sums.sold)},
          {"rates", std::move(rates)},
          {"digest", to_hex(sums.digest)}};
}

Json journal_json(const AuditedJournal& journal) {
  return {{"store", journal.store.value()},
          {"till", journal.till.value()},
          {"incarnation", journal.incarnation.value()},
          {"events", journal.events},
          {"last", journal.last},
          {"newest_hash", to_hex(journal.newest_hash)},
          {"incomplete_to", journal.incomplete_to}};
}

// A file from elsewhere: whatever is not as expected reads as empty, and the comparison says so.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>()
                                                                       : "";
}
std::int64_t number_of(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  const bool is_number = json.is_object() && found != json.end() && found->is_number_integer();
  return is_number ? found->get<std::int64_t>() : 0;
}
const Json& list_of(const Json& json, const char* key) {
  static const Json kEmpty = Json::array();
  const auto found = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && found != json.end() && found->is_array() ? *found : kEmpty;
}

Amounts amounts_of(const Json& json) {
  return {number_of(json, "net"), number_of(json, "tax"), number_of(json, "gross")};
}

void read_period(const Json& json, Audit& audit) {
  const PeriodKey key{StoreId(text_of(json, "store")), TillId(text_of(json, "till")),
                      Incarnation(text_of(json, "incarnation")), text_of(json, "business_date"),
                      text_of(json, "currency")};
  PeriodSums& sums = audit.periods[key];
  sums.events = number_of(json, "events");
  sums.sales = number_of(json, "sales");
  sums.voids = number_of(json, "voids");
  if (json.is_object() && json.contains("sold")) sums.sold = amounts_of(json["sold"]);
  for (const Json& rate : list_of(json, "rates")) {
    sums.by_tax_bp[static_cast<int>(number_of(rate, "tax_bp"))] = amounts_of(rate);
  }
  const auto digest = digest_from_hex(text_of(json, "digest"));
  if (digest.ok()) sums.digest = *digest;
}

}  // namespace

std::string audit_table(const Audit& audit) {
  std::string table;
  for (const AuditedJournal& journal : audit.journals) {
    table +=
        format("{}/{}, journal {}: {} events, the newest is {} with hash {}\n",
               journal.store.value(), journal.till.value(), journal.incarnation.value(),
               journal.events, journal.last, to_hex(journal.newest_hash).substr(0, kDigestShown));
    table += format("  {:<10}  {:<3}  {:>7}  {:>6}  {:>5}  {:>14}  {:>14}  {:>12}  {}\n", "date",
                    "", "events", "sales", "voids", "gross", "net", "tax", "digest");
    for (const auto& [key, sums] : audit.periods) {
      if (is_of(key, journal)) table += period_line(key, sums);
    }
    table += "\n";
  }
  for (const std::string& remark : audit.remarks) table += "note: " + remark + "\n";
  for (const std::string& problem : audit.problems) table += "NOT PROVEN: " + problem + "\n";
  std::int64_t events = 0;
  for (const AuditedJournal& journal : audit.journals) events += journal.events;
  if (audit.problems.empty()) {
    table += format("proven: all {} events (journals: {}), none missing, none changed\n", events,
                    audit.journals.size());
  }
  return table;
}

std::string audit_csv(const Audit& audit) {
  std::string csv =
      "store,till,incarnation,business_date,currency,events,sales,voids,tax_bp,gross,net,tax,"
      "digest\n";
  for (const auto& [key, sums] : audit.periods) {
    const auto row = [&, &key = key, &sums = sums](const std::string& rate,
                                                   const Amounts& amounts) {
      csv += format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", key.store.value(), key.till.value(),
                    key.incarnation.value(), key.business_date, key.currency, sums.events,
                    sums.sales, sums.voids, rate, money(amounts.gross, key.currency),
                    money(amounts.net, key.currency), money(amounts.tax, key.currency),
                    to_hex(sums.digest));
    };
    row("all", sums.sold);
    for (const auto& [tax_bp, amounts] : sums.by_tax_bp) row(std::to_string(tax_bp), amounts);
  }
  return csv;
}

std::string audit_json(const Audit& audit) {
  Json json = {{"proven", audit.problems.empty()},
               {"journals", Json::array()},
               {"periods", Json::array()},
               {"problems", audit.problems},
               {"remarks", audit.remarks}};
  for (const AuditedJournal& journal : audit.journals) {
    json["journals"].push_back(journal_json(journal));
  }
  for (const auto& [key, sums] : audit.periods) json["periods"].push_back(period_json(key, sums));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Audit> parse_audit(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("periods") || !json.contains("journals")) {
    return error(Code::kInvalidArgument,
                 "is no audit; make it with 'tillsight audit --format json > FILE'");
  }
  Audit audit;
  for (const Json& journal : list_of(json, "journals")) {
    audit.journals.push_back({StoreId(text_of(journal, "store")), TillId(text_of(journal, "till")),
                              Incarnation(text_of(journal, "incarnation")),
                              number_of(journal, "events"), number_of(journal, "last"), Digest{},
                              text_of(journal, "incomplete_to")});
  }
  for (const Json& period : list_of(json, "periods")) read_period(period, audit);
  return audit;
}

}  // namespace tillsight::cli
