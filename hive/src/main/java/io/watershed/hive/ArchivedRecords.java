package io.watershed.hive;

import io.watershed.core.checkpoint.After;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.hive.WatershedSplit.ArchivedFile;
import io.watershed.reservoir.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The records of data files, as far as they belong to the cut. Of a file only system columns are
 * read: what payloads mean follows from their bytes, for files that are older than a column too.
 */
final class ArchivedRecords implements RecordStream {
  private static final byte[] NO_PAYLOAD = {};
  private static final int BATCH = 1000;
  private static final Set<SystemColumn> READ =
      EnumSet.of(
          SystemColumn.INCARNATION,
          SystemColumn.SHARD_ID,
          SystemColumn.SEQUENCE_NUMBER,
          SystemColumn.SUB_SEQUENCE_NUMBER,
          SystemColumn.PARTITION_KEY,
          SystemColumn.ARRIVAL_TIME,
          SystemColumn.REPLAY_ID);

  private final ObjectStore store;
  private final List<ArchivedFile> files;
  private final Function<ShardKey, Optional<After>> archived;
  private final boolean withPayload;
  private int nextFile;
  private @Nullable OpenFile open;

  /**
   * @param archived where the cut's archived part ends, per shard
   * @param withPayload whether payloads are read; empty otherwise
   */
  ArchivedRecords(
      ObjectStore store,
      List<ArchivedFile> files,
      Function<ShardKey, Optional<After>> archived,
      boolean withPayload) {
    this.store = store;
    this.files = files;
    this.archived = archived;
    this.withPayload = withPayload;
  }

  @Override
  public Optional<List<StreamRecord>> next() {
    OpenFile file = open;
    if (file == null) {
      if (nextFile == files.size()) {
        return Optional.empty();
      }
      file = openNext(files.get(nextFile++));
      open = file;
    }
    ArchivedFile current = files.get(nextFile - 1);
    try {
      List<StreamRecord> batch = new ArrayList<>();
      while (batch.size() < BATCH) {
        Group row = file.next();
        if (row == null) {
          file.close();
          open = null;
          break;
        }
        StreamRecord record = record(row);
        if (!current.filtered() || isInside(record)) {
          batch.add(record);
        }
      }
      return Optional.of(batch);
    } catch (IOException e) {
      throw unreadable(current, e);
    }
  }

  private boolean isInside(StreamRecord record) {
    return archived
        .apply(record.shard())
        .flatMap(After::lastPosition)
        .filter(last -> record.position().compareTo(last) <= 0)
        .isPresent();
  }

  private OpenFile openNext(ArchivedFile file) {
    try {
      return OpenFile.of(new StoredFile(store, file.key(), file.sizeBytes()), withPayload);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private StreamRecord record(Group row) {
    StreamRecord record =
        new StreamRecord(
            new ShardKey(text(row, SystemColumn.INCARNATION), text(row, SystemColumn.SHARD_ID)),
            new ShardPosition(
                new SequenceNumber(text(row, SystemColumn.SEQUENCE_NUMBER)),
                row.getLong(SystemColumn.SUB_SEQUENCE_NUMBER.columnName(), 0)),
            has(row, SystemColumn.PARTITION_KEY) ? text(row, SystemColumn.PARTITION_KEY) : "",
            Instant.EPOCH.plus(
                row.getLong(SystemColumn.ARRIVAL_TIME.columnName(), 0), ChronoUnit.MICROS),
            withPayload
                ? row.getBinary(SystemColumn.PAYLOAD.columnName(), 0).getBytes()
                : NO_PAYLOAD);
    return has(row, SystemColumn.REPLAY_ID) ? record.asCopy() : record;
  }

  private static String text(Group row, SystemColumn column) {
    return row.getString(column.columnName(), 0);
  }

  private static boolean has(Group row, SystemColumn column) {
    return row.getType().containsField(column.columnName())
        && row.getFieldRepetitionCount(column.columnName()) > 0;
  }

  private static WatershedException unreadable(ArchivedFile file, IOException e) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "the data file '" + file.key() + "' cannot be read: " + e.getMessage(),
        "Run the query again; if it stays so, run 'watershed verify'.",
        e);
  }

  @Override
  public float progress() {
    return files.isEmpty() ? 1 : (float) nextFile / files.size();
  }

  @Override
  public void close() {
    OpenFile file = open;
    open = null;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw unreadable(files.get(nextFile - 1), e);
      }
    }
  }

  /** A file that is being read, row group by row group. */
  private static final class OpenFile {
    private final ParquetFileReader reader;
    private final MessageType columns;
    private final MessageColumnIO io;
    private @Nullable RecordReader<Group> rows;
    private long left;

    private OpenFile(ParquetFileReader reader, MessageType columns, MessageColumnIO io) {
      this.reader = reader;
      this.columns = columns;
      this.io = io;
    }

    static OpenFile of(StoredFile file, boolean withPayload) throws IOException {
      ParquetFileReader reader =
          ParquetFileReader.open(
              file, ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
      MessageType all = reader.getFileMetaData().getSchema();
      List<Type> read = new ArrayList<>();
      for (SystemColumn column : SystemColumn.all()) {
        boolean wanted = READ.contains(column) || (withPayload && column == SystemColumn.PAYLOAD);
        if (wanted && all.containsField(column.columnName())) {
          read.add(all.getType(column.columnName()));
        }
      }
      MessageType columns = new MessageType(all.getName(), read);
      reader.setRequestedSchema(columns);
      return new OpenFile(reader, columns, new ColumnIOFactory().getColumnIO(columns, all));
    }

    /** The next row; null after the last. */
    @Nullable Group next() throws IOException {
      while (left == 0) {
        PageReadStore group = reader.readNextRowGroup();
        if (group == null) {
          return null;
        }
        left = group.getRowCount();
        rows = io.getRecordReader(group, new GroupRecordConverter(columns));
      }
      left--;
      RecordReader<Group> here = rows;
      if (here == null) {
        throw new IllegalStateException("rows are counted with their group");
      }
      return here.read();
    }

    void close() throws IOException {
      reader.close();
    }
  }
}
