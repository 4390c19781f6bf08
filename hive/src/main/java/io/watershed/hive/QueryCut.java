package io.watershed.hive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.cut.LiveMode;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.LiveRange;
import io.watershed.cut.PinnedShard;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipt;
import io.watershed.cut.Receipts;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamSide;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One stream's cut for one Hive query. Scans of a query are planned one by one, in one process or
 * in several, so the cut is an object in the reservoir under a name made of the query's id: who
 * creates it first has resolved it, and all others read it.
 *
 * @param key the object
 * @param receipt the cut in print
 * @param pinned the stream's part of it
 * @param live per shard the records that were not archived, with their sums
 */
record QueryCut(String key, Receipt receipt, PinnedStream pinned, List<LiveRange> live) {
  private static final String FOLDER = "receipts/hive/";
  private static final String ENGINE = "hive";
  private static final long MAX_BYTES = 32L << 20;

  QueryCut {
    live = List.copyOf(live);
  }

  /**
   * The cut of a query, resolved now if this is its first scan.
   *
   * @param queryId Hive's, unique
   * @throws WatershedException errors of store and stream; {@code limit} when too much is not
   *     archived
   */
  static QueryCut of(String queryId, Sources sources) {
    String key = FOLDER + sha256(queryId + "\n" + sources.stream()) + ".json";
    ObjectStore store = sources.reservoir().store();
    Optional<QueryCut> known = find(key, store);
    return known.orElseGet(() -> publish(resolve(key, sources), store));
  }

  /**
   * The cut that a task was planned with.
   *
   * @throws WatershedException {@code not-found} if it was removed meanwhile
   */
  static QueryCut read(String key, Sources sources) {
    return find(key, sources.reservoir().store())
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "the query's cut is not in the reservoir any more: " + key,
                    "Run the query again."));
  }

  private static Optional<QueryCut> find(String key, ObjectStore store) {
    return store
        .get(key, MAX_BYTES)
        .map(
            bytes ->
                QueryCutJson.read(
                    key, new String(bytes, StandardCharsets.UTF_8), new Receipts(store, ENGINE)));
  }

  private static QueryCut resolve(String key, Sources sources) {
    StreamSide side = sources.bothSides();
    var resolver = sources.resolver();
    ResolvedStream resolved =
        resolver.resolve(
            side,
            side.source().isPresent() ? LiveMode.REQUIRE : LiveMode.OFF,
            Optional.empty(),
            LiveNeed.ALL,
            resolver.newStatement());
    Receipt receipt =
        new Receipts(sources.reservoir().store(), ENGINE)
            .print(sources.scheduler().instant(), Optional.empty(), List.of(resolved.pinned()));
    return new QueryCut(key, receipt, resolved.pinned(), LiveRange.of(resolved));
  }

  /** Somebody else's, if it was there first. */
  private static QueryCut publish(QueryCut resolved, ObjectStore store) {
    byte[] body = QueryCutJson.write(resolved).getBytes(StandardCharsets.UTF_8);
    CreateOutcome outcome = store.createIfAbsent(resolved.key(), body);
    if (outcome == CreateOutcome.CREATED) {
      new Receipts(store, ENGINE).store(resolved.receipt());
      return resolved;
    }
    return find(resolved.key(), store)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.STORE,
                    "the query's cut could not be stored in " + store.root(),
                    "Run the query again; Hive must be allowed to create objects there."));
  }

  /** How far a shard was archived when the cut was resolved; empty for a shard not in it. */
  Function<ShardKey, Optional<After>> archived() {
    return shard -> Optional.ofNullable(pinned.shards().get(shard)).map(PinnedShard::archived);
  }

  /**
   * The archived part alone: a cut of its own, which ends at the checkpoints that were then. It
   * says which rows of whatever is archived by now belong to the query.
   */
  PinnedStream archivedPart() {
    var shards = new TreeMap<ShardKey, PinnedShard>();
    pinned
        .shards()
        .forEach(
            (shard, all) ->
                shards.put(
                    shard,
                    new PinnedShard(
                        new ShardThrough(
                            shard, all.archived().isEnd(), all.archived().lastPosition()),
                        all.parents(),
                        all.archived(),
                        Optional.empty(),
                        Optional.empty(),
                        all.dropped())));
    return new PinnedStream(
        pinned.stream(),
        pinned.tableUuid(),
        pinned.snapshotHint(),
        shards,
        pinned.schema(),
        pinned.gaps());
  }

  /** The range of one shard. */
  LiveRange range(ShardKey shard) {
    return live.stream()
        .filter(range -> range.shard().equals(shard))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INTEGRITY,
                    "the query's cut " + key + " has no live records of " + shard,
                    "Run the query again."));
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
