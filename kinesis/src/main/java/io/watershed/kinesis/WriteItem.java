package io.watershed.kinesis;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** One record in a {@link WriteWindow}: what it is, and how far it has come. */
final class WriteItem<T> {
  /** Where it is. */
  enum State {
    /** Behind an earlier record of its key. */
    WAITING,
    /** The oldest of its key, to be sent as its shard allows. */
    READY,
    /** Sent, not answered. */
    IN_FLIGHT,
    /** To be sent again, later. */
    DELAYED,
    /** The target has it. */
    WRITTEN
  }

  final long number;
  final String key;
  final BigInteger hashKey;
  final T token;
  final int bytes;
  State state = State.WAITING;
  @Nullable WriteItem<T> nextOfKey;
  int attempts;
  long firstAttemptNanos;
  long readyNanos;
  private @Nullable PutEntry entry;
  private PutResult.@Nullable Written written;

  WriteItem(long number, PutEntry entry, String key, BigInteger hashKey, T token) {
    this.number = number;
    this.entry = entry;
    this.key = key;
    this.hashKey = hashKey;
    this.token = token;
    this.bytes = OrderedWriter.size(entry);
  }

  PutEntry entry() {
    PutEntry present = entry;
    if (present == null) {
      throw new IllegalStateException("record " + number + " is acknowledged already");
    }
    return present;
  }

  PutResult.Written written() {
    PutResult.Written present = written;
    if (present == null) {
      throw new IllegalStateException("record " + number + " is not acknowledged");
    }
    return present;
  }

  boolean isWritten() {
    return state == State.WRITTEN;
  }

  void sent(long nowNanos) {
    state = State.IN_FLIGHT;
    firstAttemptNanos = attempts == 0 ? nowNanos : firstAttemptNanos;
    attempts++;
  }

  /** The payload is not needed any more. */
  void written(PutResult.Written where) {
    state = State.WRITTEN;
    written = where;
    entry = null;
  }
}
