package io.watershed.archive.verify;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.kinesis.StreamSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a verification looks at.
 *
 * @param depth how much of each file to read
 * @param source the stream, to compare with what it still holds; empty for the table alone
 * @param reads pace of reading the stream
 * @param format how the stream's payloads become columns
 * @param schema bounds of the payload columns
 * @param from only files of this UTC day and later; with it or {@code before} the sums of shards
 *     are not compared with their checkpoints
 * @param before only files of days before this one
 * @param listener hears of progress
 * @param stop asked between files and reads: true ends the verification as {@code cancelled}
 */
public record VerifyOptions(
    VerifyDepth depth,
    Optional<StreamSource> source,
    ShardReadSettings reads,
    PayloadFormat format,
    SchemaSettings schema,
    Optional<LocalDate> from,
    Optional<LocalDate> before,
    VerifyListener listener,
    BooleanSupplier stop) {

  /** The table alone, JSON payloads, all days. */
  public static VerifyOptions of(VerifyDepth depth) {
    return new VerifyOptions(
        depth,
        Optional.empty(),
        ShardReadSettings.DEFAULTS.withMaxReadsPerSecond(
            1e9 / LiveReadSettings.DEFAULTS.minCallInterval().toNanos()),
        PayloadFormat.JSON,
        SchemaSettings.DEFAULTS,
        Optional.empty(),
        Optional.empty(),
        VerifyListener.NONE,
        () -> false);
  }

  /** The same, compared with a stream. */
  public VerifyOptions against(StreamSource stream) {
    return new VerifyOptions(
        depth, Optional.of(stream), reads, format, schema, from, before, listener, stop);
  }

  /** The same with another pace of reading the stream. */
  public VerifyOptions withReads(ShardReadSettings pace) {
    return new VerifyOptions(depth, source, pace, format, schema, from, before, listener, stop);
  }

  /** The same for payloads of another format. */
  public VerifyOptions withFormat(PayloadFormat other) {
    return new VerifyOptions(depth, source, reads, other, schema, from, before, listener, stop);
  }

  /** The same for files of some days only. */
  public VerifyOptions withDays(Optional<LocalDate> first, Optional<LocalDate> end) {
    return new VerifyOptions(depth, source, reads, format, schema, first, end, listener, stop);
  }

  /** The same with somebody who listens, and may stop it. */
  public VerifyOptions watchedBy(VerifyListener other, BooleanSupplier cancelled) {
    return new VerifyOptions(depth, source, reads, format, schema, from, before, other, cancelled);
  }

  boolean allDays() {
    return from.isEmpty() && before.isEmpty();
  }

  boolean wants(LocalDate day) {
    return from.map(first -> !day.isBefore(first)).orElse(true)
        && before.map(day::isBefore).orElse(true);
  }
}
