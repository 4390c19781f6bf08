package io.watershed.replay;

import io.watershed.kinesis.StreamSink;

/** Opens the stream that a replay writes to. Implementations are thread-safe. */
@FunctionalInterface
public interface Targets {
  /**
   * Opens the stream for writing; the replay closes it.
   *
   * @param target the stream's name as the request gave it
   */
  StreamSink open(String target);
}
