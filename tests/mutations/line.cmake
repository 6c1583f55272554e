# The line between till and head office: nobody in between is trusted, and nothing gives up.

tillsight_mutation(sent_is_not_delivered
  SAFEGUARD "only head office's acknowledgement makes an event delivered, never the broker's"
  FILE src/sync/uplink.cpp
  REPLACE "  if (outcome) return;"
  WITH "  if (outcome) {
    Ack believed{hub_epoch_, identity_.incarnation, {}, {}, granted_};
    while (const OutboxEvent* sent = window_.oldest()) {
      believed.have.insert(sent->sequence);
      window_.acknowledge(believed.have, clock_.monotonic_now());
    }
    acknowledged_.insert(believed.have);
    outbox_.on_ack(believed);
    return;
  }"
  TEST sync CASE UplinkTest.TheBrokersAcknowledgementIsNotADelivery)

tillsight_mutation(lost_events_are_sent_again
  SAFEGUARD "what is not acknowledged in time is sent again"
  FILE src/sync/window.cpp
  REPLACE "if (due_at(flight) <= now) events.push_back(&flight.event);" WITH ";"
  TEST sync CASE UplinkTest.TheBrokersAcknowledgementIsNotADelivery)

tillsight_mutation(resends_back_off
  SAFEGUARD "a head office that is mute is repeated to less and less"
  FILE src/sync/uplink.cpp
  REPLACE "      window_.wait().back_off();\n    }"
  WITH "    }"
  TEST sync CASE UplinkTest.AMuteHubIsRepeatedToLessAndLess)

tillsight_mutation(granted_window_is_kept
  SAFEGUARD "a till keeps to the window that head office grants"
  FILE src/sync/uplink.cpp
  REPLACE "granted_ = std::clamp(ack.window, 1, limits::kWindowMax);"
  WITH "granted_ = limits::kWindowMax;"
  TEST sync CASE UplinkTest.TheHubsWindowIsRespected)

tillsight_mutation(window_shares_the_brokers_queue
  SAFEGUARD "head office grants windows that the broker's queue can hold"
  FILE src/hub/ingest.cpp
  REPLACE "std::clamp(settings_.in_flight_max / store_.tills(), 1, limits::kWindowMax)"
  WITH "limits::kWindowMax"
  TEST hub CASE Ingesting.TheWindowSharesTheBrokersQueue)

tillsight_mutation(absent_hub_gets_one_probe
  SAFEGUARD "a head office that is away is asked with one event an interval"
  FILE src/sync/uplink.cpp
  REPLACE "if (now >= probe_at_) send_probe();" WITH "send_probe();"
  TEST sync CASE UplinkTest.AnAbsentHubIsAskedWithOneEventAnInterval)

tillsight_mutation(live_sale_has_room
  SAFEGUARD "the backlog leaves a live sale room in the window"
  FILE src/sync/uplink.cpp
  REPLACE "return window == 1 ? 0 : std::max(1, window / 5);" WITH "return 0;"
  TEST sync CASE UplinkTest.ABacklogThatIsNotAcknowledgedLeavesALiveSaleRoom)

tillsight_mutation(live_sale_goes_first
  SAFEGUARD "a live sale that found no room leaves before the backlog"
  FILE src/sync/uplink.cpp
  REPLACE "  send_late();\n  for" WITH "  late_ = Sequence(0);\n  for"
  TEST sync CASE UplinkTest.ALiveSaleThatFindsNoRoomIsTheFirstToLeave)

tillsight_mutation(backlog_is_paced
  SAFEGUARD "a backlog is paced"
  FILE src/sync/uplink.cpp
  REPLACE "  pace_.spend(static_cast<int>(pending->size()), now);\n"
  TEST sync CASE UplinkTest.ABacklogIsPaced)

tillsight_mutation(new_epoch_starts_over
  SAFEGUARD "a till that hears of another hub_epoch starts over"
  FILE src/sync/uplink.cpp
  REPLACE "  acknowledged_ = {};\n  start_over();\n"
  TEST sync CASE UplinkTest.AHubFromABackupIsOfferedWhatItLacksAndNoMore)

tillsight_mutation(ack_of_the_future_swallows_nothing
  SAFEGUARD "an acknowledgement of events that do not exist yet delivers none of them"
  FILE src/sync/uplink.cpp
  REPLACE "known.have = up_to(committed, ack.have);" WITH "known.have = ack.have;"
  TEST sync CASE UplinkTest.AnAcknowledgementOfTheFutureDoesNotSwallowSales)

tillsight_mutation(batch_fits_a_message
  SAFEGUARD "a batch never exceeds what a message may hold"
  FILE src/sync/batch.cpp
  REPLACE "batches.back().payload.size() + text.size() + kBracketsAndComma <= limits::kPayloadBytes;"
  WITH "true;"
  TEST sync CASE UplinkTest.ABatchNeverExceedsThePayloadLimit)

tillsight_mutation(connection_is_tried_again
  SAFEGUARD "the supervisor tries a connection that failed again, for ever"
  FILE src/mqtt/supervisor.cpp
  REPLACE "deadline_ = now + jittered(wait_);" WITH "deadline_ = MonotonicTime::max();"
  TEST mqtt CASE SupervisorTest.FindsABrokerThatComesLate)

tillsight_mutation(mute_broker_is_given_up
  SAFEGUARD "the supervisor gives up an attempt that nobody answers"
  FILE src/mqtt/supervisor.cpp
  REPLACE "state_ == State::kConnecting && clock_.monotonic_now() >= deadline_" WITH "false"
  TEST mqtt CASE SupervisorTest.GivesUpAnAttemptThatIsNeverAnswered)

tillsight_mutation(own_back_pressure
  SAFEGUARD "what waits for the broker is bounded here, not by libmosquitto's endless queue"
  FILE src/mqtt/session.cpp
  REPLACE "if (unacknowledged_ >= settings_.publish_max) {" WITH "if (false) {"
  TEST mqtt_broker CASE MosquittoClient.BoundsWhatWaitsForTheBroker)

tillsight_mutation(broker_keeps_no_session
  SAFEGUARD "sessions are clean: nothing depends on what a broker remembers"
  FILE src/mqtt/session.cpp
  REPLACE "/*clean_start=*/true" WITH "/*clean_start=*/false"
  TEST mqtt_broker CASE Wire.ConnectIsMqtt5WithACleanStartAndARetainedWillOfQos1)

tillsight_mutation(puback_follows_the_handler
  SAFEGUARD "head office lets the broker forget a message only when it has handled it"
  FILE src/mqtt/session.cpp
  REPLACE "TILLSIGHT_TRY(check(mosquitto_threaded_set(handle, true)));"
  TEST mqtt_broker CASE Wire.MessageIsAcknowledgedOnlyAfterItsHandlerHasSeenIt)
