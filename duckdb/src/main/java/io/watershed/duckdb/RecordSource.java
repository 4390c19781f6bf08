package io.watershed.duckdb;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.GuardedShredder;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.Shredder;
import io.watershed.core.payload.Utf8;
import io.watershed.core.record.StreamRecord;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a record table reads: records, the columns to make of them, and how. Thread-safe. */
final class RecordSource {
  private final List<StreamRecord> records;
  private final PayloadLayout layout;
  private final PayloadFormat format;
  private final Optional<Shredder> observer;
  private final boolean allText;
  private final BitSet untyped;
  private final AtomicReference<@Nullable WatershedException> failure = new AtomicReference<>();

  private RecordSource(
      List<StreamRecord> records,
      PayloadLayout layout,
      PayloadFormat format,
      Optional<Shredder> observer,
      boolean allText,
      BitSet untyped) {
    this.untyped = untyped;
    this.records = records;
    this.layout = layout;
    this.format = format;
    this.observer = observer;
    this.allText = allText;
  }

  static RecordSource unordered(
      List<StreamRecord> records, PayloadLayout layout, PayloadFormat format) {
    return new RecordSource(records, layout, format, Optional.empty(), false, new BitSet());
  }

  /** One thread at a time, in order: the order of first sight becomes the order of columns. */
  static RecordSource observing(
      List<StreamRecord> records,
      PayloadLayout layout,
      PayloadFormat format,
      SchemaSettings settings,
      BitSet untyped) {
    // Every payload will be read, so it pays to know in advance whether one needs base64.
    boolean allText = records.stream().allMatch(record -> Utf8.isValid(record.payload()));
    return new RecordSource(
        records,
        layout,
        format,
        Optional.of(new GuardedShredder(format.shredder(layout, settings), layout)),
        allText,
        untyped);
  }

  List<StreamRecord> records() {
    return records;
  }

  PayloadLayout layout() {
    return layout;
  }

  /** Whether every payload is known to be UTF-8; if not, some may be. */
  boolean isAllText() {
    return allText;
  }

  boolean isOrdered() {
    return observer.isPresent();
  }

  /** A shredder for one thread of a scan. */
  Shredder shredder(BitSet wanted) {
    return observer.orElseGet(() -> new GuardedShredder(format.shredder(layout, wanted), layout));
  }

  /** Whether a record gets no payload columns, whatever its payload holds. */
  boolean isUntyped(int index) {
    return untyped.get(index);
  }

  /** A scan ended with this: DuckDB passes only a text on. */
  void fail(WatershedException e) {
    failure.compareAndSet(null, e);
  }

  /** What a scan ended with. */
  Optional<WatershedException> failure() {
    return Optional.ofNullable(failure.get());
  }

  Observations observations() {
    Observations seen = observer.map(Shredder::observations).orElse(Observations.NONE);
    return untyped.isEmpty() ? seen : new Observations(seen.seen(), true);
  }
}
