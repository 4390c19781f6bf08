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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lineage object: checkpoints of shards that ended long ago and old gaps, so that years of
 * resharding do not grow the table's properties (PROTOCOL 2.1). Immutable, named by its content;
 * one property of the table names the current one. It is loaded together with the properties, so
 * nobody else sees where a checkpoint is kept; that is also why it may move by count, whatever the
 * stream's retention is. Thread-safe; remembers the object that it read or wrote last.
 */
final class Lineage {
  private final TableFolder folder;
  private final ReservoirSettings settings;
  private volatile Loaded last = new Loaded("", Bookkeeping.EMPTY);

  Lineage(TableFolder folder, ReservoirSettings settings) {
    this.folder = folder;
    this.settings = settings;
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
    return new Bookkeeping(recent.generation(), recent.incarnations(), checkpoints, gaps);
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
    List<ShardCheckpoint> recent =
        books.checkpoints().values().stream()
            .filter(checkpoint -> !checkpoint.equals(old.checkpoints().get(checkpoint.key())))
            .toList();
    List<Gap> recentGaps = books.gaps().subList(old.gaps().size(), books.gaps().size());
    List<ShardCheckpoint> leaving =
        oldest(
            recent.stream().filter(checkpoint -> checkpoint.after().isEnd()).toList(),
            settings.endedShardsInProperties());
    int leavingGaps =
        recentGaps.size() > settings.gapsInProperties()
            ? recentGaps.size() - settings.gapsInProperties() / 2
            : 0;
    if (leaving.isEmpty() && leavingGaps == 0) {
      return BookkeepingProperties.write(kept(books, recent, recentGaps), name);
    }
    SortedMap<ShardKey, ShardCheckpoint> moved = new TreeMap<>(old.checkpoints());
    leaving.forEach(checkpoint -> moved.put(checkpoint.key(), checkpoint));
    List<Gap> movedGaps = books.gaps().subList(0, old.gaps().size() + leavingGaps);
    String created = create(new Bookkeeping(0, books.incarnations(), moved, movedGaps));
    return BookkeepingProperties.write(
        kept(
            books,
            recent.stream().filter(checkpoint -> !leaving.contains(checkpoint)).toList(),
            recentGaps.subList(leavingGaps, recentGaps.size())),
        Optional.of(created));
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

  private static Bookkeeping kept(
      Bookkeeping books, List<ShardCheckpoint> checkpoints, List<Gap> gaps) {
    SortedMap<ShardKey, ShardCheckpoint> byKey = new TreeMap<>();
    checkpoints.forEach(checkpoint -> byKey.put(checkpoint.key(), checkpoint));
    return new Bookkeeping(books.generation(), books.incarnations(), byKey, gaps);
  }

  /** One line a property, in the order of their names: {@code <name>=<value>}. */
  private String create(Bookkeeping old) {
    StringBuilder lines = new StringBuilder();
    BookkeepingProperties.write(old, Optional.empty())
        .forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
    byte[] content = lines.toString().getBytes(StandardCharsets.UTF_8);
    String name = "lineage-" + hash(content) + ".text";
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
