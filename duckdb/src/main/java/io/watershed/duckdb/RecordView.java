package io.watershed.duckdb;

import io.watershed.consumer.Envelope;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.Utf8;
import io.watershed.core.record.StreamRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record that a chunk is at, and what is worked out from it at most once, if a column asks.
 * Reused from record to record; not thread-safe.
 */
final class RecordView {
  private final boolean allText;
  private @Nullable StreamRecord record;
  private @Nullable PayloadRow row;
  private @Nullable Boolean isText;
  private boolean originKnown;
  private Optional<Origin> origin = Optional.empty();

  /**
   * @param allText whether every payload is known to be UTF-8
   */
  RecordView(boolean allText) {
    this.allText = allText;
  }

  /**
   * @param shredded the record's columns; null if none is needed
   */
  void show(StreamRecord shown, @Nullable PayloadRow shredded) {
    record = shown;
    row = shredded;
    isText = null;
    originKnown = false;
  }

  StreamRecord record() {
    if (record == null) {
      throw new IllegalStateException("no record is shown yet");
    }
    return record;
  }

  PayloadRow row() {
    if (row == null) {
      throw new IllegalStateException("the payload was not shredded");
    }
    return row;
  }

  /** Whether the payload is well-formed UTF-8. */
  boolean isText() {
    if (isText == null) {
      isText = allText || Utf8.isValid(record().payload());
    }
    return isText;
  }

  /** The replay that a kept copy came by; null for every other record. */
  @Nullable String replayOfCopy() {
    return record().isCopy()
        ? Envelope.unwrap(record().payload()).map(e -> e.header().replayId()).orElse("")
        : null;
  }

  /** Where the record came from, if it is a replayed one. */
  Optional<Origin> origin() {
    if (!originKnown) {
      originKnown = true;
      byte[] payload = record().payload();
      origin = Envelope.isReplayed(payload) ? Origin.of(payload) : Optional.empty();
    }
    return origin;
  }
}
