package io.watershed.duckdb;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.duckdb.RecordColumns.FlatColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * The table function {@value #NAME}. Its argument is the number of a source that was published: SQL
 * text carries no objects. Functions cannot be dropped again, so there is one a database.
 */
final class RecordFunction
    implements DuckDBTableFunction<RecordFunction.Binding, RecordScan, ChunkWriter> {
  static final String NAME = "watershed_records";

  private static final Map<Long, RecordSource> PUBLISHED = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_ID = new AtomicLong(1);

  /** A source without records that is always there. */
  private static final long EMPTY_ID = 0;

  static {
    PUBLISHED.put(
        EMPTY_ID,
        RecordSource.unordered(
            List.of(), PayloadLayout.of(PayloadSchema.EMPTY), PayloadFormat.RAW));
  }

  /** A source and the columns that the function has for it. */
  record Binding(RecordSource source, List<FlatColumn> columns) {}

  private RecordFunction() {}

  static long publish(RecordSource source) {
    long id = NEXT_ID.getAndIncrement();
    PUBLISHED.put(id, source);
    return id;
  }

  static void withdraw(long id) {
    PUBLISHED.remove(id);
  }

  static synchronized void ensureRegistered(Connection connection) {
    try {
      if (isRegistered(connection)) {
        return;
      }
      try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
        builder
            .withName(NAME)
            .withParameter(Long.class)
            .withProjectionPushdown()
            .withFunction(new RecordFunction())
            .register(connection);
      }
    } catch (SQLException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL, "DuckDB does not take the record table: " + e.getMessage(), "", e);
    }
  }

  /**
   * Asks the catalog by using the function: listing all functions takes a hundred times as long,
   * and a statement's database lives for one statement.
   */
  private static boolean isRegistered(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery("SELECT 1 FROM " + NAME + "(" + EMPTY_ID + ") LIMIT 0")) {
      return !none.next();
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("does not exist")) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Binding bind(DuckDBTableFunctionBindInfo info) {
    long id = info.getParameter(0).getLong();
    RecordSource source = PUBLISHED.get(id);
    if (source == null) {
      throw new IllegalStateException("record table " + id + " is closed");
    }
    List<FlatColumn> columns = RecordColumns.of(source.layout());
    for (FlatColumn column : columns) {
      info.addResultColumn(column.name(), column.type());
    }
    info.setCardinality(source.records().size(), true);
    return new Binding(source, columns);
  }

  @Override
  public RecordScan init(DuckDBTableFunctionInitInfo info) {
    Binding binding = info.getBindData();
    RecordScan scan = new RecordScan(binding.source().records());
    info.setMaxThreads(binding.source().isOrdered() ? 1 : scan.maxThreads());
    return scan;
  }

  @Override
  public ChunkWriter localInit(DuckDBTableFunctionInitInfo info) {
    Binding binding = info.getBindData();
    int[] projected = new int[(int) info.getColumnCount()];
    for (int i = 0; i < projected.length; i++) {
      long index = info.getColumnIndex(i);
      // A statement that only counts asks for a row id, which is beyond the columns.
      projected[i] = index >= 0 && index < binding.columns().size() ? (int) index : -1;
    }
    return new ChunkWriter(binding, projected);
  }

  @Override
  public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
    RecordScan scan = info.getInitData();
    ChunkWriter writer = info.getLocalInitData();
    RecordScan.Range range = scan.next((int) chunk.capacity());
    if (range.size() > 0) {
      try {
        writer.write(range, chunk);
      } catch (WatershedException e) {
        Binding binding = info.getBindData();
        binding.source().fail(e);
        throw e;
      }
    }
    return range.size();
  }
}
