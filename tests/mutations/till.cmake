# The till: what it has confirmed stays, whatever the disk does, and persons do not.

tillsight_mutation(commit_is_synced
  SAFEGUARD "a commit is on the medium before it counts (synchronous = FULL)"
  FILE src/sql/connection.cpp
  REPLACE "PRAGMA synchronous = FULL;" WITH "PRAGMA synchronous = NORMAL;"
  TEST sql CASE MemoryDiskTest.PowerCutKeepsEveryCommitAndEndsWhatWasOpen)

tillsight_mutation(failed_sync_is_not_believed
  SAFEGUARD "what a failed sync has left in the kernel's cache is read from the medium again"
  FILE src/sql/connection.cpp
  REPLACE "if (writes && !options.takes_over) forget_cached_log(file);"
  TEST sql CASE ConnectionOnADyingDisk.WhatIsCommittedBehindAFailedSyncSurvivesThePowerCut)

tillsight_mutation(emptied_log_is_emptied_first
  SAFEGUARD "a log that was emptied is empty on the medium before room is made in it"
  FILE src/sql/connection.cpp
  REPLACE "int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);" WITH "int code = SQLITE_OK;"
  TEST sql CASE ConnectionOnADyingDisk.RoomForALogThatWasJustEmptiedBringsNoOldPagesBack)

tillsight_mutation(outcome_is_read_back
  SAFEGUARD "after an error the outcome of a commit is read back over a new connection"
  FILE src/journal/journal.cpp
  REPLACE "  tail_known_ = false;\n"
  TEST journal CASE DiskTest.SaleWhoseFateTheDiskDoesNotTellIsSettledLater)

tillsight_mutation(damaged_file_is_not_written
  SAFEGUARD "a damaged file takes no more writes"
  FILE src/journal/journal.cpp
  REPLACE "if (damaged_) return *damaged_;"
  TEST journal CASE JournalTest.TakesNoMoreWritesOnceTheFileWasFoundDamaged)

tillsight_mutation(journal_proves_its_end
  SAFEGUARD "a till that starts proves the end of its chain"
  FILE src/journal/journal.cpp
  REPLACE "TILLSIGHT_TRY(journal::check_link(event, link, before, settings_.file));"
  TEST journal CASE JournalTest.ChangedLastEventIsFoundWhenOpening)

tillsight_mutation(till_verifies_the_chain
  SAFEGUARD "the till's audit proves the hash chain"
  FILE src/journal/reader.cpp
  REPLACE "TILLSIGHT_TRY(journal::check_link(event, link, base.link, db_.file()));"
  TEST journal CASE ReaderTest.AuditorFindsASaleThatTookAnothersPlace)

tillsight_mutation(till_notices_a_missing_number
  SAFEGUARD "the till's audit misses no number"
  FILE src/journal/reader.cpp
  REPLACE "if (event.identity.sequence != expected) {" WITH "if (false) {"
  TEST journal CASE ReaderTest.AuditorFindsAMissingSale)

tillsight_mutation(full_disk_has_a_reserve
  SAFEGUARD "a full disk gets the reserve"
  FILE src/journal/journal.cpp
  REPLACE "if (is_full && reserve_.give_up()) outcome = write();"
  TEST journal CASE DiskTest.FullDiskGetsTheReserveAndTheSaleIsSold)

tillsight_mutation(reserve_is_real
  SAFEGUARD "the reserve is allocated, not a file of holes"
  FILE src/journal/disk.cpp
  REPLACE "::posix_fallocate(fd, 0, bytes) == 0" WITH "::ftruncate(fd, bytes) == 0"
  TEST faults_disk_full CASE FullDisk.AThousandSalesMoreThenARefusalThenAllIsWell)

tillsight_mutation(own_reader_is_bounded
  SAFEGUARD "a reader of the till's own is ended after its time"
  FILE src/sql/handle.cpp
  REPLACE "return clock_ != nullptr && clock_->monotonic_now() > read_until_;" WITH "return false;"
  TEST journal CASE DiskTest.ReaderThatStopsHalfWayIsEndedAndHoldsNothingBack)

tillsight_mutation(mirror_comes_before_done
  SAFEGUARD "with a mirror, an event is on the second medium before \"done\""
  FILE src/journal/journal.cpp
  REPLACE "  tail_ = next;\n  mirror(event);" WITH "  tail_ = next;"
  TEST journal CASE MirrorTest.EveryEventIsThereWhenAppendAnswers)

tillsight_mutation(mirror_convicts_a_lying_disk
  SAFEGUARD "a mirror that knows more than the journal shows that the disk has forgotten"
  FILE src/journal/mirroring.cpp
  REPLACE "if (mirror->last() > tail_.sequence) {" WITH "if (false) {"
  TEST journal CASE MirrorTest.JournalThatForgotConfirmedSalesIsDamaged)

tillsight_mutation(undelivered_events_stay
  SAFEGUARD "what head office lacks is not let go, however old it is"
  FILE src/journal/upkeep.cpp
  REPLACE "\"  coalesce((SELECT min(sequence) - 1 FROM outbox), ?3))\"" WITH "\"  ?3)\""
  TEST journal CASE DiskTest.DeliveredEventIsKeptForItsTimeAndThenLetGo)

tillsight_mutation(wrong_clock_lets_nothing_go
  SAFEGUARD "a clock that is not trusted lets nothing go"
  FILE src/journal/upkeep.cpp
  REPLACE "if (!clock_->trusted() || clock_->monotonic_now() < prune_at_) return {};"
  WITH "if (clock_->monotonic_now() < prune_at_) return {};"
  TEST journal CASE DiskTest.ClockThatIsNotTrustedMakesNothingOld)

tillsight_mutation(person_is_encrypted
  SAFEGUARD "customers are encrypted on the till"
  FILE src/journal/personal.cpp
  REPLACE "std::string() : aead::seal(key, personal, place_of(event), random);"
  WITH "std::string() : std::string(personal);"
  TEST journal CASE PersonalData.IsReadBackAndStandsNowhereInTheClear)

tillsight_mutation(person_is_deleted_on_delivery
  SAFEGUARD "personal data is deleted with the acknowledgement"
  FILE src/journal/delivery.cpp
  REPLACE "TILLSIGHT_TRY(erase.bind(range.first, last).run());"
  TEST journal CASE PersonalData.IsDeletedInTheTransactionThatMarksTheDelivery)

tillsight_mutation(person_leaves_the_log
  SAFEGUARD "what was deleted leaves the write-ahead log (a truncating checkpoint)"
  FILE src/journal/forget.cpp
  REPLACE "db_.checkpoint(sql::Checkpoint::kTruncate)"
  WITH "db_.checkpoint(sql::Checkpoint::kPassive)"
  TEST journal CASE PersonalData.LeavesTheLogWithinAMinuteOfItsDelivery)

tillsight_mutation(deleted_bytes_are_overwritten
  SAFEGUARD "what was deleted does not stay in the database's free pages (secure_delete)"
  FILE src/sql/connection.cpp
  REPLACE "PRAGMA secure_delete = ON" WITH "PRAGMA secure_delete = OFF"
  TEST hub CASE Erasure.LeavesNothingOfThePersonAndAllOfTheSales)

tillsight_mutation(new_epoch_is_offered_everything
  SAFEGUARD "a head office with another hub_epoch is offered again what it lacks"
  FILE src/journal/delivery.cpp
  REPLACE "\"INSERT OR IGNORE INTO outbox (sequence) SELECT sequence FROM event\"" WITH "\"\""
  TEST journal CASE OutboxTest.NewEpochIsOfferedWhatItLacks)

tillsight_mutation(held_event_is_kept
  SAFEGUARD "an event that head office holds in quarantine is kept, and not offered again"
  FILE src/journal/reader.cpp
  REPLACE "\" WHERE outbox.sequence > ? AND NOT held\"" WITH "\" WHERE outbox.sequence > ?\""
  TEST journal CASE OutboxTest.HeldEventIsKeptAndNotOfferedUntilTheHubTakesIt)

tillsight_mutation(other_incarnations_ack_is_ignored
  SAFEGUARD "an acknowledgement for another incarnation delivers nothing"
  FILE src/journal/journal.cpp
  REPLACE "if (ack.incarnation != incarnation_) {" WITH "if (false) {"
  TEST journal CASE OutboxTest.AckForAnotherIncarnationChangesNothing)

tillsight_mutation(watchdog_wants_everybody
  SAFEGUARD "systemd's watchdog is fed only while every thread that it stands for turns"
  FILE src/app/service_manager.cpp
  REPLACE "  if (stuck) return;\n"
  TEST app CASE ServiceManager.OneThreadThatStandsStillStarvesTheWatchdog)
