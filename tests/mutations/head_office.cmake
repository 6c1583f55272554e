# Head office: its word counts, once, and only for what it has.

tillsight_mutation(ack_follows_the_commit
  SAFEGUARD "head office acknowledges only what it has committed"
  FILE src/hub/store.cpp
  REPLACE "TILLSIGHT_TRY(all.commit());\n  written.touched"
  WITH "const Status too_late = all.commit();\n  written.touched"
  TEST faults_hub_disk CASE HubDisk.InTroubleAcknowledgesNothingSaysSoAndHealsWithoutARestart)

tillsight_mutation(acknowledged_is_durable
  SAFEGUARD "what head office has committed survives a power cut"
  FILE src/sql/connection.cpp
  REPLACE "PRAGMA synchronous = FULL;" WITH "PRAGMA synchronous = NORMAL;"
  TEST faults_hub_disk CASE HubDisk.APowerCutAtAnyMomentLosesNothingThatWasAcknowledged)

tillsight_mutation(repetition_is_recognised
  SAFEGUARD "the same event again is a success and stored once"
  FILE src/hub/sales.cpp
  REPLACE "ON CONFLICT (journal_id, sequence) DO NOTHING"
  WITH "ON CONFLICT (journal_id, sequence) DO UPDATE SET received_at = excluded.received_at"
  TEST hub CASE Ingesting.AnEventSentAgainIsStoredOnce)

tillsight_mutation(conflict_is_kept_apart
  SAFEGUARD "other bytes under the same identity are a conflict, kept apart"
  FILE src/hub/sales.cpp
  REPLACE "if (std::ranges::equal(find.blob(1), hash)) {" WITH "if (true) {"
  TEST hub CASE Ingesting.OtherBytesUnderOneIdentityAreKeptApart)

tillsight_mutation(nothing_is_overwritten
  SAFEGUARD "other bytes under the same identity never replace the first"
  FILE src/hub/sales.cpp
  REPLACE "  TILLSIGHT_ASSIGN(const bool found, find.step());
  TILLSIGHT_CHECK(found, \"an event that could not be inserted is not there either\");
  if (std::ranges::equal(find.blob(1), hash)) {"
  WITH "  TILLSIGHT_ASSIGN(const bool found, find.step());
  TILLSIGHT_ASSIGN(auto replace, db.prepare(\"UPDATE event SET sealed = ?2 WHERE id = ?1\"));
  TILLSIGHT_TRY(replace.bind(find.integer(0), event.sealed).run());
  if (std::ranges::equal(find.blob(1), hash)) {"
  TEST hub CASE OnTheLine.OtherBytesUnderOneIdentityNeverReplaceTheFirst)

tillsight_mutation(till_speaks_for_itself
  SAFEGUARD "an event on another till's topic is refused"
  FILE src/hub/ingest.cpp
  REPLACE "return identity.store != from.store || identity.till != from.till;" WITH "return false;"
  TEST hub CASE Hostile.ATillCannotSpeakForAnother)

tillsight_mutation(till_holds_its_own_numbers
  SAFEGUARD "what a till sends cannot hold another till's number in quarantine"
  FILE src/hub/ingest.cpp
  REPLACE "return own ? identity : std::nullopt;" WITH "return identity;"
  TEST hub CASE Hostile.ATillCannotHoldAnothersNumber)

tillsight_mutation(invalid_event_is_held
  SAFEGUARD "an invalid event is held in quarantine and said to be, so that it blocks no stream"
  FILE src/hub/ingest.cpp
  REPLACE "auto held = own_identity(from, element);" WITH "std::optional<EventIdentity> held;"
  TEST hub CASE Hostile.AnInvalidEventIsHeldAndItsNeighboursGoOn)

tillsight_mutation(stored_is_never_held
  SAFEGUARD "what is stored is never held again"
  FILE src/hub/journals.cpp
  REPLACE "if (!state.have.contains(sequence)) state.held.insert(sequence);"
  WITH "state.held.insert(sequence);"
  TEST hub CASE Hostile.WhatIsStoredIsNeverHeldAgain)

tillsight_mutation(hub_verifies_the_chain
  SAFEGUARD "head office notices an event that does not continue the ones before it"
  FILE src/hub/journals.cpp
  REPLACE "if (!std::ranges::equal(events.blob(0), journal.verified_hash)) {" WITH "if (false) {"
  TEST hub CASE Ingesting.ABreakInTheChainIsRecordedAndTheEventsStay)

tillsight_mutation(hub_bounds_a_message
  SAFEGUARD "head office looks into no message that is too large"
  FILE src/hub/ingest.cpp
  REPLACE "payload.size() > limits::kPayloadBytes" WITH "false"
  TEST hub CASE Hostile.TenMegabytesAreRefusedAndOnlyTheirBeginningIsKept)

tillsight_mutation(hub_sheds_load
  SAFEGUARD "what waits for head office's database is bounded"
  FILE src/hub/ingest.cpp
  REPLACE "pending_bytes_ + payload.size() > settings_.pending_bytes_max && !pending_.empty()"
  WITH "false"
  TEST hub CASE Ingesting.ShedsLoadWhenTheDatabaseDoesNotKeepUp)

tillsight_mutation(old_will_is_ignored
  SAFEGUARD "the will of a session that has ended cannot take the new one down"
  FILE src/hub/heartbeats.cpp
  REPLACE "if (over) return {};"
  TEST hub CASE Heartbeats.TheWillOfAnEndedSessionIsIgnored)

tillsight_mutation(lost_tail_shows
  SAFEGUARD "the heartbeat's last number shows a lost tail"
  FILE src/hub/store.cpp
  REPLACE "std::max(journal->state.last_committed, heartbeat.status.last_committed)"
  WITH "journal->state.last_committed"
  TEST hub CASE Heartbeats.AHeartbeatShowsALostTail)

tillsight_mutation(times_are_corrected
  SAFEGUARD "a clock correction gives the sales before it their effective time"
  FILE src/hub/sales.cpp
  REPLACE "if (event.type == kClockCorrectionType) return" WITH "if (false) return"
  TEST hub CASE EffectiveTime.OfSalesBeforeTheCorrectionIsReckonedBack)

tillsight_mutation(one_hub_a_folder
  SAFEGUARD "one hub writes in a folder"
  FILE src/hub/folder_lock.cpp
  REPLACE "if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;" WITH "return lock;"
  TEST hub CASE Store.ASecondWriterIsRefused)

tillsight_mutation(restored_hub_is_another
  SAFEGUARD "a restored head office has another hub_epoch"
  FILE src/hub/restore.cpp
  REPLACE "TILLSIGHT_TRY(begin.bind(epoch, to_iso8601(clock.utc_now())).run());"
  WITH "begin.bind(epoch, to_iso8601(clock.utc_now()));"
  TEST faults_hub_restore CASE RestoredHub.FromYesterdaysBackupGetsAllThatItLacks)

tillsight_mutation(damaged_backup_is_refused
  SAFEGUARD "a damaged backup is not restored"
  FILE src/hub/backup_folder.cpp
  REPLACE "if (to_hex(found) == sum.hash) continue;" WITH "continue;"
  TEST hub CASE Backups.ADamagedBackupIsNotRestored)

tillsight_mutation(questions_are_paced
  SAFEGUARD "a till that asks faster than a shop sells is not answered"
  FILE src/hub/responder.cpp
  REPLACE "next - now > kEach * limits::kQuestionsAtOnce" WITH "false"
  TEST hub CASE Questions.OfAGreedyTillStayWithoutAnAnswer)

tillsight_mutation(questions_are_on_record
  SAFEGUARD "nobody's name is told before it is on record that it was"
  FILE src/hub/store.cpp
  REPLACE "TILLSIGHT_TRY(
      parts_->persons.note_question(asker.store, asker.till, \"customer\", customer.has_value(), at));"
  TEST hub CASE Questions.AreOnRecordWithoutThePhone)

tillsight_mutation(refunds_elsewhere_count
  SAFEGUARD "what came back at another till cannot come back again"
  FILE src/app/reception.cpp
  REPLACE "own.refunded = came_back(sale, own.invoice, own.refunded);"
  TEST app CASE AtTheReception.WhatCameBackElsewhereIsGoneFromATillsOwnSale)
