package io.watershed.archive.encode;

import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.RecordTable;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of one UTC day as one Parquet file with the archive's columns. One pass:
 * payloads are shredded while DuckDB writes, and only if they hold paths that should be columns is
 * the pass repeated by the caller. Thread-safe: files may be encoded at the same time, within the
 * database's memory limit.
 */
public final class Encoder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Encoder.class);

  private final EncoderSettings settings;
  private final SchemaSettings bounds;
  private final SchemaSettings schemaSettings;
  private final PayloadFormat format;
  private final DuckDb database;
  private final Semaphore memoryMib;

  /**
   * Starts the embedded database; close it.
   *
   * @param bounds of the payload columns; the format adds what it declares
   * @param format how the stream's payloads are decoded
   */
  public Encoder(EncoderSettings settings, SchemaSettings bounds, PayloadFormat format) {
    this(
        settings,
        bounds,
        format,
        DuckDb.open(settings.database()),
        new Semaphore(mib(settings.database().memoryLimitBytes()), true));
  }

  private Encoder(
      EncoderSettings settings,
      SchemaSettings bounds,
      PayloadFormat format,
      DuckDb database,
      Semaphore memoryMib) {
    this.settings = settings;
    this.bounds = bounds;
    this.schemaSettings = format.schema(bounds);
    this.format = format;
    this.database = database;
    this.memoryMib = memoryMib;
  }

  /** An encoder of another format. It shares database and memory, so one of the two is closed. */
  public Encoder forFormat(PayloadFormat other) {
    return new Encoder(settings, bounds, other, database, memoryMib);
  }

  /**
   * Encodes one file.
   *
   * @param day the UTC day of every record's arrival time
   * @param records sorted by shard and position, none twice; random access. None at all for a
   *     commit that only skipped copies: the file then holds their range and count
   * @param schema the table's payload columns, with their field ids
   * @param sums the footer's sums, per shard that has records here
   * @param target the file to make; appears complete or not at all, replacing what is there
   * @throws IllegalArgumentException if the records are not of that day or not sorted, or a column
   *     has no field id
   * @throws WatershedException {@code store} if the file cannot be written, {@code limit} if the
   *     memory limit does not suffice, {@code cancelled} if the thread is interrupted while it
   *     waits for memory
   */
  public EncodeOutcome encode(
      LocalDate day,
      List<StreamRecord> records,
      PayloadSchema schema,
      List<ShardSums> sums,
      Path target) {
    RecordOrder.require(day, records);
    PayloadSchema declared = schema.grow(Observations.NONE, schemaSettings);
    if (!declared.equals(schema)) {
      return new EncodeOutcome.NeedsColumns(declared);
    }
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    try {
      Observations observations = copyWithinMemory(records, schema, unfinished);
      PayloadSchema grown = schema.grow(observations, schemaSettings);
      if (!grown.equals(schema)) {
        return new EncodeOutcome.NeedsColumns(grown);
      }
      UnlistedPaths unlisted = UnlistedPaths.of(observations, schemaSettings);
      return finish(day, records, new FileSums(sums, unlisted.texts()), unfinished, target);
    } catch (IOException e) {
      throw EncodeFailures.writing(target, e);
    } finally {
      deleteQuietly(unfinished);
    }
  }

  private Observations copyWithinMemory(
      List<StreamRecord> records, PayloadSchema schema, Path file) {
    int columns = SystemColumn.all().size() + PayloadLayout.of(schema).size();
    RowGroups rowGroups = RowGroups.of(records, columns, settings);
    int needed = mib(rowGroups.memoryBytes());
    if (needed > mib(settings.database().memoryLimitBytes())) {
      throw EncodeFailures.needsMemory(file, needed, settings.database());
    }
    try {
      memoryMib.acquire(needed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EncodeFailures.interrupted(file);
    }
    try {
      return copyWhatCanBe(records, schema, rowGroups.rows(), file);
    } finally {
      memoryMib.release(needed);
    }
  }

  /** If the file cannot be written, it is written without the columns of the records at fault. */
  private Observations copyWhatCanBe(
      List<StreamRecord> records, PayloadSchema schema, int rowGroupRows, Path file) {
    try {
      return copy(records, schema, rowGroupRows, file, new BitSet());
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.INTERNAL || records.isEmpty()) {
        throw e;
      }
      AtomicReference<@Nullable Observations> written = new AtomicReference<>();
      Optional<BitSet> untyped =
          UnwritableRecords.find(
              records.size(),
              without -> {
                try {
                  written.set(copy(records, schema, rowGroupRows, file, without));
                  return true;
                } catch (WatershedException again) {
                  if (again.code() != ErrorCode.INTERNAL) {
                    throw again;
                  }
                  return false;
                }
              });
      LOG.warn(
          "{} of {} records could not be written with their columns; they keep their payload and"
              + " say so in _decode_error. Please report this.",
          untyped.orElseThrow(() -> e).cardinality(),
          records.size());
      return Objects.requireNonNull(written.get());
    }
  }

  private Observations copy(
      List<StreamRecord> records,
      PayloadSchema schema,
      int rowGroupRows,
      Path file,
      BitSet untyped) {
    try (Connection connection = database.connect();
        RecordTable table =
            RecordTable.registerObserving(
                connection, records, schema, format, schemaSettings, untyped);
        Statement statement = connection.createStatement()) {
      try {
        statement.execute(CopySql.of(table.selectSql(), schema, settings, rowGroupRows, file));
      } catch (SQLException e) {
        throw table.failure().orElseGet(() -> EncodeFailures.copying(file, e));
      }
      return table.observations();
    } catch (SQLException e) {
      throw EncodeFailures.copying(file, e);
    }
  }

  private static EncodeOutcome.Encoded finish(
      LocalDate day, List<StreamRecord> records, FileSums sums, Path unfinished, Path target)
      throws IOException {
    ParquetFooter footer = ParquetFooter.read(unfinished);
    if (footer.rows() != records.size()) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "DuckDB wrote " + footer.rows() + " rows of " + records.size() + " into " + target,
          "Please report this; nothing was archived.");
    }
    footer.put(FileSums.FOOTER_KEY, sums.toJson());
    footer.write(unfinished);
    Files.move(
        unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new EncodeOutcome.Encoded(
        new NewDataFile(target, day, records.size()),
        Files.size(target),
        UnlistedPaths.parse(sums.unlistedPaths()));
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException ignored) {
      // The outcome does not depend on it; the caller's folder is temporary.
    }
  }

  private static int mib(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes >> 20);
  }

  @Override
  public void close() {
    database.close();
  }
}
