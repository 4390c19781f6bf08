package io.watershed.duckdb;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.StreamRecord;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** What a record table reads: records, the columns to make of them, and how. Thread-safe. */
final class RecordSource {
  private final List<StreamRecord> records;
  private final PayloadLayout layout;
  private final PayloadFormat format;
  private final Optional<Shredder> observer;

  private RecordSource(
      List<StreamRecord> records,
      PayloadLayout layout,
      PayloadFormat format,
      Optional<Shredder> observer) {
    this.records = records;
    this.layout = layout;
    this.format = format;
    this.observer = observer;
  }

  static RecordSource unordered(
      List<StreamRecord> records, PayloadLayout layout, PayloadFormat format) {
    return new RecordSource(records, layout, format, Optional.empty());
  }

  /** One thread at a time, in order: the order of first sight becomes the order of columns. */
  static RecordSource observing(
      List<StreamRecord> records,
      PayloadLayout layout,
      PayloadFormat format,
      SchemaSettings settings) {
    return new RecordSource(
        records, layout, format, Optional.of(format.shredder(layout, settings)));
  }

  List<StreamRecord> records() {
    return records;
  }

  PayloadLayout layout() {
    return layout;
  }

  boolean isOrdered() {
    return observer.isPresent();
  }

  /** A shredder for one thread of a scan. */
  Shredder shredder(BitSet wanted) {
    return observer.orElseGet(() -> format.shredder(layout, wanted));
  }

  Observations observations() {
    return observer.map(Shredder::observations).orElse(Observations.NONE);
  }
}
