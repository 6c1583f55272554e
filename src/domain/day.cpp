#include "tillsight/domain/day.hpp"

#include <charconv>

#include "domain/event_json.hpp"
#include "domain/invoice_json.hpp"
#include "tillsight/domain/limits.hpp"

namespace tillsight {
namespace {

constexpr std::int64_t kAmountMost = 1'000'000'000'000'000;  // fits JSON's 2^53
constexpr std::size_t kTendersMost = 16;
constexpr std::size_t kRatesMost = 64;

Json amounts_json(const Amounts& amounts) {
  return {{"net", amounts.net}, {"tax", amounts.tax}, {"gross", amounts.gross}};
}

void write_entry(Json& sealed, const BookEntry& entry) {
  sealed["cashier"] = entry.cashier;
  sealed["business_date"] = to_string(entry.business_date);
  write_moment(sealed, entry.at);
  sealed["currency"] = entry.currency;
}

BookEntry read_entry(JsonReader& reader) {
  BookEntry entry;
  entry.cashier = reader.text("cashier", limits::kNameBytes);
  entry.business_date = reader.take("business_date", parse_date(reader.text("business_date")));
  entry.at = read_moment(reader);
  entry.currency = reader.text("currency", 3);
  reader.adopt(Currency::parse(entry.currency).ok()
                   ? Status()
                   : error(Code::kInvalidArgument, "'currency' is not three capital letters"));
  return entry;
}

Json begin(std::string_view kind, const Chain& chain, const BookEntry& entry) {
  TILLSIGHT_CHECK(!chain.invoice_no, "only a sale has an invoice number");
  Json sealed = {{"v", 1}, {"kind", kind}};
  write_chain(sealed, chain);
  write_entry(sealed, entry);
  return sealed;
}

Event finished(std::string_view type, const Chain& chain, const BookEntry& entry,
               const Json& sealed) {
  return {chain.identity, std::string(type), to_iso8601(entry.at.utc), dump(sealed), "", ""};
}

std::int64_t read_amount(JsonReader& reader, std::string_view key) {
  return reader.integer(key, -kAmountMost, kAmountMost);
}

std::int64_t read_count(JsonReader& reader, std::string_view key) {
  return reader.integer(key, 0, kSequenceMax);
}

Amounts read_amounts(JsonReader& outer, std::string_view key, const JsonValue* json) {
  if (json == nullptr || !json->is_object()) {
    outer.reject(key, "is not an object of net, tax and gross");
    return {};
  }
  JsonReader reader(*json, std::string(key));
  const Amounts amounts{read_amount(reader, "net"), read_amount(reader, "tax"),
                        read_amount(reader, "gross")};
  outer.adopt(reader.finish());
  return amounts;
}

/// \return the fields of the object at `key`; none: that is no object, or a larger one.
std::optional<std::vector<std::pair<std::string_view, JsonValue>>> members(const JsonReader& reader,
                                                                           std::string_view key,
                                                                           std::size_t size_max) {
  const JsonValue* const json = reader.value(key);
  if (json == nullptr || !json->is_object()) return std::nullopt;
  auto fields = json->fields();
  if (fields.size() > size_max) return std::nullopt;
  return fields;
}

std::map<int, Amounts> read_rates(JsonReader& reader) {
  constexpr std::string_view kKey = "takings_by_tax_bp";
  std::map<int, Amounts> rates;
  const auto fields = members(reader, kKey, kRatesMost);
  if (!fields) {
    reader.reject(kKey, "is not an object of tax rates");
    return rates;
  }
  for (const auto& [text, amounts] : *fields) {
    int tax_bp = -1;
    const char* const end = text.data() + text.size();
    const auto [read_to, failure] = std::from_chars(text.data(), end, tax_bp);
    if (failure != std::errc() || read_to != end || tax_bp < 0 || tax_bp > 10'000) {
      reader.reject(kKey, "names something that is no tax rate");
    }
    rates[tax_bp] = read_amounts(reader, kKey, &amounts);
  }
  return rates;
}

std::map<std::string, std::int64_t> read_tenders(JsonReader& reader, std::string_view key) {
  std::map<std::string, std::int64_t> tenders;
  const auto fields = members(reader, key, kTendersMost);
  if (!fields) {
    reader.reject(key, "is not an object of tenders");
    return tenders;
  }
  JsonReader amounts(*reader.value(key), std::string(key));
  for (const auto& [type, amount] : *fields) {
    tenders[std::string(type)] = read_amount(amounts, type);
  }
  reader.adopt(amounts.finish());
  return tenders;
}

void write_sums(Json& sealed, const DaySums& sums) {
  sealed["first"] = sums.first;
  sealed["last"] = sums.last;
  sealed["sales"] = sums.sales;
  sealed["refunds"] = sums.refunds;
  sealed["voids"] = sums.voids;
  sealed["corrections"] = sums.corrections;
  sealed["discounts"] = sums.discounts;
  sealed["discount_total"] = sums.discount_total;
  sealed["void_total"] = sums.void_total;
  sealed["sold"] = amounts_json(sums.sold);
  sealed["refunded"] = amounts_json(sums.refunded);
  sealed["rounding"] = sums.rounding;
  sealed["takings_by_tax_bp"] = Json::object();
  for (const auto& [tax_bp, taken] : sums.takings_by_tax_bp) {
    sealed["takings_by_tax_bp"][std::to_string(tax_bp)] = amounts_json(taken);
  }
  sealed["takings_by_tender"] = sums.takings_by_tender;
  if (!sums.first_invoice.empty()) sealed["first_invoice"] = sums.first_invoice;
  if (!sums.last_invoice.empty()) sealed["last_invoice"] = sums.last_invoice;
  sealed["float"] = sums.opening_float;
  sealed["cash_in"] = sums.cash_in;
  sealed["cash_out"] = sums.cash_out;
  sealed["expected_cash"] = sums.expected_cash();
}

DaySums read_sums(JsonReader& reader) {
  DaySums sums;
  sums.first = reader.integer("first", 1, kSequenceMax);
  sums.last = reader.integer("last", 1, kSequenceMax);
  sums.sales = read_count(reader, "sales");
  sums.refunds = read_count(reader, "refunds");
  sums.voids = read_count(reader, "voids");
  sums.corrections = read_count(reader, "corrections");
  sums.discounts = read_count(reader, "discounts");
  sums.discount_total = read_amount(reader, "discount_total");
  sums.void_total = read_amount(reader, "void_total");
  sums.sold = read_amounts(reader, "sold", reader.value("sold"));
  sums.refunded = read_amounts(reader, "refunded", reader.value("refunded"));
  sums.rounding = read_amount(reader, "rounding");
  sums.takings_by_tax_bp = read_rates(reader);
  sums.takings_by_tender = read_tenders(reader, "takings_by_tender");
  sums.first_invoice = reader.optional_text("first_invoice", 64);
  sums.last_invoice = reader.optional_text("last_invoice", 64);
  sums.opening_float = read_amount(reader, "float");
  sums.cash_in = read_amount(reader, "cash_in");
  sums.cash_out = read_amount(reader, "cash_out");
  if (read_amount(reader, "expected_cash") != sums.expected_cash()) {
    reader.reject("expected_cash", "is not float + cash taken + in − out");
  }
  return sums;
}

/// Opens the sealed text of an event whose kind is `kind`.
template <typename T, typename Read>
Result<T> opened(const Event& event, std::string_view kind, Read read) {
  TILLSIGHT_CHECK(event.type == event_type(kind, 1), "the event is of another type");
  TILLSIGHT_ASSIGN(const JsonText sealed, parse_object(event.sealed, "sealed"));
  JsonReader reader(sealed, "sealed");
  if (reader.text("kind", 64) != kind) reader.reject("kind", "is another than the event's type");
  T value = read(reader);
  TILLSIGHT_TRY(reader.finish());
  return value;
}

}  // namespace

Amounts& Amounts::operator+=(const Amounts& other) {
  net += other.net;
  tax += other.tax;
  gross += other.gross;
  return *this;
}

std::int64_t DaySums::expected_cash() const {
  const auto cash = takings_by_tender.find(std::string(kCashTender));
  const std::int64_t taken = cash == takings_by_tender.end() ? 0 : cash->second;
  return opening_float + taken + cash_in - cash_out;
}

Status check(const DaySums& sums) {
  const auto wrong = [](std::string_view why) {
    return Error(Code::kInvalidArgument, std::string(why));
  };
  if (sums.last < sums.first) return wrong("the range of events ends before it begins");
  for (const Amounts& amounts : {sums.sold, sums.refunded}) {
    if (amounts.net + amounts.tax != amounts.gross) return wrong("net and tax are not the gross");
  }
  Amounts by_rate;
  for (const auto& [tax_bp, taken] : sums.takings_by_tax_bp) by_rate += taken;
  const Amounts taken{sums.sold.net - sums.refunded.net, sums.sold.tax - sums.refunded.tax,
                      sums.sold.gross - sums.refunded.gross};
  if (by_rate != taken) return wrong("the takings by tax rate are not sales minus refunds");
  std::int64_t by_tender = 0;
  for (const auto& [type, amount] : sums.takings_by_tender) by_tender += amount;
  if (by_tender != taken.gross + sums.rounding) {
    return wrong("the takings by tender are not sales minus refunds");
  }
  return {};
}

Event seal(const DayOpening& opening, const Chain& chain) {
  Json sealed = begin("day_open", chain, opening.entry);
  sealed["float"] = opening.opening_float.minor_units();
  return finished(kDayOpenType, chain, opening.entry, sealed);
}

Event seal(const CashMovement& movement, const Chain& chain) {
  Json sealed = begin("cash", chain, movement.entry);
  sealed["way"] = movement.in ? "in" : "out";
  sealed["amount"] = movement.amount.minor_units();
  sealed["reason"] = movement.reason;
  return finished(kCashType, chain, movement.entry, sealed);
}

Event seal(const ZReport& z, const Chain& chain) {
  Json sealed = begin("z", chain, z.closing.entry);
  sealed["number"] = z.number;
  write_sums(sealed, z.sums);
  sealed["counted"] = Json::object();
  for (const auto& [type, counted] : z.closing.counted) {
    sealed["counted"][type] = counted.minor_units();
  }
  return finished(kZType, chain, z.closing.entry, sealed);
}

Result<DayOpening> open_day_opening(const Event& event) {
  return opened<DayOpening>(event, "day_open", [](JsonReader& reader) {
    DayOpening opening{read_entry(reader), reader.money("float")};
    if (opening.opening_float < Money()) reader.reject("float", "is negative");
    return opening;
  });
}

Result<CashMovement> open_cash_movement(const Event& event) {
  return opened<CashMovement>(event, "cash", [](JsonReader& reader) {
    CashMovement movement;
    movement.entry = read_entry(reader);
    const std::string way = reader.text("way", 8);
    if (way != "in" && way != "out") reader.reject("way", "is not in or out");
    movement.in = way == "in";
    movement.amount = reader.money("amount");
    if (movement.amount <= Money()) reader.reject("amount", "is not more than zero");
    movement.reason = reader.text("reason", limits::kNameBytes);
    return movement;
  });
}

Result<ZReport> open_z(const Event& event) {
  TILLSIGHT_ASSIGN(ZReport z, opened<ZReport>(event, "z", [](JsonReader& reader) {
                     ZReport read;
                     read.number = reader.integer("number", 1, kSequenceMax);
                     read.closing.entry = read_entry(reader);
                     read.sums = read_sums(reader);
                     for (const auto& [type, units] : read_tenders(reader, "counted")) {
                       read.closing.counted[type] = Money::minor(units);
                     }
                     return read;
                   }));
  TILLSIGHT_TRY(check(z.sums));
  if (z.sums.last == event.identity.sequence.value()) return z;
  return error(Code::kInvalidArgument, "sealed: 'last' is not the Z's own sequence");
}

}  // namespace tillsight
