/// \file
/// One entry of a till's journal, in the form in which it is hashed, chained, stored and sent.
///
/// `sealed` is the exact JSON text whose SHA-256 is the event's hash and stands as `previous` in
/// the next one; nobody ever formats it again. It holds a salted commitment instead of the person.
/// `personal` travels beside it and can be erased on both sides without touching the chain. `notes`
/// (replayed, clock) never enters the hash. The format's page is docs/event-format.md.
///
/// **Errors** Decoding takes bytes from the network: it answers kInvalidArgument with the field
/// that is wrong, never crashes, and accepts fields it does not know (they stay in `sealed`).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"
#include "tillsight/domain/invoice.hpp"

namespace tillsight {

struct Event {
  EventIdentity identity;
  std::string type;  ///< CloudEvents type, "tillsight.sale.v1" or "tillsight.void.v1"
  std::string time;  ///< ISO 8601 UTC, when it happened
  std::string sealed;
  std::string personal;  ///< JSON text; empty: nobody, or erased
  std::string notes;     ///< JSON text; empty: none
};

Digest hash(const Event& event);

/// The numbers that only the journal can give.
struct Chain {
  EventIdentity identity;
  std::optional<InvoiceNumber> invoice_no;  ///< for a sale
  Digest previous{};                        ///< hash of event sequence − 1; zero for the first
};

/// \param random gives the salt of the commitment.
Event seal(const Invoice& invoice, const Chain& chain, Random& random);

/// \return whether `type` is one whose `sealed` holds an invoice. Types of a later version do not:
/// they are kept, chained and acknowledged, and nothing else.
bool holds_invoice(std::string_view type);

/// \return kInvalidArgument if `sealed` lacks the numbers of its place in the chain.
Result<Chain> open_chain(const Event& event);

/// What `sealed` says.
struct Opened {
  Invoice invoice;  ///< its customer comes from `personal`, if that is still there
  Chain chain;
};
/// \pre holds_invoice(event.type)
/// \return kInvalidArgument if a field is missing, of the wrong type, or breaks a law of the
/// invoice, or if `personal` does not match its commitment.
Result<Opened> open(const Event& event);

/// CloudEvents 1.0, structured JSON: one event as an object, several as an array.
std::string to_cloud_events(const std::vector<Event>& events);

/// An event on its way again: the same object with `"replay": times` among its notes, which never
/// enter the hash. \pre `cloud_event` is one event as to_cloud_events() writes it, without `replay`
/// \return `cloud_event` as it is if the note would make it longer than limits::kPayloadBytes.
std::string with_replay_note(std::string_view cloud_event, int times);

/// One event as it travelled, without its `personal`: still the same event, to be received again.
/// \return empty if `cloud_event` is no JSON object.
std::string without_person(std::string_view cloud_event);

/// One element of a received payload: the event, or why it is none.
struct Received {
  std::string raw;  ///< of what is no event: the element's own JSON text, for quarantine
  Result<Event> event;
  /// What the envelope's source and id say, readable also when the rest is broken; only a claim.
  std::optional<EventIdentity> claimed = {};
  Chain chain = {};                   ///< of an event: its place, as it was sealed
  std::optional<Opened> opened = {};  ///< of an event that holds an invoice
};
/// A payload that is no JSON at all gives one Received with the whole payload as `raw`.
/// Checks envelope, limits, identity (id, source and sealed must agree) and that open() succeeds
/// where the type holds an invoice.
std::vector<Received> from_cloud_events(std::string_view payload);

}  // namespace tillsight
