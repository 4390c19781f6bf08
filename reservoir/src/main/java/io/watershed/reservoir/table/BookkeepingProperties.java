package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Incarnation;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of the {@link Bookkeeping} that table properties hold, one property each for the format,
 * the generation, the lineage object, every incarnation, shard and gap. Incarnations are numbered
 * in the order in which they were seen; shards and gaps refer to the number.
 *
 * <pre>
 * watershed.format = 1
 * watershed.generation = 12
 * watershed.lineage = lineage-5d41402abc4b2a76b9719d911017c592.text
 * watershed.incarnation.1 = 2026-01-01T00:00:00Z arn:aws:kinesis:…:stream/orders
 * watershed.shard.1.shardId-000000000000 = AT:495… 2026-… 12 0 …
 * watershed.gap.1.1.shardId-000000000000 = 495… 2026-… 2026-… 2026-… trimmed
 * watershed.maintenance = 3
 * watershed.dropped-before = 2019-11-23
 * watershed.dropped.1.shardId-000000000000 = 495… 12 0 …
 * </pre>
 */
final class BookkeepingProperties {
  static final String PREFIX = "watershed.";
  static final String GENERATION = PREFIX + "generation";
  static final String COMMIT_ID = PREFIX + "commit-id";
  static final String LINEAGE = PREFIX + "lineage";
  static final String FORMAT = PREFIX + "format";
  static final String FORMAT_VERSION = "1";
  static final String MAINTENANCE = PREFIX + "maintenance";
  private static final String DROPPED_BEFORE = PREFIX + "dropped-before";
  private static final String DROPPED = PREFIX + "dropped.";
  static final String IMPORTS = PREFIX + "imports";
  private static final String INCARNATION = PREFIX + "incarnation.";
  private static final String SHARD = PREFIX + "shard.";
  private static final String GAP = PREFIX + "gap.";

  private BookkeepingProperties() {}

  static SortedMap<String, String> write(Bookkeeping books, Optional<String> lineage) {
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put(FORMAT, FORMAT_VERSION);
    properties.put(GENERATION, Long.toString(books.generation()));
    lineage.ifPresent(name -> properties.put(LINEAGE, name));
    Map<String, Integer> numbers = numbers(books.incarnations());
    for (Incarnation incarnation : books.incarnations()) {
      properties.put(
          INCARNATION + numbers.get(incarnation.id()), CheckpointText.write(incarnation));
    }
    for (ShardCheckpoint checkpoint : books.checkpoints().values()) {
      properties.put(SHARD + name(numbers, checkpoint.key()), CheckpointText.write(checkpoint));
    }
    int number = 1;
    for (Gap gap : books.gaps()) {
      properties.put(GAP + number + "." + name(numbers, gap.shard()), CheckpointText.write(gap));
      number++;
    }
    books.imports().ifPresent(list -> properties.put(IMPORTS, list));
    if (books.maintenance() > 0) {
      properties.put(MAINTENANCE, Long.toString(books.maintenance()));
    }
    books.dropped().before().ifPresent(day -> properties.put(DROPPED_BEFORE, day.toString()));
    books
        .dropped()
        .shards()
        .forEach(
            (shard, dropped) ->
                properties.put(DROPPED + name(numbers, shard), CheckpointText.write(dropped)));
    return properties;
  }

  static Bookkeeping read(Map<String, String> properties) {
    String format = properties.get(FORMAT);
    if (!FORMAT_VERSION.equals(format)) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          format == null
              ? "The table is not an archive table: it has no property " + FORMAT
              : "The table has format " + format + "; this program reads " + FORMAT_VERSION,
          format == null
              ? "Another tool made it; choose another name for the stream."
              : "Use a newer watershed.");
    }
    SortedMap<Integer, Incarnation> incarnations = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(INCARNATION)) {
            incarnations.put(
                number(key.substring(INCARNATION.length())), CheckpointText.readIncarnation(value));
          }
        });
    SortedMap<ShardKey, ShardCheckpoint> checkpoints = new TreeMap<>();
    SortedMap<Integer, Gap> gaps = new TreeMap<>();
    SortedMap<ShardKey, DroppedRecords> dropped = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(SHARD)) {
            ShardKey shard = shard(incarnations, key.substring(SHARD.length()));
            checkpoints.put(shard, CheckpointText.readCheckpoint(shard, value));
          } else if (key.startsWith(GAP)) {
            String rest = key.substring(GAP.length());
            int dot = dot(rest);
            ShardKey shard = shard(incarnations, rest.substring(dot + 1));
            gaps.put(number(rest.substring(0, dot)), CheckpointText.readGap(shard, value));
          } else if (key.startsWith(DROPPED)) {
            ShardKey shard = shard(incarnations, key.substring(DROPPED.length()));
            dropped.put(shard, CheckpointText.readDropped(shard, value));
          }
        });
    return new Bookkeeping(
        generation(properties.get(GENERATION)),
        maintenance(properties),
        List.copyOf(incarnations.values()),
        checkpoints,
        List.copyOf(gaps.values()),
        new DroppedDays(day(properties.get(DROPPED_BEFORE)), dropped),
        Optional.ofNullable(properties.get(IMPORTS)));
  }

  /** How often the table was changed by maintenance. */
  static long maintenance(Map<String, String> properties) {
    String text = properties.get(MAINTENANCE);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw unreadable(MAINTENANCE);
    }
  }

  private static Optional<LocalDate> day(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(LocalDate::parse);
    } catch (DateTimeException e) {
      throw unreadable(DROPPED_BEFORE);
    }
  }

  static long generation(@Nullable String text) {
    try {
      return Long.parseLong(String.valueOf(text));
    } catch (NumberFormatException e) {
      throw unreadable(GENERATION);
    }
  }

  private static Map<String, Integer> numbers(List<Incarnation> incarnations) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (Incarnation incarnation : incarnations) {
      numbers.put(incarnation.id(), numbers.size() + 1);
    }
    return numbers;
  }

  private static String name(Map<String, Integer> numbers, ShardKey key) {
    Integer number = numbers.get(key.incarnation());
    if (number == null) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "Shard " + key + " is of an incarnation that the table does not list",
          "Report this: it is an error in watershed.");
    }
    return number + "." + key.shardId();
  }

  private static ShardKey shard(SortedMap<Integer, Incarnation> incarnations, String name) {
    int dot = dot(name);
    Incarnation incarnation = incarnations.get(number(name.substring(0, dot)));
    if (incarnation == null) {
      throw unreadable(SHARD + name);
    }
    return new ShardKey(incarnation.id(), name.substring(dot + 1));
  }

  private static int dot(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      throw unreadable(name);
    }
    return dot;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
  }

  private static WatershedException unreadable(String property) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The table property '" + property + "' cannot be read",
        "Another tool changed the table's '"
            + PREFIX
            + "' properties; restore them from an older"
            + " metadata version.");
  }
}
