package io.watershed.archive.maintain;

import io.watershed.archive.encode.DayEncoder;
import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.verify.LocalFiles;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileRewrite;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.RewriteRules;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one file of several of one day: reads their records, decodes them again with the columns
 * that the table has now, writes them in (shard, position) order, reads the new file back, and
 * commits the exchange. Nothing is committed unless the records read have the sums of the old
 * footers, and the records read back are the same, byte by byte.
 */
final class Compactor {
  private static final Comparator<StreamRecord> IN_ORDER =
      Comparator.comparing(StreamRecord::shard).thenComparing(StreamRecord::position);

  private final ArchiveTable table;
  private final LocalFiles files;
  private final RowSource rows;
  private final DayEncoder encoder;
  private final MaintenanceSettings settings;
  private final Path scratch;

  /**
   * @param encoder of the stream's payload format
   * @param scratch an existing folder on a local disk
   */
  Compactor(
      ArchiveTable table,
      LocalFiles files,
      RowSource rows,
      DayEncoder encoder,
      MaintenanceSettings settings,
      Path scratch) {
    this.table = table;
    this.files = files;
    this.rows = rows;
    this.encoder = encoder;
    this.settings = settings;
    this.scratch = scratch;
  }

  /**
   * What one exchange did.
   *
   * @param files replaced
   * @param bytesBefore of the files replaced
   * @param bytesAfter of the file that replaced them
   */
  record Compacted(int files, long bytesBefore, long bytesAfter) {}

  /**
   * Compacts one group, or as much of it as fits into memory.
   *
   * @param base loaded before the group was chosen
   * @return empty if no two of the files fit into memory together
   * @throws WatershedException {@code fenced} if other maintenance went first, {@code integrity} if
   *     an old file is damaged
   */
  Optional<Compacted> compact(TableState base, FileGroup group) {
    List<StreamRecord> records = new ArrayList<>();
    List<DataFileInfo> taken = read(group, records);
    if (taken.size() < 2) {
      return Optional.empty();
    }
    List<ShardSums> sums = RewriteRules.merge(taken.stream().map(table::sums).toList());
    requireSums(group, records, sums);
    records.sort(IN_ORDER);
    Path file = scratch.resolve(group.day() + ".parquet");
    try {
      TableState state = base;
      EncodeOutcome outcome = encode(group, records, state, sums, file);
      while (outcome instanceof EncodeOutcome.NeedsColumns missing) {
        state = table.addColumns(table.load(), missing.grown());
        requireSame(base, state);
        outcome = encode(group, records, state, sums, file);
      }
      NewDataFile written = ((EncodeOutcome.Encoded) outcome).file();
      requireSame(file, records);
      table.rewrite(state, new FileRewrite(taken, List.of(written)));
      return Optional.of(
          new Compacted(
              taken.size(),
              taken.stream().mapToLong(DataFileInfo::sizeBytes).sum(),
              ((EncodeOutcome.Encoded) outcome).bytes()));
    } finally {
      delete(file);
    }
  }

  /** As many files as fit into memory, whole ones. */
  private List<DataFileInfo> read(FileGroup group, List<StreamRecord> records) {
    List<DataFileInfo> taken = new ArrayList<>();
    long bytes = 0;
    for (DataFileInfo file : group.files()) {
      int before = records.size();
      long[] own = new long[1];
      long room = 2 * settings.fileBytes() - bytes;
      try (LocalFiles.Local local = files.open(file)) {
        rows.read(
            local.path(),
            file.key(),
            record -> {
              own[0] += record.payload().length + CompactionPlan.RECORD_BYTES;
              if (own[0] <= room) {
                records.add(record);
              }
            });
      }
      if (own[0] > room) {
        records.subList(before, records.size()).clear();
        break;
      }
      bytes += own[0];
      taken.add(file);
    }
    return taken;
  }

  private EncodeOutcome encode(
      FileGroup group,
      List<StreamRecord> records,
      TableState state,
      List<ShardSums> sums,
      Path file) {
    return encoder.encode(group.day(), records, state.schema(), sums, file);
  }

  /** A new file is numbered after the base's maintenance number. */
  private static void requireSame(TableState base, TableState state) {
    if (base.maintenance() != state.maintenance()) {
      throw new WatershedException(
          ErrorCode.FENCED,
          "Somebody else maintained '" + base.stream() + "' meanwhile",
          "Nothing is lost; maintain it again if it still needs it.");
    }
  }

  private static void requireSums(
      FileGroup group, List<StreamRecord> records, List<ShardSums> sums) {
    SortedMap<ShardKey, Long> counts = new TreeMap<>();
    SortedMap<ShardKey, RecordDigest> digests = new TreeMap<>();
    for (StreamRecord record : records) {
      counts.merge(record.shard(), 1L, Long::sum);
      digests.merge(record.shard(), RecordDigest.of(record), RecordDigest::plus);
    }
    for (ShardSums sum : sums) {
      long count = Optional.ofNullable(counts.remove(sum.shard())).orElse(0L);
      RecordDigest digest = digests.getOrDefault(sum.shard(), RecordDigest.ZERO);
      if (count != sum.rows() || !digest.equals(sum.digest())) {
        throw damaged(group, "records of " + sum.shard() + " are not what the footers say");
      }
    }
    if (!counts.isEmpty()) {
      throw damaged(group, "there are records of " + counts.firstKey() + ", which no footer names");
    }
  }

  private void requireSame(Path file, List<StreamRecord> records) {
    Iterator<StreamRecord> expected = records.iterator();
    rows.read(
        file,
        file.toString(),
        record -> {
          if (!expected.hasNext() || !isSame(expected.next(), record)) {
            throw notSame(file);
          }
        });
    if (expected.hasNext()) {
      throw notSame(file);
    }
  }

  private static boolean isSame(StreamRecord one, StreamRecord other) {
    return one.shard().equals(other.shard())
        && one.position().equals(other.position())
        && one.partitionKey().equals(other.partitionKey())
        && one.arrivalTime().equals(other.arrivalTime())
        && Arrays.equals(one.payload(), other.payload());
  }

  private static WatershedException notSame(Path file) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The compacted file " + file.getFileName() + " does not hold what was put into it",
        "Report this; the table was not changed.");
  }

  private static WatershedException damaged(FileGroup group, String what) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The files of " + group.day() + " were not compacted: " + what,
        "Run 'watershed verify --deep': a file is damaged. The table was not changed.");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException ignored) {
      // The scratch folder goes in the end.
    }
  }
}
