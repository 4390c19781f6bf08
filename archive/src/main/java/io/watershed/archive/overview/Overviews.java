package io.watershed.archive.overview;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.WatershedException;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.Append;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Makes overviews. Thread-safe. */
public final class Overviews {
  /** Rates are over this time. */
  static final Duration RATE_WINDOW = Duration.ofMinutes(15);

  /** The longest that the stream is waited for. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final InstantSource clock;

  /**
   * @param clock must agree with the archiver's
   */
  public Overviews(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Looks at one table, and at the stream if there is a source.
   *
   * @param source empty to leave the stream alone
   * @throws WatershedException if the table cannot be read; a stream that cannot is said in the
   *     overview
   */
  public StreamOverview look(ArchiveTable table, Optional<StreamSource> source) {
    TableState state = table.load();
    List<DataFileInfo> files = table.files(state);
    Instant now = clock.instant();
    Tails tails = source.map(s -> tails(s, state, now)).orElse(Tails.NONE);
    List<Append> appends = table.appendsSince(state, now.minus(RATE_WINDOW));
    List<ShardCheckpoint> checkpoints = List.copyOf(state.checkpoints().values());
    return new StreamOverview(
        state.stream(),
        checkpoints.stream().mapToLong(ShardCheckpoint::rows).sum(),
        checkpoints.stream().mapToLong(ShardCheckpoint::skipped).sum(),
        files.size(),
        files.stream().mapToLong(DataFileInfo::sizeBytes).sum(),
        state.generation(),
        Optional.of(state.snapshotTime()).filter(time -> time.isAfter(Instant.EPOCH)),
        rate(appends, Append::records, now),
        rate(appends, Append::bytes, now),
        state.gaps(),
        parentsFirst(state)
            .map(c -> new ShardOverview(c, Optional.ofNullable(tails.waiting().get(c))))
            .toList(),
        tails.problem());
  }

  private static Stream<ShardCheckpoint> parentsFirst(TableState state) {
    List<Shard> shards = state.checkpoints().values().stream().map(ShardCheckpoint::shard).toList();
    return Lineage.of(shards).shards().stream()
        .flatMap(shard -> Optional.ofNullable(state.checkpoints().get(shard.key())).stream());
  }

  /** The first append that is known starts the clock: what it brought was read before. */
  private static Optional<Double> rate(
      List<Append> appends, ToLongFunction<Append> amountOf, Instant now) {
    if (appends.size() < 2) {
      return Optional.empty();
    }
    long amount = appends.stream().skip(1).mapToLong(amountOf).sum();
    long millis = Duration.between(appends.get(0).time(), now).toMillis();
    return millis <= 0 ? Optional.empty() : Optional.of(amount * 1e3 / millis);
  }

  private record Tails(Map<ShardCheckpoint, Waiting> waiting, Optional<String> problem) {
    static final Tails NONE = new Tails(Map.of(), Optional.empty());
  }

  private static Tails tails(StreamSource source, TableState state, Instant now) {
    try {
      StreamDescription stream = source.describe().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      TailLook look = new TailLook(source, stream.retention());
      Map<ShardCheckpoint, CompletableFuture<Waiting>> asked = new HashMap<>();
      for (ShardCheckpoint checkpoint : readable(state, stream)) {
        asked.put(
            checkpoint,
            look.at(checkpoint, now)
                .completeOnTimeout(
                    Waiting.unreadable("no answer within " + PATIENCE.toSeconds() + " s"),
                    PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS));
      }
      Map<ShardCheckpoint, Waiting> waiting = new HashMap<>();
      asked.forEach((checkpoint, answer) -> waiting.put(checkpoint, answer.join()));
      return new Tails(waiting, Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Tails(Map.of(), Optional.of("interrupted"));
    } catch (ExecutionException | CompletionException e) {
      return new Tails(
          Map.of(), Optional.of(String.valueOf(StreamFailure.of(e).toError().getMessage())));
    } catch (TimeoutException e) {
      return new Tails(
          Map.of(), Optional.of("the stream did not answer within " + PATIENCE.toSeconds() + " s"));
    }
  }

  private static List<ShardCheckpoint> readable(TableState state, StreamDescription stream) {
    List<ShardCheckpoint> readable = new ArrayList<>();
    for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
      boolean present = checkpoint.key().incarnation().equals(stream.incarnation().id());
      if (present && !checkpoint.after().isEnd()) {
        readable.add(checkpoint);
      }
    }
    return readable;
  }
}
