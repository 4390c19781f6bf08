package io.watershed.archive.imports;

import io.watershed.archive.imports.ImportReport.Overlap;
import io.watershed.archive.verify.ArchiveScan;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Records that were left out because they arrived when the stream was archived already: are they in
 * the archive? Compared by payload, since they have no position. Bounded. Not thread-safe.
 */
final class Overlaps {
  private static final int MAX_COMPARED = 500_000;

  /** How far the times of two tools may be apart for one record. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Map<Long, Integer> waiting = new HashMap<>();
  private long rows;
  private long compared;
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;

  void add(byte[] payload, Instant arrival) {
    rows++;
    first = arrival.isBefore(first) ? arrival : first;
    last = arrival.isAfter(last) ? arrival : last;
    if (compared < MAX_COMPARED) {
      compared++;
      waiting.merge(digest(payload), 1, Integer::sum);
    }
  }

  void addAll(Overlaps others) {
    rows += others.rows;
    first = others.first.isBefore(first) ? others.first : first;
    last = others.last.isAfter(last) ? others.last : last;
    for (Map.Entry<Long, Integer> other : others.waiting.entrySet()) {
      if (compared < MAX_COMPARED) {
        compared += other.getValue();
        waiting.merge(other.getKey(), other.getValue(), Integer::sum);
      }
    }
  }

  Optional<Overlap> compare(ArchiveScan scan, ArchiveTable table, TableState state) {
    if (rows == 0) {
      return Optional.empty();
    }
    long[] found = {0};
    scan.payloads(
        table,
        state,
        first.minus(SLACK),
        last.plus(SLACK),
        payload ->
            waiting.computeIfPresent(
                digest(payload),
                (digest, count) -> {
                  found[0]++;
                  return count > 1 ? count - 1 : null;
                }));
    return Optional.of(
        new Overlap(rows, first, last, found[0], compared - found[0], rows - compared));
  }

  /** Without white space at the end: tools add a line break. */
  private static long digest(byte[] payload) {
    int length = payload.length;
    while (length > 0 && (payload[length - 1] == '\n' || payload[length - 1] == '\r')) {
      length--;
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(payload, 0, length);
      return ByteBuffer.wrap(sha.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
