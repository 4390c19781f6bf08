package io.watershed.cli;

import io.watershed.cli.put.PartitionKeys;
import io.watershed.cli.put.PayloadReader;
import io.watershed.cli.put.PutProgressFile;
import io.watershed.cli.put.RecordPacks;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.WriteStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One put of records into a stream: in order per key, paced, with progress and a way back in. */
final class RecordPut {
  private static final Duration SAVE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STOP_WAIT = Duration.ofSeconds(2);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

  private final CommandContext context;
  private final PayloadReader reader;
  private final PartitionKeys keys;
  private final RecordPacks packs;
  private final Range range;
  private final OptionalDouble rate;
  private final Optional<PutProgressFile> file;
  private final ProgressLine line;
  private final Instant started;
  private final long fileBytes;
  private final AtomicBoolean stop = new AtomicBoolean();

  /** Number of the last record that is acknowledged with all before it; 0 for none. */
  private final AtomicLong acknowledged = new AtomicLong();

  private Instant nextSave = Instant.EPOCH;
  private volatile @Nullable Instant stopAsked;

  RecordPut(
      CommandContext context,
      PayloadReader reader,
      PartitionKeys keys,
      RecordPacks packs,
      Range range,
      OptionalDouble rate,
      Optional<PutProgressFile> file,
      long fileBytes) {
    this.context = context;
    this.reader = reader;
    this.keys = keys;
    this.packs = packs;
    this.range = range;
    this.rate = rate;
    this.file = file;
    this.fileBytes = fileBytes;
    this.line = new ProgressLine(context.console(), context.clock());
    this.started = context.clock().instant();
  }

  /**
   * Which records of the file: those with a number above {@code after} and up to {@code through}.
   */
  record Range(long after, long through) {}

  /**
   * What became of it.
   *
   * @param complete every record of the range is acknowledged
   */
  record Outcome(
      long acknowledged,
      long throttled,
      double seconds,
      boolean complete,
      Optional<WatershedException> error) {}

  /** Puts them all, or until it is asked to stop. Closes the sink. */
  Outcome run(StreamSink sink) throws Exception {
    acknowledged.set(range.after());
    OrderedWriteSettings settings =
        OrderedWriteSettings.DEFAULTS.withQuotaShare(1).withMaxRate(rate, OptionalDouble.empty());
    try (sink;
        RealScheduler scheduler = new RealScheduler("put");
        OrderedWriter<Long> writer =
            Connections.await(
                OrderedWriter.<Long>open(
                    sink,
                    settings,
                    scheduler,
                    new SecureRandom(),
                    (number, written) -> acknowledged.set(number)));
        AutoCloseable unused = context.shutdown().onStop(this::askToStop)) {
      Optional<WatershedException> error = Optional.empty();
      boolean all = false;
      try {
        all = writeAll(writer);
      } catch (WatershedException e) {
        error = Optional.of(e);
      }
      try {
        all &= waitFor(writer.flush(), writer, this::isOverdue);
      } catch (WatershedException e) {
        error = error.or(() -> Optional.of(e));
      }
      line.clear();
      boolean complete = all && error.isEmpty();
      if (file.isPresent()) {
        save(file.get(), complete);
      }
      WriteStatistics statistics = writer.statistics();
      double seconds = Duration.between(started, context.clock().instant()).toMillis() / 1000.0;
      return new Outcome(
          acknowledged.get() - range.after(), statistics.throttled(), seconds, complete, error);
    }
  }

  /** Whether the end of the range was reached. */
  private boolean writeAll(OrderedWriter<Long> writer) throws Exception {
    while (reader.records() < range.through()) {
      Optional<byte[]> payload = reader.next();
      if (payload.isEmpty()) {
        break;
      }
      long number = reader.records();
      if (number <= range.after()) {
        continue;
      }
      String key = keys.of(payload.get(), number);
      if (!write(packs.add(key, payload.get(), number), writer)) {
        return false;
      }
    }
    return write(packs.rest(), writer);
  }

  /** Whether to go on. */
  private boolean write(List<RecordPacks.Pack> full, OrderedWriter<Long> writer) throws Exception {
    for (RecordPacks.Pack pack : full) {
      boolean accepted = waitFor(writer.write(pack.entry(), pack.through()), writer, stop::get);
      if (!accepted || stop.get()) {
        return false;
      }
    }
    return true;
  }

  /** Waits until it is done or enough, shows how far it is, and saves that now and then. */
  private boolean waitFor(
      CompletableFuture<Void> done, OrderedWriter<Long> writer, BooleanSupplier enough)
      throws InterruptedException {
    while (true) {
      showAndSave(writer);
      try {
        done.get(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (enough.getAsBoolean()) {
          return false;
        }
      } catch (ExecutionException e) {
        throw Connections.asError(e.getCause() == null ? e : e.getCause());
      } catch (CompletionException e) {
        throw Connections.asError(e);
      }
    }
  }

  /** With a slow pace, what is queued can take minutes: a stop does not wait for it. */
  private boolean isOverdue() {
    Instant asked = stopAsked;
    return asked != null && context.clock().instant().isAfter(asked.plus(STOP_WAIT));
  }

  private void askToStop() {
    stopAsked = context.clock().instant();
    stop.set(true);
  }

  private void showAndSave(OrderedWriter<Long> writer) {
    Instant now = context.clock().instant();
    line.update(() -> text(writer.statistics(), now));
    if (file.isPresent() && !now.isBefore(nextSave)) {
      nextSave = now.plus(SAVE_INTERVAL);
      try {
        save(file.get(), false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void save(PutProgressFile to, boolean complete) throws IOException {
    if (complete) {
      to.delete();
    } else {
      to.write(acknowledged.get());
    }
  }

  private String text(WriteStatistics statistics, Instant now) {
    double seconds = Math.max(1, Duration.between(started, now).toMillis()) / 1000.0;
    double bytesPerSecond = statistics.acknowledgedBytes() / seconds;
    long left = fileBytes - statistics.acknowledgedBytes();
    return String.format(
        Locale.ROOT,
        "put %,d records, %s, %,.0f records/s%s%s",
        statistics.acknowledged(),
        new DataSize(statistics.acknowledgedBytes()).approximate(),
        statistics.acknowledged() / seconds,
        range.after() > 0 || left <= 0 || bytesPerSecond < 1
            ? ""
            : String.format(Locale.ROOT, ", about %.0f s left", left / bytesPerSecond),
        statistics.throttled() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d throttled", statistics.throttled()));
  }
}
