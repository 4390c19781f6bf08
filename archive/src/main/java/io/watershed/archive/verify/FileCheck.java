package io.watershed.archive.verify;

import io.watershed.archive.verify.LocalFiles.Local;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Reads every row of a file and compares it with the file's name, its footer, its day, and its
 * payloads decoded again. Thread-safe: one call a file.
 */
final class FileCheck {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int ROWS_BETWEEN_STOPS = 4096;

  private final LocalFiles files;
  private final RowReader reader;
  private final PayloadSchema columns;
  private final PayloadFormat format;
  private final SchemaSettings settings;
  private final RunMemory memory;
  private final Findings findings;
  private final BooleanSupplier stop;

  FileCheck(
      LocalFiles files,
      RowReader reader,
      PayloadSchema columns,
      VerifyOptions options,
      RunMemory memory,
      Findings findings) {
    this.files = files;
    this.reader = reader;
    this.columns = columns;
    this.format = options.format();
    this.settings = options.schema();
    this.memory = memory;
    this.findings = findings;
    this.stop = options.stop();
  }

  FileResult check(Footer footer) {
    String key = footer.file().key();
    try (Local local = files.open(footer.file())) {
      ColumnCheck columnCheck =
          new ColumnCheck(FileColumns.of(local.path(), columns), format, settings);
      Reading reading = new Reading(footer, columnCheck);
      reader.read(local.path(), key, columnCheck.layout(), "true", reading);
      return reading.finish();
    } catch (IOException e) {
      findings.addFile(Kind.FILE_DAMAGED, key, "Its footer cannot be read: " + e.getMessage());
      return FileResult.unread(footer);
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.INTEGRITY) {
        throw e;
      }
      findings.addFile(Kind.FILE_DAMAGED, key, String.valueOf(e.getMessage()));
      return FileResult.unread(footer);
    }
  }

  /** The rows of one file as they come. */
  private final class Reading implements RowReader.Sink {
    private final Footer footer;
    private final ColumnCheck columnCheck;
    private final long firstMicros;
    private final Map<ShardKey, Seen> seen = new HashMap<>();
    private long rows;
    private long payloadBytes;
    private boolean ofOtherDays;

    Reading(Footer footer, ColumnCheck columnCheck) {
      this.footer = footer;
      this.columnCheck = columnCheck;
      this.firstMicros = Math.multiplyExact(footer.file().day().toEpochDay(), MICROS_PER_DAY);
    }

    @Override
    public void row(ArchivedRow row, RowReader.Cells cells) {
      if (++rows % ROWS_BETWEEN_STOPS == 0 && stop.getAsBoolean()) {
        throw Verify.cancelled();
      }
      seen.computeIfAbsent(row.shard(), s -> new Seen(new RunBuilder(key(), memory)))
          .take(row.position(), row.digest());
      long micros = row.arrivalMicros() - firstMicros;
      ofOtherDays |= micros < 0 || micros >= MICROS_PER_DAY;
      payloadBytes += row.payload().length;
      columnCheck.row(row, cells);
    }

    FileResult finish() {
      FileSums sums = footer.sums();
      Map<ShardKey, Long> counts = new TreeMap<>();
      Map<ShardKey, List<PositionRun>> runs = new HashMap<>();
      seen.forEach(
          (shard, found) -> {
            counts.put(shard, found.count);
            runs.put(shard, found.runs.finish());
          });
      for (ShardSums expected : sums.shards()) {
        Seen found = seen.remove(expected.shard());
        (found == null ? new Seen(new RunBuilder(key(), memory)) : found)
            .compare(expected, key(), sums.sortedByPosition());
      }
      seen.keySet()
          .forEach(
              shard ->
                  findings.add(
                      Kind.ROWS_DIFFER,
                      shard,
                      key(),
                      "Holds rows of a shard that its footer lacks"));
      checkColumns(sums);
      return new FileResult(footer, counts, runs, payloadBytes);
    }

    private void checkColumns(FileSums sums) {
      if (ofOtherDays) {
        LocalDate day = footer.file().day();
        findings.addFile(Kind.ROWS_DIFFER, key(), "Holds records that did not arrive on " + day);
      }
      columnCheck
          .problem()
          .ifPresent(problem -> findings.addFile(Kind.COLUMNS_DIFFER, key(), problem));
      columnCheck
          .unlisted(sums.unlistedPaths())
          .ifPresent(
              path ->
                  findings.addFile(
                      Kind.COLUMNS_DIFFER,
                      key(),
                      "Its footer does not list " + path + ", which has no column in the file"));
    }

    private String key() {
      return footer.file().key();
    }
  }

  /** What the file really holds of one shard. */
  private final class Seen {
    private final RunBuilder runs;
    private ShardPosition lowest = ShardPosition.parse("0");
    private ShardPosition highest = lowest;
    private ShardPosition last = lowest;
    private RecordDigest digest = RecordDigest.ZERO;
    private long count;
    private boolean ordered = true;

    Seen(RunBuilder runs) {
      this.runs = runs;
    }

    void take(ShardPosition position, RecordDigest one) {
      if (count == 0) {
        lowest = position;
        highest = position;
      } else {
        ordered &= position.compareTo(last) > 0;
        lowest = position.compareTo(lowest) < 0 ? position : lowest;
        highest = position.compareTo(highest) > 0 ? position : highest;
      }
      last = position;
      digest = digest.plus(one);
      count++;
      runs.add(position);
    }

    void compare(ShardSums sums, String file, boolean sorted) {
      if (count != sums.rows() || !digest.equals(sums.digest())) {
        findings.add(
            Kind.ROWS_DIFFER,
            sums.shard(),
            file,
            "Holds %d records with digest %s; its footer says %d with %s"
                .formatted(count, digest.hex(), sums.rows(), sums.digest().hex()));
      } else if (sorted && !ordered) {
        findings.add(
            Kind.ROWS_DIFFER, sums.shard(), file, "Its records are not in order of position");
      } else if (count > 0 && !isInside(sums)) {
        findings.add(
            Kind.ROWS_DIFFER, sums.shard(), file, "Holds records outside of its footer's range");
      }
    }

    private boolean isInside(ShardSums sums) {
      return sums.from().map(from -> lowest.compareTo(from) > 0).orElse(true)
          && highest.compareTo(sums.through()) <= 0;
    }
  }
}
