package io.watershed.cut;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ReplayedCopies;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.ResumingShardReader;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Reads what the archive does not hold yet (PROTOCOL 5.1): every shard after its checkpoint, shards
 * side by side, children after all of their parents. Blocks nowhere: the caller waits.
 */
final class LiveSide {
  /** Attempts of one request; the statement's own deadline ends them sooner. */
  private static final int MAX_ATTEMPTS = 20;

  private final ShardReadSettings shardSettings;
  private final Scheduler scheduler;
  private final Supplier<RandomGenerator> random;

  LiveSide(LiveReadSettings settings, Scheduler scheduler, Supplier<RandomGenerator> random) {
    this.shardSettings = settings.shardReads(MAX_ATTEMPTS, settings.timeout());
    this.scheduler = scheduler;
    this.random = random;
  }

  /**
   * A live side as it was read.
   *
   * @param incarnation id of the incarnation that was read
   * @param lineage the shards that are listed or checkpointed
   * @param tails per shard that was read, in the order of reading
   * @param gaps shards that vanished before they were archived, and gaps of the tails
   * @param partly shards that were not read to the tip, because the statement needs no more of them
   * @param estimate what the read was expected to come to
   */
  record LiveRead(
      String incarnation,
      Lineage lineage,
      Map<ShardKey, ShardTail> tails,
      List<Gap> gaps,
      Map<ShardKey, ReadTo> partly,
      LiveEstimate estimate) {}

  /**
   * Reads everything after the checkpoints to the tip, or to where a time ends the cut.
   *
   * @param need what the statement needs: no more is read, but for ancestors
   * @param hot what an archiver holds, asked for before: the incarnation that the stream names from
   *     here on is then the one that it was read from, or its shards are others
   * @param begun when the statement did: what had arrived by then is read
   * @param wanted an open shard whose checkpoint covers its position here is not read: all of what
   *     had arrived is archived
   * @param forecast refuses what is too much, once each shard's first records are there
   */
  CompletableFuture<LiveRead> readToTip(
      StreamSource source,
      Map<ShardKey, ShardCheckpoint> checkpoints,
      TimeCut time,
      LiveNeed need,
      HotAnswer hot,
      Instant begun,
      Map<ShardKey, ShardPosition> wanted,
      LiveForecast forecast,
      LiveBudget budget) {
    return source
        .describe()
        .thenCombine(source.listShards(), Listing::new)
        .thenCompose(
            listing ->
                new Waves(
                        source,
                        checkpoints,
                        time,
                        need,
                        hot,
                        wanted,
                        forecast,
                        budget,
                        begun,
                        listing)
                    .readAll());
  }

  /**
   * Reads these shards only, each to its through-position or, if it has none, to its end.
   *
   * @param throughs per shard where to stop
   * @param hot as in {@link #readToTip}
   */
  CompletableFuture<LiveRead> readThrough(
      StreamSource source,
      Map<ShardKey, ShardCheckpoint> checkpoints,
      Function<ShardKey, Optional<After>> archivedAtReceipt,
      Map<ShardKey, Optional<ShardPosition>> throughs,
      HotAnswer hot,
      LiveBudget budget) {
    Instant startedAt = scheduler.instant();
    return source
        .describe()
        .thenCompose(
            description -> {
              List<CompletableFuture<ShardTail>> reads = new ArrayList<>();
              throughs.forEach(
                  (key, through) ->
                      reads.add(
                          open(
                                  source,
                                  key,
                                  Optional.ofNullable(checkpoints.get(key)),
                                  hot,
                                  description,
                                  through,
                                  Optional.empty(),
                                  Optional.empty(),
                                  startedAt,
                                  copies(archivedAtReceipt),
                                  budget)
                              .thenCompose(TailReader::rest)));
              return all(reads)
                  .thenApply(
                      tails -> {
                        Map<ShardKey, ShardTail> byShard = new LinkedHashMap<>();
                        List<Gap> gaps = new ArrayList<>();
                        for (ShardTail tail : tails) {
                          byShard.put(tail.shard(), tail);
                          gaps.addAll(tail.gaps());
                        }
                        return new LiveRead(
                            description.incarnation().id(),
                            Lineage.EMPTY,
                            byShard,
                            gaps,
                            Map.of(),
                            LiveEstimate.NOTHING);
                      });
            });
  }

  private record Listing(StreamDescription description, List<Shard> shards) {}

  /** Reads wave by wave: the next one are the shards whose parents ended in this one. */
  private final class Waves {
    private final StreamSource source;
    private final Map<ShardKey, ShardCheckpoint> checkpoints;
    private final TimeCut time;
    private final CutBounds bounds;
    private final HotAnswer hot;
    private final Map<ShardKey, ShardPosition> wanted;
    private final LiveForecast forecast;
    private final LiveBudget budget;
    private final Instant startedAt;
    private final StreamDescription description;
    private final Lineage lineage;
    private final Set<ShardKey> listed = new HashSet<>();
    private final Set<ShardKey> finished = new HashSet<>();
    private final Map<ShardKey, ShardTail> tails = new LinkedHashMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    private LiveEstimate estimate = LiveEstimate.NOTHING;

    Waves(
        StreamSource source,
        Map<ShardKey, ShardCheckpoint> checkpoints,
        TimeCut time,
        LiveNeed need,
        HotAnswer hot,
        Map<ShardKey, ShardPosition> wanted,
        LiveForecast forecast,
        LiveBudget budget,
        Instant startedAt,
        Listing listing) {
      this.source = source;
      this.checkpoints = checkpoints;
      this.time = time;
      this.hot = hot;
      this.wanted = wanted;
      this.forecast = forecast;
      this.budget = budget;
      this.startedAt = startedAt;
      this.description = listing.description();
      listing.shards().forEach(shard -> listed.add(shard.key()));
      this.lineage =
          Lineage.of(checkpoints.values().stream().map(ShardCheckpoint::shard).toList())
              .plus(listing.shards());
      this.bounds = new CutBounds(time, need, checkpoints, lineage);
    }

    CompletableFuture<LiveRead> readAll() {
      checkpoints.values().stream()
          .filter(checkpoint -> checkpoint.after().isEnd())
          .filter(checkpoint -> !time.endsBeforeLiveSide(checkpoint.key()))
          .forEach(checkpoint -> finished.add(checkpoint.key()));
      for (Shard shard : lineage.shards()) {
        if (!bounds.reads(shard.key())) {
          continue;
        }
        if (!listed.contains(shard.key()) && finished.add(shard.key())) {
          // Neither archived to its end nor listed any more: nobody can read the rest.
          gaps.add(gap(shard.key(), "shard-vanished"));
        } else if (listed.contains(shard.key()) && parentVanished(shard)) {
          gaps.add(gap(shard.key(), "parent-vanished"));
        }
      }
      return nextWave();
    }

    /** A parent that came and went unseen, in a stream that is being archived (PROTOCOL 2.3). */
    private boolean parentVanished(Shard shard) {
      boolean archived =
          checkpoints.keySet().stream()
              .anyMatch(key -> key.incarnation().equals(shard.key().incarnation()));
      return archived
          && !checkpoints.containsKey(shard.key())
          && !lineage.unknownParents(shard).isEmpty();
    }

    private Gap gap(ShardKey shard, String reason) {
      Optional<ShardCheckpoint> checkpoint = Optional.ofNullable(checkpoints.get(shard));
      return new Gap(
          shard,
          checkpoint
              .flatMap(c -> c.after().lastPosition())
              .map(ShardPosition::text)
              .orElse("START"),
          checkpoint.flatMap(ShardCheckpoint::completeThrough),
          Optional.empty(),
          reason,
          scheduler.instant());
    }

    private CompletableFuture<LiveRead> nextWave() {
      List<CompletableFuture<TailReader>> wave = new ArrayList<>();
      for (Shard shard : lineage.readable(finished)) {
        if (!tails.containsKey(shard.key()) && bounds.reads(shard.key())) {
          if (isArchived(shard.key())) {
            tails.put(shard.key(), ShardTail.nothing(shard.key()));
            continue;
          }
          wave.add(
              open(
                      source,
                      shard.key(),
                      Optional.ofNullable(checkpoints.get(shard.key())),
                      hot,
                      description,
                      Optional.empty(),
                      time.until(),
                      bounds.last(shard.key()),
                      startedAt,
                      copies(key -> Optional.ofNullable(checkpoints.get(key)).map(c -> c.after())),
                      budget)
                  .thenCompose(TailReader::first));
        }
      }
      if (wave.isEmpty()) {
        return CompletableFuture.completedFuture(
            new LiveRead(description.incarnation().id(), lineage, tails, gaps, partly(), estimate));
      }
      return all(wave)
          .thenCompose(this::readRest)
          .thenCompose(
              read -> {
                read.forEach(this::take);
                return nextWave();
              });
    }

    /** A shard with children is closed: only its end, when it is read, tells that they follow. */
    private boolean isArchived(ShardKey key) {
      ShardPosition position = wanted.get(key);
      return position != null
          && NextCommit.holds(checkpoints.get(key), position)
          && lineage.children(key).isEmpty();
    }

    private Map<ShardKey, ReadTo> partly() {
      Map<ShardKey, ReadTo> partly = bounds.unread();
      for (ShardTail tail : tails.values()) {
        if (tail.pastLast()) {
          partly.put(tail.shard(), new ReadTo(bounds.last(tail.shard())));
        }
      }
      return partly;
    }

    /** Refuses what is too much before more than the first records are read. */
    private CompletableFuture<List<ShardTail>> readRest(List<TailReader> wave) {
      List<Outlook> outlooks = wave.stream().map(TailReader::outlook).toList();
      LiveEstimate rest = forecast.of(outlooks);
      estimate = estimate.then(LiveForecast.known(outlooks)).then(rest);
      budget.expect(rest);
      return all(wave.stream().map(TailReader::rest).toList())
          .whenComplete((tails, error) -> budget.settle(rest));
    }

    private void take(ShardTail tail) {
      tails.put(tail.shard(), tail);
      gaps.addAll(tail.gaps());
      if (tail.ended()) {
        finished.add(tail.shard());
      }
    }
  }

  /** Ready to read; nothing but the checkpoint's own place was read yet. */
  private CompletableFuture<TailReader> open(
      StreamSource source,
      ShardKey shard,
      Optional<ShardCheckpoint> checkpoint,
      HotAnswer hot,
      StreamDescription description,
      Optional<ShardPosition> through,
      Optional<Instant> until,
      Optional<SequenceNumber> stopAfter,
      Instant startedAt,
      Predicate<StreamRecord> isCopy,
      LiveBudget budget) {
    After after = checkpoint.map(ShardCheckpoint::after).orElse(new After.Start());
    HotStart start = HotStart.of(hot.of(shard), after);
    TailReader tail =
        new TailReader(
            shard, through, until, stopAfter, startedAt, isCopy, source.keepsReplayed(), budget);
    try {
      if (tail.beginWith(start)) {
        return CompletableFuture.completedFuture(tail);
      }
    } catch (WatershedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return ResumingShardReader.open(
            source,
            shard,
            start.after(),
            checkpoint.flatMap(ShardCheckpoint::completeThrough),
            start.lastArrival().or(() -> checkpoint.flatMap(ShardCheckpoint::lastArrival)),
            description.retention(),
            shardSettings,
            scheduler,
            random.get())
        .thenApply(reader -> tail.on(reader, reader.gap()));
  }

  private static Predicate<StreamRecord> copies(Function<ShardKey, Optional<After>> checkpoints) {
    return record -> ReplayedCopies.isCopyOfArchived(record.payload(), checkpoints);
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
        .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
  }
}
