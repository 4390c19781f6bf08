package io.watershed.archive.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.watershed.archive.encode.EncodeOutcome.Encoded;
import io.watershed.archive.encode.EncodeOutcome.NeedsColumns;
import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.DeclaredType;
import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.PayloadSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadPath;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.DuckDb;
import io.watershed.duckdb.SqlText;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.NewDataFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EncoderTest {
  @TempDir Path folder;

  private Encoder encoder;
  private Path target;

  @BeforeEach
  void open() {
    encoder = new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
    target = folder.resolve("it's one.parquet");
  }

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  void newPathsAreReportedAsColumnsBeforeThereIsAFile() throws IOException {
    List<StreamRecord> records =
        TestRecords.of("{\"id\":1,\"customer\":{\"city\":\"Rom\"}}", "{\"id\":1.5}");
    EncodeOutcome outcome = encode(encoder, records, PayloadSchema.EMPTY);
    assertThat(outcome)
        .asInstanceOf(type(NeedsColumns.class))
        .satisfies(
            needs ->
                assertThat(needs.grown().columns())
                    .extracting(column -> column.name() + " " + column.type())
                    .containsExactly("id LONG", "customer STRUCT", "id__double DOUBLE"));
    assertThat(filesInFolder()).isEmpty();
  }

  @Test
  void aFileHoldsEveryValueInTheOrderOfItsRecords() throws Exception {
    List<StreamRecord> records =
        TestRecords.of(
            "{\"id\":1,\"price\":9.5,\"paid\":true,\"items\":[1, {\"a\":2}],\"c\":{\"city\":\"R\"}}",
            "not json",
            "{\"id\":\"two\",\"c\":{},\"price\":null}",
            "{\"id\":9223372036854775807,\"c\":{\"city\":null,\"zip\":12}}",
            "");
    Encoded encoded = encodeGrown(encoder, records);
    assertThat(encoded.file()).isEqualTo(new NewDataFile(target, TestRecords.DAY, 5));
    assertThat(encoded.bytes()).isEqualTo(Files.size(target));
    assertThat(
            query(
                "SELECT _sequence_number::INT, id, price, paid, items, c, id__text, _decode_error"
                    + " FROM %s"))
        .containsExactly(
            "1|1|9.5|true|[1, {\"a\":2}]|{'city': R, 'zip': NULL}|null|null",
            "2|null|null|null|null|null|null|not JSON",
            "3|null|null|null|null|{'city': NULL, 'zip': NULL}|two|null",
            "4|9223372036854775807|null|null|null|{'city': NULL, 'zip': 12}|null|null",
            "5|null|null|null|null|null|null|empty payload");
    assertThat(query("SELECT _arrival_time, _partition_key, decode(_payload) FROM %s LIMIT 2"))
        .containsExactly(
            "2026-05-01T06:00:00.123Z|key-0|"
                + new String(records.get(0).payload(), StandardCharsets.UTF_8),
            "2026-05-01T06:00:00.124Z|key-1|not json");
    assertThat(filesInFolder()).containsExactly(target);
  }

  @Test
  void whatDoesNotFitADeclaredColumnIsNeverCoerced() throws Exception {
    DeclaredColumn amount = new DeclaredColumn(List.of("amount"), DeclaredType.DOUBLE);
    List<StreamRecord> records =
        TestRecords.of("{\"amount\":1}", "{\"amount\":1.5}", "{\"amount\":\"2.5\"}", "{}");
    PayloadFormat growing = declared(true, amount);
    assertThat(encode(encoder.forFormat(growing), TestRecords.of("{}"), PayloadSchema.EMPTY))
        .asInstanceOf(type(NeedsColumns.class))
        .extracting(needs -> needs.grown().columns().get(0).type())
        .isEqualTo(ColumnType.DOUBLE);
    encodeGrown(encoder.forFormat(growing), records);
    assertThat(query("SELECT amount, amount__long, amount__text FROM %s"))
        .containsExactly("null|1|null", "1.5|null|null", "null|null|2.5", "null|null|null");
    Encoded closed = encodeGrown(encoder.forFormat(declared(false, amount)), records);
    assertThat(query("SELECT amount, _decode_error FROM %s"))
        .containsExactly("null|null", "1.5|null", "null|null", "null|null");
    assertThat(closed.unlisted().texts()).containsExactly("$.amount long", "$.amount text");
  }

  private static PayloadFormat declared(boolean growing, DeclaredColumn... columns) {
    return PayloadFormat.of(
        PayloadSettings.DEFAULTS.withColumns(new DeclaredSchema(List.of(columns), growing)));
  }

  /** A defect shows on one record: every other one keeps its columns, and all keep their bytes. */
  @Test
  void aFormatThatThrowsLosesTheColumnsOfOneRecord() throws Exception {
    List<StreamRecord> records =
        TestRecords.of("{\"a\":1}", "{\"a\":2,\"boom\":1}", "{\"a\":3}", "{\"a\":4}");
    Encoded encoded =
        encodeGrown(
            encoder.forFormat(
                new BrokenFormat(
                    (payload, row) -> {
                      if (payload.contains("boom")) {
                        throw new ArrayIndexOutOfBoundsException("secret");
                      }
                    })),
            records);
    assertThat(query("SELECT a, _decode_error, decode(_payload) FROM %s"))
        .containsExactly(
            "1|null|{\"a\":1}",
            "null|could not be decoded (a defect of watershed)|{\"a\":2,\"boom\":1}",
            "3|null|{\"a\":3}",
            "4|null|{\"a\":4}");
    assertThat(encoded.unlisted().mayHold(PayloadPath.of("any"), ColumnType.LONG)).isTrue();
  }

  @Test
  void aValueThatTheNativeWriterRefusesLosesTheColumnsOfItsRecord() throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      boolean bad = i == 0 || i == 1234 || i == 4999;
      payloads.add(("{\"a\":\"" + (bad ? "boom" : "fine") + "\"}").getBytes(US_ASCII));
    }
    PayloadFormat breaks = new BrokenFormat(EncoderTest::breakText);
    encodeGrown(encoder.forFormat(breaks), TestRecords.of(payloads));
    assertThat(query("SELECT count(*), count(a), count(DISTINCT a), count(_decode_error) FROM %s"))
        .containsExactly("5000|4997|1|3");
    assertThat(
            query(
                "SELECT _sequence_number::INT, decode(_payload), _decode_error FROM %s"
                    + " WHERE a IS NULL ORDER BY 1"))
        .containsExactly(
            "1|{\"a\":\"boom\"}|could not be written as columns (a defect of watershed)",
            "1235|{\"a\":\"boom\"}|could not be written as columns (a defect of watershed)",
            "5000|{\"a\":\"boom\"}|could not be written as columns (a defect of watershed)");
  }

  @Test
  void whenNearlyNothingCanBeWrittenTheArchiveGoesOnWithoutColumns() throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      payloads.add("{\"a\":\"boom\"}".getBytes(US_ASCII));
    }
    encodeGrown(
        encoder.forFormat(new BrokenFormat(EncoderTest::breakText)), TestRecords.of(payloads));
    assertThat(query("SELECT count(*), count(a), count(_decode_error) FROM %s"))
        .containsExactly("200|0|200");
  }

  @Test
  void anErrorThatIsMeantIsTheEncodersOwn() throws IOException {
    PayloadFormat unreachable =
        new BrokenFormat(
            (payload, row) -> {
              throw new WatershedException(ErrorCode.UNREACHABLE, "no registry", "");
            });
    assertThatThrownBy(() -> encodeGrown(encoder.forFormat(unreachable), TestRecords.of("{}")))
        .isInstanceOf(WatershedException.class)
        .hasMessage("no registry");
    assertThat(filesInFolder()).isEmpty();
  }

  /** Text that is no UTF-8 any more: a defect that only DuckDB notices. */
  private static void breakText(String payload, PayloadRow row) {
    if (payload.contains("boom") && row.isPresent(0)) {
      row.utf8(0)[0] = (byte) 0xff;
    }
  }

  @Test
  void payloadsThatNobodyLookedIntoMayHoldAnything() throws Exception {
    Encoded raw = encodeGrown(encoder.forFormat(PayloadFormat.RAW), TestRecords.of("{\"a\":1}"));
    assertThat(raw.unlisted().mayHold(PayloadPath.of("a"), ColumnType.LONG)).isTrue();
  }

  @Test
  void everyColumnCarriesItsFieldId() throws Exception {
    encodeGrown(encoder, TestRecords.of("{\"id\":1,\"c\":{\"city\":\"R\",\"geo\":{\"lat\":1.5}}}"));
    List<String> expected = new ArrayList<>();
    SystemColumn.all()
        .forEach(column -> expected.add(column.columnName() + "|" + column.fieldId()));
    expected.addAll(List.of("id|100", "c|101", "city|102", "geo|103", "lat|104"));
    assertThat(
            query(
                "SELECT name, field_id FROM parquet_schema(" + literal() + ") WHERE field_id > 0"))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void theFooterHoldsTheSumsAndThePathsWithoutAColumn() throws Exception {
    SchemaSettings two = new SchemaSettings(2, 128, 100);
    List<StreamRecord> records =
        TestRecords.of("{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":\"x\",\"d\":{\"e\":1e400}}");
    try (Encoder bounded = new Encoder(EncoderSettings.DEFAULTS, two, PayloadFormat.JSON)) {
      Encoded encoded = encodeGrown(bounded, records);
      FileSums sums = sums();
      assertThat(sums.shards()).isEqualTo(TestRecords.sums(records));
      assertThat(sums.unlistedPaths())
          .containsExactly("$.c long", "$.a text", "$.d struct", "$.d.e none");
      assertThat(encoded.unlisted().texts()).isEqualTo(sums.unlistedPaths());
      assertThat(encoded.unlisted().mayHold(PayloadPath.of("c"), ColumnType.LONG)).isTrue();
      assertThat(encoded.unlisted().mayHold(PayloadPath.of("c"), ColumnType.TEXT)).isFalse();
      assertThat(encoded.unlisted().mayHold(PayloadPath.of("d", "x"), ColumnType.TEXT)).isTrue();
    }
  }

  @Test
  void aFileWithoutUnlistedPathsSaysSo() throws Exception {
    encodeGrown(encoder, TestRecords.of("{\"a\":1}", "broken", "{\"_watershed\":{\"v\":1}}"));
    assertThat(sums().unlistedPaths()).isEmpty();
    assertThat(query("SELECT count(a) FROM %s")).containsExactly("1");
  }

  @Test
  void pagesAreOfVersionOneCompressedByZstdInBoundedRowGroups() throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      payloads.add(("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
    }
    encodeGrown(encoder, TestRecords.of(payloads));
    assertThat(query("SELECT DISTINCT compression FROM parquet_metadata(" + literal() + ")"))
        .containsExactly("ZSTD");
    assertThat(
            query(
                "SELECT max(row_group_num_rows) <= 20480, count(DISTINCT row_group_id) > 1"
                    + " FROM parquet_metadata("
                    + literal()
                    + ")"))
        .containsExactly("true|true");
    assertThat(query("SELECT count(*), sum(n), max(n) FROM %s"))
        .containsExactly("50000|1249975000|49999");
    assertThat(
            query(
                "SELECT count(*) FROM (SELECT n, lag(n) OVER () AS before FROM %s) WHERE n <= before"))
        .containsExactly("0");
  }

  @Test
  void rawPayloadsMakeNoColumns() throws Exception {
    try (Encoder raw =
        new Encoder(EncoderSettings.DEFAULTS, SchemaSettings.DEFAULTS, PayloadFormat.RAW)) {
      assertThat(encode(raw, TestRecords.of("{\"a\":1}", "x"), PayloadSchema.EMPTY))
          .isInstanceOf(Encoded.class);
    }
    assertThat(query("SELECT count(_decode_error), count(*) FROM %s")).containsExactly("0|2");
  }

  @Test
  void aFolderThatIsNotThereIsAStoreErrorThatNamesTheFile() {
    target = folder.resolve("missing").resolve("x.parquet");
    assertThatThrownBy(() -> encode(encoder, TestRecords.of("{}"), PayloadSchema.EMPTY))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORE);
              assertThat(e).hasMessageContaining(target.getFileName().toString());
              assertThat(e.hint()).contains("disk");
            });
  }

  @Test
  void tooLittleMemoryIsALimitErrorBeforeDuckDbStarts() throws IOException {
    byte[] large = new byte[6 << 20];
    try (Encoder small =
        new Encoder(withMemory(100L << 20), SchemaSettings.DEFAULTS, PayloadFormat.RAW)) {
      List<StreamRecord> records = TestRecords.of(Collections.nCopies(2, large));
      assertThatThrownBy(() -> encode(small, records, PayloadSchema.EMPTY))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
                assertThat(e).hasMessageContaining("the encoder has 100 MiB");
              });
    }
    assertThat(filesInFolder()).isEmpty();
  }

  @Test
  void largeRecordsFitTheMemoryThatTheEncoderReckonsWith() throws Exception {
    Random random = new Random(7);
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      payloads.add(("{\"text\":\"" + noise(random, 10 << 20) + "\"}").getBytes(US_ASCII));
    }
    List<StreamRecord> records = TestRecords.of(payloads);
    RowGroups groups = RowGroups.of(records, 14, EncoderSettings.DEFAULTS);
    try (Encoder exact =
        new Encoder(
            withMemory(groups.memoryBytes()), SchemaSettings.DEFAULTS, PayloadFormat.JSON)) {
      encodeGrown(exact, records);
    }
    assertThat(query("SELECT count(*), sum(octet_length(_payload)) FROM %s"))
        .containsExactly("4|" + records.stream().mapToLong(r -> r.payload().length).sum());
  }

  @Test
  void wideRecordsFitTheMemoryThatTheEncoderReckonsWith() throws Exception {
    Random random = new Random(7);
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      StringBuilder json = new StringBuilder("{");
      for (int column = 0; column < 450; column++) {
        json.append(column == 0 ? "" : ",").append("\"c").append(column).append("\":");
        json.append(random.nextInt(1_000_000_000));
      }
      payloads.add(json.append("}").toString().getBytes(US_ASCII));
    }
    List<StreamRecord> records = TestRecords.of(payloads);
    RowGroups groups = RowGroups.of(records, 463, EncoderSettings.DEFAULTS);
    assertThat(groups.rows()).isLessThan(2_500);
    try (Encoder exact =
        new Encoder(
            withMemory(groups.memoryBytes()), SchemaSettings.DEFAULTS, PayloadFormat.JSON)) {
      encodeGrown(exact, records);
    }
    assertThat(query("SELECT count(c449), count(c0) FROM %s")).containsExactly("4000|4000");
  }

  private static EncoderSettings withMemory(long bytes) {
    EncoderSettings defaults = EncoderSettings.DEFAULTS;
    return new EncoderSettings(
        new DuckDbSettings(bytes, 1, Optional.empty(), 0),
        defaults.zstdLevel(),
        defaults.rowGroupRows(),
        defaults.rowGroupBytes(),
        defaults.rowGroupCells(),
        defaults.dataPageBytes(),
        defaults.dictionaryEntries());
  }

  private static String noise(Random random, int length) {
    byte[] letters = new byte[length];
    for (int i = 0; i < length; i++) {
      letters[i] = (byte) ('a' + random.nextInt(26));
    }
    return new String(letters, US_ASCII);
  }

  @Test
  void filesAreEncodedAtTheSameTimeEachWithItsOwnRecords() throws Exception {
    PayloadSchema schema =
        TestRecords.withFieldIds(
            ((NeedsColumns) encode(encoder, TestRecords.of("{\"n\":1}"), PayloadSchema.EMPTY))
                .grown());
    List<Thread> threads = new ArrayList<>();
    List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      List<StreamRecord> records =
          TestRecords.of(Collections.nCopies(10_000, ("{\"n\":" + i + "}").getBytes(US_ASCII)));
      Path file = folder.resolve(i + ".parquet");
      threads.add(
          new Thread(
              () ->
                  outcomes.add(encoder.encode(TestRecords.DAY, records, schema, List.of(), file))));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(outcomes).hasSize(4).hasOnlyElementsOfType(Encoded.class);
    for (int i = 0; i < 4; i++) {
      target = folder.resolve(i + ".parquet");
      assertThat(query("SELECT count(*), min(n), max(n) FROM %s"))
          .containsExactly("10000|" + i + "|" + i);
    }
  }

  @Test
  void recordsOutOfOrderTwiceOrOfAnotherDayAreRefused() {
    List<StreamRecord> records = TestRecords.of("{}", "{}");
    List<StreamRecord> reversed = List.of(records.get(1), records.get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(encoder, reversed, PayloadSchema.EMPTY));
    List<StreamRecord> twice = List.of(records.get(0), records.get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encode(encoder, twice, PayloadSchema.EMPTY));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                encoder.encode(
                    TestRecords.DAY.plusDays(1), records, PayloadSchema.EMPTY, List.of(), target));
  }

  private EncodeOutcome encode(Encoder with, List<StreamRecord> records, PayloadSchema schema) {
    return with.encode(TestRecords.DAY, records, schema, TestRecords.sums(records), target);
  }

  private Encoded encodeGrown(Encoder with, List<StreamRecord> records) {
    PayloadSchema schema = PayloadSchema.EMPTY;
    EncodeOutcome outcome = encode(with, records, schema);
    while (outcome instanceof NeedsColumns needs) {
      schema = TestRecords.withFieldIds(needs.grown());
      outcome = encode(with, records, schema);
    }
    return (Encoded) outcome;
  }

  private FileSums sums() throws SQLException {
    List<String> json =
        query(
            "SELECT decode(value) FROM parquet_kv_metadata("
                + literal()
                + ") WHERE decode(key) = '"
                + FileSums.FOOTER_KEY
                + "'");
    assertThat(json).hasSize(1);
    return FileSums.parse(json.get(0));
  }

  private String literal() {
    return SqlText.literal(target.toString());
  }

  private List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (DuckDb database = DuckDb.open(DuckDbSettings.DEFAULTS);
        Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(sql.replace("%s", "read_parquet(" + literal() + ")"))) {
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

  private List<Path> filesInFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
