package io.watershed.query;

import io.watershed.kinesis.SharedSource;
import io.watershed.kinesis.StreamSource;
import org.jspecify.annotations.Nullable;

/** The same for statements that share what their own archiver reads, as in {@code serve}. */
class SharedWithTheArchiverTest extends OwnMemoryTest {
  private @Nullable SharedSource shared;

  @Override
  StreamSource read(String stream, StreamSource source) {
    shared =
        new SharedSource(source, HotWater.SMALL_CALLS.minCallInterval(), () -> 1L << 20, timers());
    return shared;
  }

  @Override
  StreamSource archived(StreamSource source) {
    return shared == null ? source : shared.fedBy(source);
  }
}
