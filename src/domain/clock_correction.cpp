#include "tillsight/domain/clock_correction.hpp"

#include "domain/event_json.hpp"
#include "domain/invoice_json.hpp"
#include "tillsight/domain/day.hpp"

namespace tillsight {
namespace {

constexpr std::string_view kKind = "clock_correction";

ClockReading read_clock(JsonReader& reader) {
  ClockReading clock;
  clock.utc = reader.take("utc", parse_iso8601(reader.text("utc")));
  clock.trusted = reader.boolean("clock_trusted");
  clock.boot_id = reader.text("boot_id", 64);
  clock.monotonic = std::chrono::milliseconds(reader.integer("monotonic_ms", 0));
  return clock;
}

}  // namespace

Event seal(const ClockCorrection& correction, const Chain& chain) {
  TILLSIGHT_CHECK(!chain.invoice_no, "a clock correction is no sale");
  const std::string utc = to_iso8601(correction.now.utc);
  Json sealed = {{"v", 1}, {"kind", kKind}};
  write_chain(sealed, chain);
  sealed["utc"] = utc;
  sealed["utc_before"] = to_iso8601(correction.before);
  sealed["clock_trusted"] = correction.now.trusted;
  sealed["boot_id"] = correction.now.boot_id;
  sealed["monotonic_ms"] = correction.now.monotonic.count();
  return {chain.identity, std::string(kClockCorrectionType), utc, dump(sealed), "", ""};
}

Result<ClockCorrection> open_clock_correction(const Event& event) {
  TILLSIGHT_CHECK(event.type == kClockCorrectionType, "this event corrects no clock");
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(event.sealed, "sealed"));
  JsonReader reader(json, "sealed");
  if (reader.text("kind", 64) != kKind) reader.reject("kind", "is another than the event's type");
  ClockCorrection correction;
  correction.before = reader.take("utc_before", parse_iso8601(reader.text("utc_before")));
  correction.now = read_clock(reader);
  TILLSIGHT_TRY(reader.finish());
  return correction;
}

Result<ClockReading> clock_of(const Event& event) {
  const bool is_known = holds_invoice(event.type) || event.type == kClockCorrectionType ||
                        event.type == kDayOpenType || event.type == kCashType ||
                        event.type == kZType;
  if (!is_known) {
    return error(Code::kNotFound, "event {}: no clock is known of a '{}'",
                 to_string(event.identity), event.type);
  }
  TILLSIGHT_ASSIGN(const JsonText json, parse_object(event.sealed, "sealed"));
  JsonReader reader(json, "sealed");
  ClockReading clock = read_clock(reader);
  TILLSIGHT_TRY(reader.finish());
  return clock;
}

}  // namespace tillsight
