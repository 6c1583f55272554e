#include "exchange/sets.hpp"

namespace tillsight::exchange {
namespace {

constexpr std::array<std::string_view, 27> kInvoices = {
    "cursor",   "store",    "till",          "invoice_no",  "kind",          "date",
    "time",     "weekday",  "business_date", "utc",         "time_zone",     "clock_trusted",
    "cashier",  "customer", "currency",      "lines",       "net",           "tax",
    "gross",    "rounding", "reason",        "received_at", "effective_utc", "refund_of",
    "unlinked", "approver", "origin"};
constexpr std::array<std::string_view, 27> kLines = {
    "cursor",      "store",      "till",     "invoice_no", "kind", "date",
    "customer",    "currency",   "line",     "sku",        "item", "aisle",
    "quantity",    "list_price", "discount", "tax_bp",     "net",  "tax",
    "gross",       "catalogue",  "entry",    "confidence", "seen", "discount_reason",
    "discount_by", "of_line",    "origin"};
constexpr std::array<std::string_view, 12> kTenders = {"cursor", "store",  "till",     "invoice_no",
                                                       "kind",   "date",   "currency", "tender",
                                                       "type",   "amount", "change",   "origin"};
constexpr std::array<std::string_view, 13> kCash = {
    "cursor", "store", "till",    "incarnation", "sequence", "kind",  "business_date",
    "date",   "time",  "cashier", "currency",    "amount",   "reason"};
constexpr std::array<std::string_view, 34> kZ = {
    "cursor",      "store",         "till",           "incarnation",  "number",
    "first",       "last",          "business_date",  "date",         "time",
    "cashier",     "currency",      "sales",          "refunds",      "voids",
    "corrections", "discounts",     "discount_total", "void_total",   "sold_net",
    "sold_tax",    "sold_gross",    "refunded_net",   "refunded_tax", "refunded_gross",
    "rounding",    "first_invoice", "last_invoice",   "float",        "cash_in",
    "cash_out",    "expected_cash", "counted_cash",   "received_at"};
constexpr std::array<std::string_view, 20> kTills = {
    "store",        "till",           "state",        "heard_at",        "version",
    "incarnation",  "last_committed", "unsynced",     "oldest_unsynced", "camera",
    "disk",         "clock",          "missing",      "missing_since",   "sales",
    "camera_sales", "no_touch_sales", "camera_items", "corrections",     "sale_seconds"};
constexpr std::array<std::string_view, 13> kJournals = {
    "store",        "till",    "incarnation",  "first_heard_at", "last_committed",
    "stored",       "held",    "newest",       "duplicates",     "verified_to",
    "chain_breaks", "missing", "missing_since"};
constexpr std::array<std::string_view, 6> kImports = {
    "store", "till", "source", "origin", "first_imported_at", "invoices"};
constexpr std::array<std::string_view, 5> kPersons = {"cursor", "customer", "first_name",
                                                      "last_name", "phone"};

// The columns of the project that Tillsight descends from, after ours.
constexpr std::array<std::string_view, 10> kRecommendations = {"cursor",
                                                               "customer",
                                                               "FirstName",
                                                               "LastName",
                                                               "PhoneNumber",
                                                               "recommended_item_1",
                                                               "recommended_item_2",
                                                               "recommended_item_3",
                                                               "recommended_item_4",
                                                               "recommended_item_5"};
// The newest name under a phone is whose list it is.
constexpr std::string_view kFromRecommended = R"sql((
SELECT id AS cursor, pseudonym AS customer, first_name AS FirstName, last_name AS LastName,
       phone AS PhoneNumber,
       (SELECT item FROM recommend.v_recommended WHERE customer = pseudonym
        ORDER BY place LIMIT 1) AS recommended_item_1,
       (SELECT item FROM recommend.v_recommended WHERE customer = pseudonym
        ORDER BY place LIMIT 1 OFFSET 1) AS recommended_item_2,
       (SELECT item FROM recommend.v_recommended WHERE customer = pseudonym
        ORDER BY place LIMIT 1 OFFSET 2) AS recommended_item_3,
       (SELECT item FROM recommend.v_recommended WHERE customer = pseudonym
        ORDER BY place LIMIT 1 OFFSET 3) AS recommended_item_4,
       (SELECT item FROM recommend.v_recommended WHERE customer = pseudonym
        ORDER BY place LIMIT 1 OFFSET 4) AS recommended_item_5
FROM persons.person AS named
WHERE id = (SELECT max(id) FROM persons.person WHERE pseudonym = named.pseudonym)
  AND EXISTS (SELECT 1 FROM recommend.v_recommended WHERE customer = pseudonym)))sql";

constexpr std::array<SetReader::Source, 10> kSources = {{
    {{"invoices", "sales, refunds and voids", true, true, true, true, false},
     kInvoices,
     "v_invoices",
     "cursor",
     "",
     "",
     true},
    {{"lines", "what stands on the invoices", true, true, true, true, false},
     kLines,
     "v_lines",
     "cursor",
     "line",
     "",
     true},
    {{"tenders", "how they were paid", true, true, true, false, false},
     kTenders,
     "v_tenders",
     "cursor",
     "tender",
     "",
     true},
    {{"cash", "cash that is no sale", true, true, true, false, false},
     kCash,
     "v_cash",
     "cursor",
     "",
     "",
     false},
    {{"z", "closed days", true, true, true, false, false}, kZ, "v_z", "cursor", "", "", false},
    {{"tills", "every till, as it last said", false, false, true, false, false},
     kTills,
     "v_tills",
     "",
     "",
     "store, till",
     false},
    {{"journals", "every journal of every till", false, false, true, false, false},
     kJournals,
     "v_journals",
     "",
     "",
     "store, till, first_heard_at, incarnation",
     false},
    {{"imports", "history that no till sealed", false, false, true, false, false},
     kImports,
     "v_imports",
     "",
     "",
     "store, till, source",
     false},
    {{"persons", "who the pseudonyms are", true, false, false, true, true},
     kPersons,
     "(SELECT id AS cursor, pseudonym AS customer, first_name, last_name, phone "
     "FROM persons.person)",
     "cursor",
     "",
     "",
     false},
    {{"recommendations", "what each customer may want, by name", true, false, false, true, true},
     kRecommendations,
     kFromRecommended,
     "cursor",
     "",
     "",
     false,
     true},
}};

constexpr auto kInfos = [] {
  std::array<SetInfo, kSources.size()> infos{};
  for (std::size_t i = 0; i < infos.size(); ++i) infos[i] = kSources[i].info;
  return infos;
}();

}  // namespace

std::span<const SetReader::Source> sources() {
  return kSources;
}

std::span<const SetInfo> sets() {
  return kInfos;
}

const SetInfo* find_set(std::string_view name) {
  for (const SetInfo& info : kInfos) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace tillsight::exchange
