package io.watershed.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RecordTableTest {
  private static final ShardKey SHARD = new ShardKey("orders@20260101T000000.000Z", "shardId-0");

  private DuckDb database;
  private Connection connection;

  @BeforeEach
  void open() {
    database = DuckDb.open(DuckDbSettings.DEFAULTS);
    connection = database.connect();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void systemColumnsAndTypedColumnsComeOutAsTheyWentIn() throws SQLException {
    List<StreamRecord> records =
        List.of(
            record(1, "k-ä", "{\"id\":7,\"price\":1.5,\"ok\":true,\"name\":\"ö\",\"tags\":[1, 2]}"),
            record(2, "", "{\"customer\":{\"city\":\"Rom\",\"geo\":{\"lat\":41.9}}}"),
            record(3, "k", "{\"customer\":{}}"));
    try (RecordTable table = RecordTable.register(connection, records, schemaOf(records))) {
      assertThat(rows(table, "SELECT * EXCLUDE (_payload) FROM %s ORDER BY _sequence_number"))
          .containsExactly(
              row(1, "k-ä") + "|7|1.5|true|ö|[1, 2]|null",
              row(2, "") + "|null|null|null|null|null|{'city': Rom, 'geo': {'lat': 41.9}}",
              row(3, "k") + "|null|null|null|null|null|{'city': NULL, 'geo': NULL}");
      assertThat(rows(table, "DESCRIBE SELECT * FROM %s"))
          .extracting(described -> described.substring(0, described.indexOf("|YES")))
          .containsExactly(
              "_incarnation|VARCHAR",
              "_shard_id|VARCHAR",
              "_sequence_number|VARCHAR",
              "_sub_sequence_number|BIGINT",
              "_partition_key|VARCHAR",
              "_arrival_time|TIMESTAMP WITH TIME ZONE",
              "_payload|BLOB",
              "_decode_error|VARCHAR",
              "_replay_id|VARCHAR",
              "_origin_incarnation|VARCHAR",
              "_origin_shard_id|VARCHAR",
              "_origin_sequence_number|VARCHAR",
              "_origin_sub_sequence_number|BIGINT",
              "id|BIGINT",
              "price|DOUBLE",
              "ok|BOOLEAN",
              "name|VARCHAR",
              "tags|VARCHAR",
              "customer|STRUCT(city VARCHAR, geo STRUCT(lat DOUBLE))");
    }
  }

  @Test
  void payloadsOfAnyBytesComeOutExactly() throws SQLException {
    List<byte[]> payloads =
        List.of(
            new byte[] {},
            new byte[] {0},
            new byte[] {'a', 0, 'b'},
            new byte[] {(byte) 0xff, (byte) 0xfe},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            "{\"a\":\"x\\u0000y\"}".getBytes(StandardCharsets.UTF_8),
            "größe 𝄞".getBytes(StandardCharsets.UTF_8));
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      records.add(record(i, "k", payloads.get(i)));
    }
    try (RecordTable table = RecordTable.register(connection, records, schemaOf(records));
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT _payload, a FROM (" + table.selectSql() + ") ORDER BY _sequence_number")) {
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(found.next()).isTrue();
        assertThat(found.getBytes(1)).isEqualTo(payloads.get(i));
        assertThat(found.getString(2)).isEqualTo(i == 5 ? "x\0y" : null);
      }
      assertThat(found.next()).isFalse();
    }
  }

  @Test
  void manyRecordsAreEachThereOnceWhateverIsSelected() throws SQLException {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < 50_001; i++) {
      records.add(record(i, "k" + i % 10, "{\"n\":" + i + "}"));
    }
    try (RecordTable table = RecordTable.register(connection, records, schemaOf(records))) {
      assertThat(rows(table, "SELECT count(*) FROM %s")).containsExactly("50001");
      assertThat(rows(table, "SELECT count(DISTINCT _sequence_number), sum(n) FROM %s"))
          .containsExactly("50001|1250025000");
      assertThat(rows(table, "SELECT count(*) FROM %s a JOIN (%1$s) b USING (n)"))
          .containsExactly("50001");
      assertThat(rows(table, "SELECT _partition_key, count(*) FROM %s GROUP BY 1 ORDER BY 1"))
          .startsWith("k0|5001", "k1|5000");
    }
  }

  @Test
  void largeRecordsDoNotFillAChunkWithoutBound() throws SQLException {
    byte[] large = new byte[5 << 20];
    java.util.Arrays.fill(large, (byte) 'x');
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      records.add(record(i, "k", large));
    }
    RecordScan scan = new RecordScan(records);
    assertThat(scan.next(2048)).isEqualTo(new RecordScan.Range(0, 2));
    try (RecordTable table = RecordTable.register(connection, records, PayloadSchema.EMPTY)) {
      assertThat(rows(table, "SELECT count(*), sum(octet_length(_payload)) FROM %s"))
          .containsExactly("9|" + 9L * large.length);
    }
  }

  @Test
  void aProjectedScanSeesTheValuesOfAFullOne() throws SQLException {
    List<StreamRecord> records =
        List.of(
            record(1, "k", "{\"a\":1,\"b\":{\"c\":2,\"c\":\"x\"},\"a\":\"y\"}"),
            record(2, "k", "{\"a\":1.5,\"b\":{\"c\":2},\"b\":3}"),
            record(3, "k", "{\"a\":1}broken"));
    try (RecordTable table = RecordTable.register(connection, records, schemaOf(records))) {
      assertThat(rows(table, "SELECT a FROM %s ORDER BY _sequence_number"))
          .containsExactly("y", "null", "null");
      assertThat(rows(table, "SELECT b.c FROM %s ORDER BY _sequence_number"))
          .containsExactly("x", "null", "null");
      assertThat(rows(table, "SELECT _decode_error FROM %s ORDER BY _sequence_number"))
          .containsExactly("null", "null", "text after the first JSON value");
    }
  }

  @Test
  void rawPayloadsHaveNoColumnsAndNoErrors() throws SQLException {
    List<StreamRecord> records = List.of(record(1, "k", "{\"a\":1}"), record(2, "k", "nonsense"));
    try (RecordTable table =
        RecordTable.register(connection, records, PayloadSchema.EMPTY, PayloadFormat.RAW)) {
      assertThat(rows(table, "SELECT count(_decode_error), count(_payload) FROM %s"))
          .containsExactly("0|2");
    }
  }

  @Test
  void aClosedTableIsAnErrorAndOthersStayOpen() throws SQLException {
    List<StreamRecord> records = List.of(record(1, "k", "{}"));
    try (RecordTable other = RecordTable.register(connection, records, PayloadSchema.EMPTY)) {
      RecordTable closed = RecordTable.register(connection, records, PayloadSchema.EMPTY);
      closed.close();
      assertThatThrownBy(() -> rows(closed, "SELECT count(*) FROM %s"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("is closed");
      assertThat(rows(other, "SELECT count(*) FROM %s")).containsExactly("1");
    }
  }

  @Test
  void theLimitsOfTheDatabaseAreSet() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT current_setting('memory_limit'), current_setting('threads'),"
                    + " current_setting('TimeZone'), current_setting('temp_directory')")) {
      assertThat(found.next()).isTrue();
      assertThat(found.getString(1)).isEqualTo("512.0 MiB");
      assertThat(found.getString(2)).isEqualTo("2");
      assertThat(found.getString(3)).isEqualTo("UTC");
      assertThat(found.getString(4)).isEmpty();
    }
  }

  private List<String> rows(RecordTable table, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(String.format(sql, "(" + table.selectSql() + ")"))) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(String.valueOf((Object) found.getString(i)));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  private static String row(int number, String key) {
    return SHARD.incarnation()
        + "|"
        + SHARD.shardId()
        + "|"
        + position(number).sequenceNumber().padded()
        + "|0|"
        + key
        + "|2026-05-01T10:00:00.123Z|null|null|null|null|null|null";
  }

  private static PayloadSchema schemaOf(List<StreamRecord> records) {
    Shredder shredder =
        PayloadFormat.JSON.shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
    records.forEach(record -> shredder.shred(record.payload()));
    return PayloadSchema.EMPTY.grow(shredder.observations(), SchemaSettings.DEFAULTS);
  }

  private static StreamRecord record(int number, String key, String payload) {
    return record(number, key, payload.getBytes(StandardCharsets.UTF_8));
  }

  private static StreamRecord record(int number, String key, byte[] payload) {
    return new StreamRecord(
        SHARD, position(number), key, Instant.parse("2026-05-01T10:00:00.123Z"), payload);
  }

  private static ShardPosition position(int number) {
    return ShardPosition.of(SequenceNumber.parse(Integer.toString(number)));
  }
}
