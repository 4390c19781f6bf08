package io.watershed.archive.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.encode.EncodeOutcome.Encoded;
import io.watershed.archive.encode.EncodeOutcome.NeedsColumns;
import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.reservoir.table.FileSums;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file as a reader sees it that is neither ours nor DuckDB's: every value of every record. */
final class IndependentReaderTest {
  private static final int RECORDS = 3_000;
  private static final String[] VALUES = {
    "1",
    "-7",
    "2.5",
    "-0",
    "-0.0",
    "9223372036854775807",
    "9223372036854775808",
    "1e400",
    "true",
    "false",
    "null",
    "\"x\"",
    "\"\"",
    "\"12\"",
    "\"\\u0000\"",
    "\"a\\u0000b\"",
    "\"\\ud800\"",
    "\"\\ud834\\udd1e\"",
    "\"gr\u00f6\u00dfe\"",
    "[]",
    "[1, {\"a\":null}]",
    "{}",
    "{\"x\":1}",
    "{\"x\":\"y\",\"z\":{\"deep\":[true]}}",
    "{\"x\":null}",
    "{\"z\":{}}",
    "{\"x\":1,\"x\":\"y\"}"
  };
  private static final String[] KEYS = {"a", "b", "A", "_id", "zip code", "", "a__text"};

  @TempDir static Path folder;
  private static List<StreamRecord> records;
  private static PayloadLayout layout;
  private static ParquetJavaReader reader;

  @BeforeAll
  static void encode() throws Exception {
    records = new ArrayList<>(TestRecords.of(payloads()));
    records.set(1, records.get(1).asCopy());
    Path file = folder.resolve("file.parquet");
    EncoderSettings smallRowGroups =
        new EncoderSettings(
            EncoderSettings.DEFAULTS.database(), 1, 1_000, 32 << 20, 1_000_000, 1 << 16, 500);
    try (Encoder encoder =
        new Encoder(smallRowGroups, SchemaSettings.DEFAULTS, PayloadFormat.JSON)) {
      PayloadSchema schema = PayloadSchema.EMPTY;
      EncodeOutcome outcome = encode(encoder, schema, file);
      while (outcome instanceof NeedsColumns needs) {
        schema = TestRecords.withFieldIds(needs.grown());
        outcome = encode(encoder, schema, file);
      }
      assertThat(outcome).isInstanceOf(Encoded.class);
      layout = PayloadLayout.of(schema);
    }
    reader = new ParquetJavaReader(file);
  }

  @Test
  void everySystemColumnIsThere() throws Exception {
    List<Group> rows = reader.rows();
    assertThat(rows).hasSize(RECORDS);
    for (int i = 0; i < RECORDS; i++) {
      StreamRecord record = records.get(i);
      Group row = rows.get(i);
      assertThat(row.getString("_incarnation", 0)).isEqualTo(record.shard().incarnation());
      assertThat(row.getString("_shard_id", 0)).isEqualTo(record.shard().shardId());
      assertThat(row.getString("_sequence_number", 0))
          .isEqualTo(record.position().sequenceNumber().padded());
      assertThat(row.getLong("_sub_sequence_number", 0)).isZero();
      assertThat(row.getString("_partition_key", 0)).isEqualTo(record.partitionKey());
      assertThat(row.getLong("_arrival_time", 0))
          .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, record.arrivalTime()));
      assertThat(row.getBinary("_payload", 0).getBytes()).isEqualTo(record.payload());
    }
  }

  @Test
  void everyTypedValueIsWhatTheShredderSays() throws Exception {
    Shredder shredder = PayloadFormat.JSON.shredder(layout, SchemaSettings.DEFAULTS);
    List<Group> rows = reader.rows();
    int errors = 0;
    for (int i = 0; i < RECORDS; i++) {
      PayloadRow expected = shredder.shred(records.get(i).payload());
      Map<String, Object> found = new HashMap<>();
      addValues(rows.get(i), layout.schema().columns(), "", found);
      assertThat(found).isEqualTo(values(expected));
      errors += expected.decodeError() == null ? 0 : 1;
      assertThat(text(rows.get(i), "_decode_error"))
          .isEqualTo(expected.decodeError() == null ? null : expected.decodeError().text());
    }
    assertThat(errors).isBetween(10, RECORDS / 2);
  }

  @Test
  void aReplayedRecordCarriesItsOrigin() throws Exception {
    Group row = reader.rows().get(1);
    assertThat(text(row, "_replay_id")).isEqualTo("replay-7");
    assertThat(text(row, "_origin_incarnation")).isEqualTo("clicks@20250101T000000.000Z");
    assertThat(text(row, "_origin_shard_id")).isEqualTo("shardId-000000000003");
    assertThat(text(row, "_origin_sequence_number")).hasSize(64).endsWith("00042");
    assertThat(row.getLong("_origin_sub_sequence_number", 0)).isEqualTo(5);
    assertThat(text(reader.rows().get(2), "_replay_id")).isNull();
    assertThat(text(reader.rows().get(2), "_origin_sequence_number")).isNull();
  }

  @Test
  void idsTypesAndSumsAreInTheFooter() {
    for (SystemColumn column : SystemColumn.all()) {
      assertThat(reader.schema().getType(column.columnName()).getId().intValue())
          .isEqualTo(column.fieldId());
    }
    var arrival = reader.schema().getType("_arrival_time").asPrimitiveType();
    assertThat(arrival.getPrimitiveTypeName()).isEqualTo(PrimitiveTypeName.INT64);
    assertThat(arrival.getLogicalTypeAnnotation())
        .isEqualTo(
            LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS));
    var payload = reader.schema().getType("_payload").asPrimitiveType();
    assertThat(payload.getPrimitiveTypeName()).isEqualTo(PrimitiveTypeName.BINARY);
    assertThat(payload.getLogicalTypeAnnotation()).isNull();
    FileSums sums = FileSums.parse(reader.keyValues().get(FileSums.FOOTER_KEY));
    assertThat(sums.shards()).isEqualTo(TestRecords.sums(records));
  }

  private static EncodeOutcome encode(Encoder encoder, PayloadSchema schema, Path file) {
    return encoder.encode(TestRecords.DAY, records, schema, TestRecords.sums(records), file);
  }

  private static List<byte[]> payloads() {
    Random random = new Random(3);
    List<byte[]> payloads = new ArrayList<>();
    payloads.add("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    payloads.add(
        Envelope.wrap(
            EnvelopeHeader.of(
                "replay-7",
                new Position("clicks@20250101T000000.000Z", "shardId-000000000003", "42", 5),
                Instant.EPOCH,
                1),
            "{\"a\":2}".getBytes(StandardCharsets.UTF_8)));
    while (payloads.size() < RECORDS) {
      StringBuilder json = new StringBuilder("{");
      int members = random.nextInt(5);
      for (int i = 0; i < members; i++) {
        json.append(i == 0 ? "" : ", ").append('"').append(KEYS[random.nextInt(KEYS.length)]);
        json.append("\":").append(VALUES[random.nextInt(VALUES.length)]);
      }
      byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(20) == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      payloads.add(bytes);
    }
    return payloads;
  }

  private static String text(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0 ? null : row.getString(column, 0);
  }

  private static void addValues(
      Group group, List<PayloadColumn> columns, String above, Map<String, Object> found) {
    for (PayloadColumn column : columns) {
      String name = column.name();
      if (group.getFieldRepetitionCount(name) == 0) {
        continue;
      }
      Object value =
          switch (column.type()) {
            case LONG -> group.getLong(name, 0);
            case DOUBLE -> group.getDouble(name, 0);
            case BOOLEAN -> group.getBoolean(name, 0);
            case TEXT, JSON -> group.getString(name, 0);
            case STRUCT -> "there";
          };
      found.put(above + name, value);
      if (value.equals("there") && !column.children().isEmpty()) {
        addValues(group.getGroup(name, 0), column.children(), above + name + ".", found);
      }
    }
  }

  private static Map<String, Object> values(PayloadRow row) {
    Map<String, Object> values = new HashMap<>();
    Map<Integer, String> names = new HashMap<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      String above = slot.parent() < 0 ? "" : names.get(slot.parent()) + ".";
      names.put(slot.index(), above + slot.column().name());
      if (row.isPresent(slot.index())) {
        values.put(names.get(slot.index()), value(row, slot));
      }
    }
    return values;
  }

  private static Object value(PayloadRow row, PayloadLayout.Slot slot) {
    return switch (slot.column().type()) {
      case LONG -> row.longValue(slot.index());
      case DOUBLE -> row.doubleValue(slot.index());
      case BOOLEAN -> row.booleanValue(slot.index());
      case TEXT, JSON -> new String(row.utf8(slot.index()), StandardCharsets.UTF_8);
      case STRUCT -> "there";
    };
  }
}
