package io.watershed.archive.verify;

import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The range of one shard that one file holds rows of.
 *
 * @param footer the file
 * @param sums its sums for the shard
 */
record ShardRange(Footer footer, ShardSums sums) {
  private static final Pattern NAME = Pattern.compile("/([0-9]+-[0-9a-f-]{36})-[0-9]+-[^/]*$");

  /** START first. */
  static final Comparator<Optional<ShardPosition>> START_FIRST =
      Comparator.comparing(
          (Optional<ShardPosition> position) -> position.orElse(null),
          Comparator.nullsFirst(Comparator.naturalOrder()));

  static final Comparator<ShardRange> IN_ORDER =
      Comparator.comparing(ShardRange::from, START_FIRST)
          .thenComparing(ShardRange::through)
          .thenComparing(ShardRange::file);

  /** Exclusive; empty for START. */
  Optional<ShardPosition> from() {
    return sums.from();
  }

  /** Inclusive. */
  ShardPosition through() {
    return sums.through();
  }

  String file() {
    return footer.file().key();
  }

  /** Whether maintenance wrote the file: such ranges may overlap. */
  boolean isRewritten() {
    String name = file().substring(file().lastIndexOf('/') + 1);
    return !footer.sums().sortedByPosition() || name.startsWith("r");
  }

  /** Whether one commit wrote both files: names are {@code <generation>-<commit>-<number>-…}. */
  boolean isOfCommit(ShardRange other) {
    Matcher mine = NAME.matcher(file());
    Matcher theirs = NAME.matcher(other.file());
    return mine.find() && theirs.find() && mine.group(1).equals(theirs.group(1));
  }

  boolean hasRange(ShardRange other) {
    return from().equals(other.from()) && through().equals(other.through());
  }

  boolean isOfDay(ShardRange other) {
    return footer.file().day().equals(other.footer.file().day());
  }

  /** Whether both hold the very same records. */
  boolean isCopy(ShardRange other) {
    return hasRange(other)
        && sums.rows() > 0
        && sums.rows() == other.sums.rows()
        && sums.digest().equals(other.sums.digest());
  }

  /** Whether the range has positions after {@code low} and up to {@code high}. */
  boolean meets(Optional<ShardPosition> low, ShardPosition high) {
    return START_FIRST.compare(low, Optional.of(through())) < 0
        && START_FIRST.compare(from(), Optional.of(high)) < 0;
  }
}
