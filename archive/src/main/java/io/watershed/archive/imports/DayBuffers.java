package io.watershed.archive.imports;

import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.archive.encode.Encoder;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The records of one commit, by UTC day, encoded into files whenever they take too much memory. Not
 * thread-safe.
 */
final class DayBuffers {
  /** Payload bytes in memory. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int MAX_RECORDS = 500_000;

  private final ArchiveTable table;
  private final Encoder encoder;
  private final Path folder;
  private final ShardCheckpoint base;
  private final ShardPosition through;
  private final Map<LocalDate, Buffer> days = new TreeMap<>();
  private final List<NewDataFile> files = new ArrayList<>();
  private TableState state;
  private RecordDigest digest = RecordDigest.ZERO;
  private long bytes;
  private long waiting;
  private long rows;

  private static final class Buffer {
    private final List<StreamRecord> records = new ArrayList<>();
    private long bytes;
  }

  /**
   * @param folder for the files; deleted by the caller
   * @param base the import's checkpoint before the commit
   * @param through its position after it
   */
  DayBuffers(
      ArchiveTable table,
      TableState state,
      Encoder encoder,
      Path folder,
      ShardCheckpoint base,
      ShardPosition through) {
    this.table = table;
    this.state = state;
    this.encoder = encoder;
    this.folder = folder;
    this.base = base;
    this.through = through;
  }

  void add(StreamRecord record) {
    LocalDate day = LocalDate.ofInstant(record.arrivalTime(), ZoneOffset.UTC);
    Buffer buffer = days.computeIfAbsent(day, d -> new Buffer());
    buffer.records.add(record);
    buffer.bytes += record.payload().length;
    bytes += record.payload().length;
    waiting++;
    rows++;
    if (bytes >= MAX_BYTES || waiting >= MAX_RECORDS) {
      encode(
          days.entrySet().stream()
              .max(Comparator.comparingLong(entry -> entry.getValue().records.size()))
              .orElseThrow()
              .getKey());
    }
  }

  /** Encodes the rest. */
  void finish() {
    List.copyOf(days.keySet()).forEach(this::encode);
  }

  /** The files; after {@link #finish()}. */
  List<NewDataFile> files() {
    return files;
  }

  long rows() {
    return rows;
  }

  /** The table's state, which has the columns that the files need. */
  TableState state() {
    return state;
  }

  /** The import's checkpoint after the commit; empty if nothing moved it. */
  Optional<ShardCheckpoint> checkpoint() {
    return rows == 0
        ? Optional.empty()
        : Optional.of(
            new ShardCheckpoint(
                base.shard(),
                new After.End(Optional.of(through)),
                Optional.empty(),
                base.rows() + rows,
                0,
                base.digest().plus(digest)));
  }

  private void encode(LocalDate day) {
    Buffer buffer = days.remove(day);
    if (buffer == null) {
      return;
    }
    RecordDigest sum = RecordDigest.ZERO;
    for (StreamRecord record : buffer.records) {
      sum = sum.plus(RecordDigest.of(record));
    }
    ShardSums sums =
        new ShardSums(
            base.key(), base.after().lastPosition(), through, buffer.records.size(), 0, sum);
    Path file = folder.resolve(files.size() + ".parquet");
    EncodeOutcome outcome = encode(day, buffer, sums, file);
    while (outcome instanceof EncodeOutcome.NeedsColumns missing) {
      addColumns(missing);
      outcome = encode(day, buffer, sums, file);
    }
    files.add(((EncodeOutcome.Encoded) outcome).file());
    digest = digest.plus(sum);
    bytes -= buffer.bytes;
    waiting -= buffer.records.size();
  }

  /** An archiver that committed meanwhile may have added them, too: then it is looked at again. */
  private void addColumns(EncodeOutcome.NeedsColumns missing) {
    try {
      state = table.addColumns(state, missing.grown());
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.FENCED) {
        throw e;
      }
      state = table.load();
    }
  }

  private EncodeOutcome encode(LocalDate day, Buffer buffer, ShardSums sums, Path file) {
    return encoder.encode(day, buffer.records, state.schema(), List.of(sums), file);
  }
}
