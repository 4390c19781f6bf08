package io.watershed.reservoir.table;

import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Incarnation;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pure step from one bookkeeping to the next. Checks what must hold for every commit:
 * checkpoints never go back, and rows and digests grow by exactly what the files hold (PROTOCOL
 * 3.7). A violation is an error in watershed; committing it would make it permanent.
 */
final class CommitRules {
  private CommitRules() {}

  /**
   * The bookkeeping after the commit.
   *
   * @throws WatershedException {@code integrity}
   */
  static Bookkeeping apply(Bookkeeping before, ArchiveCommit commit, List<FileSums> files) {
    List<Incarnation> incarnations = withIncarnation(before.incarnations(), commit.incarnation());
    SortedMap<ShardKey, ShardCheckpoint> checkpoints = new TreeMap<>(before.checkpoints());
    for (ShardCheckpoint next : commit.checkpoints()) {
      ShardCheckpoint last =
          Optional.ofNullable(before.checkpoints().get(next.key()))
              .orElseGet(() -> ShardCheckpoint.start(next.shard()));
      checkForward(last, next);
      checkpoints.put(next.key(), next);
    }
    checkSums(before.checkpoints(), checkpoints, files);
    List<Gap> gaps = new ArrayList<>(before.gaps());
    gaps.addAll(commit.gaps());
    return new Bookkeeping(
        before.generation() + 1,
        before.maintenance(),
        incarnations,
        checkpoints,
        gaps,
        before.dropped(),
        before.imports());
  }

  /** PROTOCOL 1.1: listed once; two ARNs never share an id, since positions carry the id. */
  private static List<Incarnation> withIncarnation(List<Incarnation> known, Incarnation one) {
    for (Incarnation other : known) {
      if (other.equals(one)) {
        return known;
      }
      if (other.id().equals(one.id())) {
        throw new WatershedException(
            ErrorCode.INTEGRITY,
            "The table archives " + other.arn() + "; " + one.arn() + " has the same id " + one.id(),
            "Archive the other stream under another name (alias) or into another reservoir.");
      }
    }
    List<Incarnation> all = new ArrayList<>(known);
    all.add(one);
    return all;
  }

  private static void checkForward(ShardCheckpoint last, ShardCheckpoint next) {
    boolean ended = last.after().isEnd() && !next.after().isEnd();
    boolean back = compare(last.after().lastPosition(), next.after().lastPosition()) > 0;
    boolean less = next.rows() < last.rows() || next.skipped() < last.skipped();
    boolean earlier =
        last.completeThrough().isPresent()
            && next.completeThrough()
                .map(time -> time.isBefore(last.completeThrough().get()))
                .orElse(true);
    if (ended || back || less || earlier) {
      throw broken("the checkpoint of " + next.key() + " would go back");
    }
  }

  private static int compare(Optional<ShardPosition> one, Optional<ShardPosition> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isPresent(), other.isPresent());
    }
    return one.get().compareTo(other.get());
  }

  private static void checkSums(
      SortedMap<ShardKey, ShardCheckpoint> before,
      SortedMap<ShardKey, ShardCheckpoint> after,
      List<FileSums> files) {
    SortedMap<ShardKey, Total> totals = new TreeMap<>();
    for (FileSums file : files) {
      for (ShardSums sums : file.shards()) {
        checkRange(sums, before.get(sums.shard()), after.get(sums.shard()));
        totals.merge(sums.shard(), new Total(sums.rows(), sums.digest()), Total::plus);
      }
    }
    for (ShardCheckpoint next : after.values()) {
      ShardCheckpoint last = before.getOrDefault(next.key(), ShardCheckpoint.start(next.shard()));
      Total grown = new Total(next.rows() - last.rows(), next.digest().minus(last.digest()));
      if (!grown.equals(totals.getOrDefault(next.key(), Total.NONE))) {
        throw broken(
            "the files' sums for "
                + next.key()
                + " are not what its checkpoint grows by ("
                + grown.rows
                + " rows)");
      }
    }
  }

  private static void checkRange(
      ShardSums sums,
      @org.jspecify.annotations.Nullable ShardCheckpoint last,
      @org.jspecify.annotations.Nullable ShardCheckpoint next) {
    if (next == null) {
      throw broken("a file holds records of " + sums.shard() + ", which has no checkpoint");
    }
    Optional<ShardPosition> from =
        Optional.ofNullable(last).map(ShardCheckpoint::after).flatMap(After::lastPosition);
    if (!sums.from().equals(from)
        || !next.after().lastPosition().equals(Optional.of(sums.through()))) {
      throw broken(
          "a file covers "
              + sums.shard()
              + " from "
              + sums.from().map(ShardPosition::text).orElse("START")
              + " through "
              + sums.through().text()
              + ", but its checkpoint moves from "
              + from.map(ShardPosition::text).orElse("START")
              + " to "
              + next.after().lastPosition().map(ShardPosition::text).orElse("START"));
    }
  }

  private static WatershedException broken(String what) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The commit was refused: " + what,
        "Report this: the archiver's bookkeeping is wrong. Nothing was written.");
  }

  private record Total(long rows, RecordDigest digest) {
    static final Total NONE = new Total(0, RecordDigest.ZERO);

    Total plus(Total other) {
      return new Total(rows + other.rows, digest.plus(other.digest));
    }
  }
}
