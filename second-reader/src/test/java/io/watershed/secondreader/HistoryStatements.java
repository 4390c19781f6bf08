package io.watershed.secondreader;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.query.Histories;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories of payloads at random, archived while the schema grows and shards split and merge, then
 * compacted: every column of the view in every kind of statement, DuckDB against another engine;
 * and the payloads that Iceberg's own reader has against the bytes that were put. More histories:
 * {@code -Dwatershed.histories=100}.
 */
abstract class HistoryStatements {
  private static final int BATCH = 15;

  /** Of so many columns, one is in statements of every kind; all are in SELECT *. */
  private static final int EACH = 3;

  @TempDir Path folder;

  /** The engine to compare with. */
  abstract OtherEngine otherEngine(Pond pond) throws Exception;

  static IntStream seeds() {
    return IntStream.rangeClosed(1, Integer.getInteger("watershed.histories", 1));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bothEnginesSayTheSame(int seed) throws Exception {
    Histories history = new Histories(seed);
    List<String> put = new ArrayList<>();
    try (Pond pond = new Pond(folder, "orders")) {
      for (int shards : new int[] {2, 3, 2, 1}) {
        pond.kinesis.scaleTo("orders", shards);
        for (byte[] payload : history.nextBatch(BATCH)) {
          pond.kinesis.put("orders", "key-" + put.size() % 5, payload);
          put.add(HexFormat.of().formatHex(payload));
        }
        pond.archive("orders");
      }
      check(pond, put, seed, false);
      pond.compact("orders");
      check(pond, put, seed, true);
    }
  }

  private void check(Pond pond, List<String> put, int seed, boolean everyKind) throws Exception {
    assertThat(payloads(pond)).containsExactlyInAnyOrderElementsOf(put);
    try (SecondReader reader = new SecondReader(pond, otherEngine(pond), "orders")) {
      reader.same("SELECT * FROM orders_archive");
      if (everyKind) {
        List<LogicalColumn> columns = reader.columns("orders");
        for (int i = seed % EACH; i < columns.size(); i += EACH) {
          check(reader, columns.get(i));
        }
        assertThat(reader.statements()).isGreaterThan(25);
      }
    }
  }

  private static List<String> payloads(Pond pond) throws Exception {
    List<String> payloads = new ArrayList<>();
    for (Record record : IcebergRows.all(IcebergRows.open(pond.root, "orders"))) {
      ByteBuffer payload = (ByteBuffer) record.getField(SystemColumn.PAYLOAD.columnName());
      payloads.add(HexFormat.of().formatHex(LogicalRows.bytes(payload)));
    }
    return payloads;
  }

  private static void check(SecondReader reader, LogicalColumn column) throws Exception {
    String name = quoted(column);
    String from = " FROM orders_archive o";
    reader.same("SELECT COUNT(*), COUNT(_decode_error)" + from + " WHERE " + name + " IS NULL");
    if (column.isStruct()) {
      for (LogicalColumn member : column.members()) {
        String path = name + "." + '"' + member.name() + '"';
        reader.same("SELECT _sequence_number, " + path + from + " WHERE " + path + " IS NOT NULL");
      }
    } else if (column.types().size() == 1) {
      checkOneType(reader, column, name, from);
    }
  }

  private static void checkOneType(
      SecondReader reader, LogicalColumn column, String name, String from) throws Exception {
    if (column.widestType() != ColumnType.BOOLEAN) {
      reader.same("SELECT MIN(" + name + "), MAX(" + name + ")" + from);
    }
    // Whether 0.0 and -0.0 are one group is the engine's own affair.
    String value = column.widestType() == ColumnType.DOUBLE ? name + " + 1e0" : name;
    reader.same("SELECT " + value + ", COUNT(*)" + from + " GROUP BY " + value);
    reader.sameInOrder(
        "SELECT _sequence_number, "
            + name
            + from
            + " ORDER BY "
            + value
            + " DESC NULLS LAST, _shard_id, _sequence_number");
    List<String> some = reader.some("SELECT " + name + from + " ORDER BY ALL", 2);
    String last = literal(column.widestType(), some.get(some.size() - 1));
    reader.same("SELECT _sequence_number" + from + " WHERE " + name + " = " + last);
    if (column.widestType() != ColumnType.BOOLEAN) {
      reader.same("SELECT _sequence_number" + from + " WHERE " + name + " >= " + last);
    }
  }

  private static String literal(ColumnType type, String value) {
    return switch (type) {
      case LONG, BOOLEAN -> value;
      case DOUBLE -> "CAST('" + value + "' AS DOUBLE)";
      default -> "'" + value.replace("'", "''") + "'";
    };
  }

  private static String quoted(LogicalColumn column) {
    return "o.\"" + column.name() + '"';
  }
}
