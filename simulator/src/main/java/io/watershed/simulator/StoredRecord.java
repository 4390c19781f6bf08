package io.watershed.simulator;

import io.watershed.core.record.StreamRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record as the stream holds it, and what became of it: the truth that the judge goes by. */
final class StoredRecord {
  private final StreamRecord record;
  private final Instant storedAt;
  private final long number;
  private final boolean copyOfArchived;
  private @Nullable Instant goneAt;

  /**
   * @param storedAt when it really was stored; its arrival time is only near that
   * @param number counts all records of the run, in the order of their puts
   * @param copyOfArchived a replayed copy that the archive has already
   */
  StoredRecord(StreamRecord record, Instant storedAt, long number, boolean copyOfArchived) {
    this.record = record;
    this.storedAt = storedAt;
    this.number = number;
    this.copyOfArchived = copyOfArchived;
  }

  StreamRecord record() {
    return record;
  }

  Instant storedAt() {
    return storedAt;
  }

  long number() {
    return number;
  }

  boolean isCopyOfArchived() {
    return copyOfArchived;
  }

  /** When the stream let it go; empty while it can be read. */
  Optional<Instant> goneAt() {
    return Optional.ofNullable(goneAt);
  }

  void gone(Instant when) {
    if (goneAt == null) {
      goneAt = when;
    }
  }
}
