package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The lineage object: checkpoints of shards that ended long ago, old gaps and what was dropped of
 * old shards, so that years of resharding do not grow the table's properties (PROTOCOL 2.1).
 * Immutable, named by its content and an id of its own: a name that came back could be removed as
 * an old left-over while a commit that names it is under way. One property of the table names the
 * current one. It is loaded together with the properties, so nobody else sees where a checkpoint is
 * kept; that is also why it may move by count, whatever the stream's retention is. Thread-safe;
 * remembers the object that it read or wrote last.
 */
final class Lineage {
  private final TableFolder folder;
  private final ReservoirSettings settings;
  private final Supplier<UUID> ids;
  private volatile Loaded last = new Loaded("", Bookkeeping.EMPTY);

  Lineage(TableFolder folder, ReservoirSettings settings, Supplier<UUID> ids) {
    this.folder = folder;
    this.settings = settings;
    this.ids = ids;
  }

  /** All of the table's bookkeeping: the lineage object's and the properties'. */
  Bookkeeping read(Map<String, String> properties) {
    Bookkeeping recent = BookkeepingProperties.read(properties);
    String name = properties.get(BookkeepingProperties.LINEAGE);
    if (name == null) {
      return recent;
    }
    Bookkeeping old = load(name);
    SortedMap<ShardKey, ShardCheckpoint> checkpoints = new TreeMap<>(old.checkpoints());
    checkpoints.putAll(recent.checkpoints());
    List<Gap> gaps = new ArrayList<>(old.gaps());
    gaps.addAll(recent.gaps());
    SortedMap<ShardKey, DroppedRecords> dropped = new TreeMap<>(old.dropped().shards());
    dropped.putAll(recent.dropped().shards());
    return recent.with(checkpoints, gaps, dropped);
  }

  /**
   * The properties for this bookkeeping. Writes a new lineage object first when too much has
   * gathered; if the commit is lost, the object stays behind, unnamed and harmless.
   *
   * @param before the properties that the new ones replace
   */
  SortedMap<String, String> write(Bookkeeping books, Map<String, String> before) {
    Optional<String> name = Optional.ofNullable(before.get(BookkeepingProperties.LINEAGE));
    Bookkeeping old = name.map(this::load).orElse(Bookkeeping.EMPTY);
    SortedMap<ShardKey, ShardCheckpoint> checkpoints =
        changed(books.checkpoints(), old.checkpoints());
    List<Gap> gaps = books.gaps().subList(old.gaps().size(), books.gaps().size());
    SortedMap<ShardKey, DroppedRecords> dropped =
        changed(books.dropped().shards(), old.dropped().shards());
    List<ShardCheckpoint> leaving =
        oldest(
            checkpoints.values().stream().filter(c -> c.after().isEnd()).toList(),
            settings.endedShardsInProperties());
    int leavingGaps =
        gaps.size() > settings.gapsInProperties()
            ? gaps.size() - settings.gapsInProperties() / 2
            : 0;
    boolean droppedLeave = dropped.size() > settings.endedShardsInProperties();
    if (leaving.isEmpty() && leavingGaps == 0 && !droppedLeave) {
      return BookkeepingProperties.write(books.with(checkpoints, gaps, dropped), name);
    }
    SortedMap<ShardKey, ShardCheckpoint> moved = new TreeMap<>(old.checkpoints());
    leaving.forEach(checkpoint -> moved.put(checkpoint.key(), checkpoint));
    leaving.forEach(checkpoint -> checkpoints.remove(checkpoint.key()));
    Bookkeeping away =
        new Bookkeeping(
            0,
            0,
            books.incarnations(),
            moved,
            books.gaps().subList(0, old.gaps().size() + leavingGaps),
            new DroppedDays(
                Optional.empty(),
                droppedLeave ? books.dropped().shards() : old.dropped().shards()));
    return BookkeepingProperties.write(
        books.with(
            checkpoints,
            gaps.subList(leavingGaps, gaps.size()),
            droppedLeave ? new TreeMap<>() : dropped),
        Optional.of(create(away)));
  }

  /** What the old lineage object does not hold, or not any more as it is. */
  private static <T> NavigableMap<ShardKey, T> changed(
      SortedMap<ShardKey, T> now, SortedMap<ShardKey, T> old) {
    NavigableMap<ShardKey, T> changed = new TreeMap<>(now);
    old.forEach(changed::remove);
    return changed;
  }

  /** Those that must leave when there are more than the limit: all but half of it. */
  private static List<ShardCheckpoint> oldest(List<ShardCheckpoint> ended, int limit) {
    if (ended.size() <= limit) {
      return List.of();
    }
    return ended.stream()
        .sorted(
            Comparator.comparing(
                    (ShardCheckpoint checkpoint) ->
                        checkpoint.completeThrough().orElse(Instant.EPOCH))
                .thenComparing(ShardCheckpoint::key))
        .limit(ended.size() - limit / 2)
        .toList();
  }

  /** One line a property, in the order of their names: {@code <name>=<value>}. */
  private String create(Bookkeeping old) {
    StringBuilder lines = new StringBuilder();
    BookkeepingProperties.write(old, Optional.empty())
        .forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
    byte[] content = lines.toString().getBytes(StandardCharsets.UTF_8);
    String name = "lineage-" + hash(content) + "-" + ids.get() + ".text";
    CreateOutcome outcome = folder.store().createIfAbsent(folder.metadataKey(name), content);
    if (outcome != CreateOutcome.CREATED) {
      throw new WatershedException(
          outcome == CreateOutcome.EXISTS ? ErrorCode.INTEGRITY : ErrorCode.STORE,
          "The lineage object '" + folder.metadataKey(name) + "' could not be written",
          outcome == CreateOutcome.EXISTS
              ? "An object of this name with other content is in the way; look at it."
              : "Try again when the store is reachable.");
    }
    last = new Loaded(name, old);
    return name;
  }

  private Bookkeeping load(String name) {
    Loaded cached = last;
    if (cached.name.equals(name)) {
      return cached.books;
    }
    String key = folder.metadataKey(name);
    byte[] content =
        folder
            .store()
            .get(key, settings.maxMetadataBytes())
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.INTEGRITY,
                        "The lineage object '" + key + "' is missing",
                        "It holds the checkpoints of old shards; restore it from a copy."));
    if (!name.contains(hash(content))) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The lineage object '" + key + "' was changed: its name is the hash of its content",
          "Restore it from a copy.");
    }
    Map<String, String> properties = new LinkedHashMap<>();
    new String(content, StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              properties.put(line.substring(0, equals), line.substring(equals + 1));
            });
    Bookkeeping books = BookkeepingProperties.read(properties);
    last = new Loaded(name, books);
    return books;
  }

  private static String hash(byte[] content) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(sha, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private record Loaded(String name, Bookkeeping books) {}
}
