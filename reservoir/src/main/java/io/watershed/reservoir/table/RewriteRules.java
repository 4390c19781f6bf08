package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rewriting conserves (PROTOCOL 3.7): per shard the rows, the skipped copies, the digest, and
 * the range from the lowest start to the highest end. Pure.
 */
public final class RewriteRules {
  private static final Comparator<Optional<ShardPosition>> START_FIRST =
      Comparator.comparing(
          from -> from.orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));

  private RewriteRules() {}

  /** The sums of these files together, one for each shard, in the order of the shards. */
  public static List<ShardSums> merge(List<FileSums> files) {
    SortedMap<ShardKey, ShardSums> merged = new TreeMap<>();
    for (FileSums file : files) {
      for (ShardSums sums : file.shards()) {
        merged.merge(sums.shard(), sums, RewriteRules::plus);
      }
    }
    return new ArrayList<>(merged.values());
  }

  /**
   * Refuses files that do not hold what the replaced ones held.
   *
   * @throws WatershedException {@code integrity}
   */
  static void check(List<FileSums> replaced, List<FileSums> written) {
    List<ShardSums> before = merge(replaced);
    List<ShardSums> after = merge(written);
    if (!before.equals(after)) {
      ShardKey shard =
          before.stream()
              .filter(sums -> !after.contains(sums))
              .findFirst()
              .map(ShardSums::shard)
              .orElseGet(() -> after.get(0).shard());
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "A rewrite was refused: the new files do not hold what the old ones held of " + shard,
          "Run 'watershed verify --deep': an old file may be damaged. Nothing was changed.");
    }
  }

  /** What goes with these files when they are dropped. */
  static DroppedDays drop(DroppedDays before, java.time.LocalDate first, List<FileSums> files) {
    SortedMap<ShardKey, DroppedRecords> shards = new TreeMap<>(before.shards());
    for (ShardSums sums : merge(files)) {
      shards.merge(
          sums.shard(),
          new DroppedRecords(sums.through(), sums.rows(), sums.skipped(), sums.digest()),
          DroppedRecords::plus);
    }
    boolean later = before.before().map(first::isAfter).orElse(true);
    return new DroppedDays(later ? Optional.of(first) : before.before(), shards);
  }

  private static ShardSums plus(ShardSums one, ShardSums other) {
    RecordDigest digest = one.digest().plus(other.digest());
    return new ShardSums(
        one.shard(),
        START_FIRST.compare(one.from(), other.from()) <= 0 ? one.from() : other.from(),
        one.through().compareTo(other.through()) >= 0 ? one.through() : other.through(),
        one.rows() + other.rows(),
        one.skipped() + other.skipped(),
        digest);
  }
}
