package io.watershed.replay;

import java.time.Instant;
import java.util.Optional;

/**
 * How a plan's runs stand, as the ledger says at one moment. Whoever acts on it takes the next
 * epoch: that fails if anybody else did since.
 *
 * @param epoch the last that was taken; 0 if none
 * @param note what its owner left
 * @param takenAt when it was taken, by the store's clock
 * @param newest the newest entry, maybe of an earlier epoch or run
 */
record Standing(
    long epoch,
    Optional<OwnerNote> note,
    Optional<Instant> takenAt,
    Optional<Ledger.Newest> newest) {

  /** The newest run's number; 0 if there is none. */
  long run() {
    return note.map(OwnerNote::run).orElse(0L);
  }

  /** The first epoch of the newest run; 1 if there is none. */
  long firstEpoch() {
    return note.map(OwnerNote::firstEpoch).orElse(1L);
  }

  /** What the newest run has done; {@link LedgerEntry#NONE} if nothing. */
  LedgerEntry entry() {
    return newest
        .map(Ledger.Newest::entry)
        .filter(entry -> entry.epoch() >= firstEpoch())
        .orElse(LedgerEntry.NONE);
  }

  /** Whether the epoch's owner has not written anything yet. */
  boolean isJustTaken() {
    return epoch > newest.map(n -> n.entry().epoch()).orElse(0L);
  }

  /** What the newest run is doing; empty if there is none. */
  Optional<LedgerEntry.State> state() {
    if (epoch == 0) {
      return Optional.empty();
    }
    return Optional.of(isJustTaken() ? LedgerEntry.State.RUNNING : entry().state());
  }

  boolean is(LedgerEntry.State state) {
    return state().equals(Optional.of(state));
  }

  /** When somebody last wrote, by the store's clock. */
  Instant lastSign() {
    Instant entry = newest.map(Ledger.Newest::writtenAt).orElse(Instant.EPOCH);
    return takenAt.filter(entry::isBefore).orElse(entry);
  }

  /** Whether nobody wrote between the two. */
  boolean isUnchangedSince(Standing before) {
    return epoch == before.epoch && newest.equals(before.newest);
  }
}
