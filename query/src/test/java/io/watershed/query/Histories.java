package io.watershed.query;

import java.util.List;

/** {@link JsonHistory} for the tests of other modules. */
public final class Histories {
  private final JsonHistory history;

  /** Same seed, same payloads. */
  public Histories(long seed) {
    history = new JsonHistory(seed);
  }

  /** So many payloads, and one that is very deep. */
  public List<byte[]> nextBatch(int size) {
    return history.nextBatch(size);
  }
}
