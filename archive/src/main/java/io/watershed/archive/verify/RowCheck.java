package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Compares a file's rows with its footer: counts, digests, order and ranges. */
final class RowCheck {
  private final ArchivedRows rows;
  private final Findings findings;
  private final Map<ShardKey, Long> rowsRead = new TreeMap<>();

  RowCheck(ArchivedRows rows, Findings findings) {
    this.rows = rows;
    this.findings = findings;
  }

  /** Rows of the shard that were read back. */
  long rowsRead(ShardKey shard) {
    return rowsRead.getOrDefault(shard, 0L);
  }

  void check(Footer footer) {
    String key = footer.file().key();
    Map<ShardKey, Seen> seen = new HashMap<>();
    try {
      rows.read(
          footer.file(),
          (shard, position, digest) ->
              seen.computeIfAbsent(shard, s -> new Seen()).take(position, digest));
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.INTEGRITY) {
        throw e;
      }
      findings.addFile(Kind.FILE_DAMAGED, key, String.valueOf(e.getMessage()));
      return;
    }
    for (ShardSums sums : footer.sums().shards()) {
      Seen found = seen.getOrDefault(sums.shard(), new Seen());
      found.compare(sums, key);
      seen.remove(sums.shard());
    }
    seen.keySet()
        .forEach(
            shard ->
                findings.add(
                    Kind.ROWS_DIFFER, shard, key, "Holds rows of a shard that its footer lacks"));
  }

  private final class Seen {
    private ShardPosition first = ShardPosition.parse("0");
    private ShardPosition last = ShardPosition.parse("0");
    private RecordDigest digest = RecordDigest.ZERO;
    private long count;
    private boolean ordered = true;

    void take(ShardPosition position, RecordDigest one) {
      if (count == 0) {
        first = position;
      } else if (position.compareTo(last) <= 0) {
        ordered = false;
      }
      last = position;
      digest = digest.plus(one);
      count++;
    }

    void compare(ShardSums sums, String file) {
      rowsRead.merge(sums.shard(), count, Long::sum);
      if (count != sums.rows() || !digest.equals(sums.digest())) {
        findings.add(
            Kind.ROWS_DIFFER,
            sums.shard(),
            file,
            "Holds %d records with digest %s; its footer says %d with %s"
                .formatted(count, digest.hex(), sums.rows(), sums.digest().hex()));
      } else if (!ordered) {
        findings.add(
            Kind.ROWS_DIFFER, sums.shard(), file, "Its records are not in order of position");
      } else if (count > 0 && !isInside(sums)) {
        findings.add(
            Kind.ROWS_DIFFER, sums.shard(), file, "Holds records outside of its footer's range");
      }
    }

    private boolean isInside(ShardSums sums) {
      return sums.from().map(from -> first.compareTo(from) > 0).orElse(true)
          && last.compareTo(sums.through()) <= 0;
    }
  }
}
