#include "tests/fuzz/targets.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>

#include "src/capture/picture_header.hpp"
#include "tillsight/app/settings.hpp"
#include "tillsight/core/check.hpp"
#include "tillsight/core/config.hpp"
#include "tillsight/core/format.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/time_zone.hpp"
#include "tillsight/detect/manifest.hpp"
#include "tillsight/domain/catalogue.hpp"
#include "tillsight/domain/clerk_action.hpp"
#include "tillsight/domain/counter_state.hpp"
#include "tillsight/domain/customer.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/questions.hpp"
#include "tillsight/domain/text.hpp"
#include "tillsight/domain/wire.hpp"

namespace tillsight::fuzz {
namespace {

/// Bytes as a file, for decoders that take a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(::memfd_create("bytes", MFD_CLOEXEC)) {
    TILLSIGHT_CHECK(fd_ >= 0, "no memfd");
    TILLSIGHT_CHECK(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
                    "a memfd takes what it is given");
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return format("/proc/self/fd/{}", fd_); }

 private:
  int fd_;
};

void events(std::string_view bytes) {
  for (const Received& element : from_cloud_events(bytes)) {
    if (!element.event.ok()) {
      TILLSIGHT_CHECK(!element.event.error().message().empty(), "a refusal without a reason");
      continue;
    }
    // What is kept must be what is sent on, or a hash would break at the next hub.
    const std::vector<Received> again = from_cloud_events(to_cloud_events({*element.event}));
    TILLSIGHT_CHECK(again.size() == 1 && again.front().event.ok(), "an event does not come back");
    TILLSIGHT_CHECK(again.front().event->sealed == element.event->sealed, "sealed has changed");
    TILLSIGHT_CHECK(again.front().event->identity == element.event->identity, "another identity");
    if (holds_invoice(element.event->type)) {
      TILLSIGHT_CHECK(check(open(*element.event)->invoice).ok(), "an unlawful invoice was taken");
    } else {
      TILLSIGHT_CHECK(open_chain(*element.event).ok(), "taken without a place in the chain");
    }
  }
}

/// A sealed text and, on the next line, the person: what is inside the envelope.
void sealed(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  Event event;
  event.type = "tillsight.sale.v1";
  event.sealed = bytes.substr(0, end);
  if (end != std::string_view::npos) event.personal = bytes.substr(end + 1);
  [[maybe_unused]] const auto chain = open_chain(event);
  const auto opened = open(event);
  if (!opened.ok()) return;
  TILLSIGHT_CHECK(check(opened->invoice).ok(), "an unlawful invoice was taken");
  SeededRandom random(1);
  const auto again = open(seal(opened->invoice, opened->chain, random));
  TILLSIGHT_CHECK(again.ok(), "what was opened cannot be sealed again");
  TILLSIGHT_CHECK(again->invoice.gross == opened->invoice.gross, "another amount");
}

/// The law of every small message: decode, encode, decode again gives the same text.
template <typename Parse>
void comes_back(std::string_view bytes, Parse parse) {
  const auto value = parse(bytes);
  if (!value.ok()) return;
  const std::string text = to_json(*value);
  const auto again = parse(text);
  TILLSIGHT_CHECK(again.ok(), text);
  TILLSIGHT_CHECK(to_json(*again) == text, text);
}

void ack(std::string_view bytes) {
  comes_back(bytes, parse_ack);
}
void till_status(std::string_view bytes) {
  comes_back(bytes, parse_till_status);
}
void hub_state(std::string_view bytes) {
  comes_back(bytes, parse_hub_state);
}
void question(std::string_view bytes) {
  comes_back(bytes, parse_question);
}
void answer(std::string_view bytes) {
  comes_back(bytes, parse_answer);
  const auto told = parse_answer(bytes);
  if (!told.ok() || told->kind != AnswerKind::kInvoice) return;
  const answer::Sale& sale = told->sale;
  Event event;
  event.type = "tillsight.sale.v1";
  event.sealed = sale.sealed;
  const auto chain = open_chain(event);
  if (!chain.ok() || !chain->invoice_no) return;
  const auto sold = sold_invoice(sale, chain->identity.store, *chain->invoice_no, {0, 7});
  if (!sold.ok()) return;
  for (std::size_t i = 0; i < sold->refunded.size(); ++i) {
    TILLSIGHT_CHECK(sold->refunded[i] >= 0 && sold->refunded[i] <= sold->invoice.lines[i].quantity,
                    "more came back than was sold");
  }
}
void counter_state(std::string_view bytes) {
  comes_back(bytes, parse_counter_state);
}

void topic(std::string_view bytes) {
  const auto from = topics::parse(bytes);
  if (!from.ok()) return;
  TILLSIGHT_CHECK(parse_store_id(from->store.value()).ok(), "a store that is none");
  TILLSIGHT_CHECK(parse_till_id(from->till.value()).ok(), "a till that is none");
  for (const auto& own :
       {topics::events(from->store, from->till), topics::ack(from->store, from->till),
        topics::status(from->store, from->till), topics::ask(from->store, from->till),
        topics::answer(from->store, from->till)}) {
    TILLSIGHT_CHECK(topics::parse(own).ok(), own);
  }
}

void clerk_action(std::string_view bytes) {
  [[maybe_unused]] const auto action = parse_clerk_action(bytes);
}

void invoice_number(std::string_view bytes) {
  const auto number = parse_invoice_number(bytes);
  if (!number.ok()) return;
  TILLSIGHT_CHECK(parse_invoice_number(to_string(*number)).value() == *number, "another number");
}

void money(std::string_view bytes) {
  const Currency rupee = Currency::parse("INR").value();
  if (const auto amount = parse_money(bytes, rupee); amount.ok()) {
    TILLSIGHT_CHECK(parse_money(to_string(*amount, rupee), rupee).value() == *amount, "not exact");
  }
  [[maybe_unused]] const auto rate = parse_tax_rate(bytes);
  [[maybe_unused]] const auto date = parse_date(bytes);
  [[maybe_unused]] const auto currency = Currency::parse(bytes);
}

void customer(std::string_view bytes) {
  const std::size_t first = bytes.find('\n');
  const std::size_t last = bytes.rfind('\n');
  if (first == std::string_view::npos || first == last) return;
  const auto made = make_customer(bytes.substr(0, first), bytes.substr(first + 1, last - first - 1),
                                  bytes.substr(last + 1), "IN");
  if (!made.ok()) return;
  const auto again = make_customer(made->first_name, made->last_name, made->phone, "IN");
  TILLSIGHT_CHECK(again.ok() && *again == *made, "normalising is not done after the first time");
}

void price_list(std::string_view bytes) {
  const MemoryFile file(bytes);
  const auto catalogue = Catalogue::load(file.path(), Currency::parse("INR").value());
  if (!catalogue.ok()) return;
  for (const Product& product : catalogue->products()) {
    TILLSIGHT_CHECK(catalogue->by_sku(product.sku) != nullptr, "a product that is not found");
    TILLSIGHT_CHECK(product.barcode.empty() || catalogue->by_barcode(product.barcode) != nullptr,
                    "a barcode that is not found");
    TILLSIGHT_CHECK(product.label.empty() || !catalogue->by_label(product.label).empty(),
                    "a label that is not found");
  }
  [[maybe_unused]] const Status known =
      catalogue->check_labels(std::array<std::string, 1>{"apple"});
}

void settings(std::string_view bytes) {
  const MemoryFile file(bytes);
  [[maybe_unused]] const auto till = app::load_till_settings(file.path());
  [[maybe_unused]] const auto hub = app::load_hub_settings(file.path());
}

void model_manifest(std::string_view bytes) {
  const MemoryFile file(bytes);
  [[maybe_unused]] const auto manifest = ModelManifest::load(file.path());
}

void picture(std::string_view bytes) {
  const auto size = inspect_picture(bytes);
  TILLSIGHT_CHECK(!size.ok() || (size->width_px > 0 && size->height_px > 0), "an empty picture");
}

constexpr std::array kTargets{
    Target{"events", events},
    Target{"sealed", sealed},
    Target{"ack", ack},
    Target{"till_status", till_status},
    Target{"hub_state", hub_state},
    Target{"question", question},
    Target{"answer", answer},
    Target{"topic", topic},
    Target{"counter_state", counter_state},
    Target{"clerk_action", clerk_action},
    Target{"invoice_number", invoice_number},
    Target{"money", money},
    Target{"customer", customer},
    Target{"price_list", price_list},
    Target{"settings", settings},
    Target{"model_manifest", model_manifest},
    Target{"picture", picture},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

}  // namespace tillsight::fuzz
