package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.encode.ParquetJavaReader;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.archive.maintain.MaintenanceReport;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadPath;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories of payloads at random, archived in several commits while the schema grows, and
 * compacted: after each, every physical column of every file, as a reader has it that is neither
 * ours nor DuckDB's, and every column of the view, against the payloads evaluated by hand (PROTOCOL
 * 4.1 to 4.4). More histories: {@code -Dwatershed.histories=100}.
 */
final class SchemaHistoryTest {
  private static final int[] COLUMN_BOUNDS = {6, 40, 200, 200};
  private static final int BATCH = 40;

  @TempDir Path folder;
  private final Map<String, Answer> earlier = new HashMap<>();

  static IntStream seeds() {
    return IntStream.rangeClosed(1, Integer.getInteger("watershed.histories", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyColumnHoldsWhatThePayloadSays(int seed) throws Exception {
    JsonHistory history = new JsonHistory(seed);
    try (Water water = new Water(folder, "orders")) {
      int records = 0;
      for (int bound : COLUMN_BOUNDS) {
        for (byte[] payload : history.nextBatch(BATCH)) {
          water.kinesis.put("orders", "key-" + records++ % 5, payload);
        }
        // First live, then archived: nothing changes but where it comes from.
        checkView(water, records);
        archive(water, new SchemaSettings(bound, 128, bound));
        checkFiles(water);
        checkView(water, records);
      }
      compact(water);
      checkFiles(water);
      checkView(water, records);
      for (Map.Entry<String, Answer> then : earlier.entrySet()) {
        Answer now = water.ask(SqlRequest.of(all()).at(then.getKey()));
        assertThat(now.columns).isEqualTo(then.getValue().columns);
        assertThat(text(now)).isEqualTo(text(then.getValue()));
      }
    }
  }

  private static void archive(Water water, SchemaSettings bounds) {
    try (ArchiveService service =
        new ArchiveService(
            water.reservoir,
            List.of(new ArchivedStream("orders", () -> water.source("orders"))),
            ArchiveSettings.DEFAULTS,
            ShardReadSettings.DEFAULTS,
            EncoderSettings.DEFAULTS,
            bounds,
            InstantSource.system())) {
      var outcome = service.run(ArchiveMode.ONCE, new StopSignal());
      assertThat(outcome.streams().get(0).failure()).isEmpty();
    }
  }

  /** As if two days had passed: what is of today, or yesterday, is then of a closed day. */
  private static void compact(Water water) {
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    try (LocalMaintenance maintenance = new LocalMaintenance(water.reservoir, later)) {
      MaintenanceReport report =
          maintenance.run(
              "orders", PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
      assertThat(report.compactedFiles()).isGreaterThan(1);
    }
  }

  /** PROTOCOL 4.1 to 4.3: the files, read by parquet-java. */
  private static void checkFiles(Water water) throws Exception {
    ArchiveTable table = water.reservoir.find("orders").orElseThrow();
    TableState state = table.load();
    for (DataFileInfo file : table.files(state)) {
      Path path = water.reservoir.store().localPath(file.key()).orElseThrow();
      ParquetJavaReader reader = new ParquetJavaReader(path);
      UnlistedPaths unlisted =
          UnlistedPaths.parse(
              FileSums.parse(reader.keyValues().get(FileSums.FOOTER_KEY)).unlistedPaths());
      for (Group row : reader.rows()) {
        ByHand payload = ByHand.of(row.getBinary("_payload", 0).getBytes());
        assertThat(row.getFieldRepetitionCount("_decode_error"))
            .isEqualTo(payload.isUnderstood() ? 0 : 1);
        checkColumns(Optional.of(row), state.schema().columns(), List.of(), payload, unlisted);
      }
    }
  }

  private static void checkColumns(
      Optional<Group> group,
      List<PayloadColumn> columns,
      List<String> above,
      ByHand payload,
      UnlistedPaths unlisted) {
    for (PayloadColumn column : columns) {
      List<String> path = path(above, column.key());
      boolean inFile = group.isPresent() && group.get().getType().containsField(column.name());
      if (inFile) {
        Object value = value(group.get(), column);
        assertThat(payload.holds(path, column.type(), value))
            .as("%s as %s is %s", path, column.type(), value)
            .isTrue();
      } else if (group.isPresent() && !payload.holds(path, column.type(), null)) {
        assertThat(unlisted.mayHold(new PayloadPath(path), column.type()))
            .as("%s as %s is absent and not listed", path, column.type())
            .isTrue();
      }
      if (column.type() == ColumnType.STRUCT) {
        Optional<Group> member =
            inFile && group.get().getFieldRepetitionCount(column.name()) > 0
                ? Optional.of(group.get().getGroup(column.name(), 0))
                : Optional.empty();
        checkColumns(member, column.children(), path, payload, unlisted);
      }
    }
  }

  private static Object value(Group row, PayloadColumn column) {
    if (row.getFieldRepetitionCount(column.name()) == 0) {
      return null;
    }
    return switch (column.type()) {
      case LONG -> row.getLong(column.name(), 0);
      case DOUBLE -> row.getDouble(column.name(), 0);
      case BOOLEAN -> row.getBoolean(column.name(), 0);
      case TEXT, JSON -> row.getString(column.name(), 0);
      case STRUCT -> "there";
    };
  }

  private static String all() {
    return "SELECT * FROM orders ORDER BY _shard_id, _sequence_number";
  }

  /** PROTOCOL 4.4: one column a path, whatever files and live records hold it. */
  private void checkView(Water water, int records) {
    Answer answer = water.ask(all());
    assertThat(answer.rows).hasSize(records);
    earlier.put(answer.receipt(), answer);
    List<String> names = answer.columns.stream().map(ResultColumn::name).toList();
    List<LogicalColumn> columns =
        answer.outcome.receipt().find("orders").orElseThrow().schema().columns();
    assertThat(names).containsSubsequence(columns.stream().map(LogicalColumn::name).toList());
    for (List<Object> row : answer.rows) {
      ByHand payload = ByHand.of((byte[]) row.get(names.indexOf("_payload")));
      assertThat(row.get(names.indexOf("_decode_error")) == null).isEqualTo(payload.isUnderstood());
      Map<String, Object> values = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), row.get(i));
      }
      checkLogical(values, columns, List.of(), payload);
    }
  }

  private static void checkLogical(
      Map<?, ?> values, List<LogicalColumn> columns, List<String> above, ByHand payload) {
    for (LogicalColumn column : columns) {
      List<String> path = path(above, column.key());
      assertThat(values.containsKey(column.name())).as("%s", path).isTrue();
      Object shown = values.get(column.name());
      if (column.isStruct()) {
        assertThat(payload.holds(path, ColumnType.STRUCT, shown)).as("%s", path).isTrue();
        if (shown != null) {
          checkLogical((Map<?, ?>) shown, column.members(), path, payload);
        }
      } else {
        assertThat(isShown(payload, path, Set.copyOf(column.types()), shown))
            .as("%s as %s is shown as %s", path, column.types(), shown)
            .isTrue();
      }
    }
  }

  private static boolean isShown(
      ByHand payload, List<String> path, Set<ColumnType> types, Object shown) {
    if (types.size() == 1) {
      return payload.holds(path, types.iterator().next(), shown);
    }
    Optional<JsonNode> node = payload.at(path);
    Optional<ColumnType> type = node.flatMap(n -> ByHand.type(n, path.size()));
    if (type.isEmpty() || !types.contains(type.get())) {
      return shown == null;
    }
    if (shown == null) {
      return false;
    }
    if (types.equals(Set.of(ColumnType.LONG, ColumnType.DOUBLE))) {
      return (double) shown == ByHand.nearest(node.get());
    }
    return switch (type.get()) {
      case DOUBLE -> Double.parseDouble((String) shown) == ByHand.nearest(node.get());
      case JSON -> ByHand.isJson((String) shown, node.get());
      default -> shown.equals(node.get().asText());
    };
  }

  private static List<String> path(List<String> above, String key) {
    List<String> path = new ArrayList<>(above);
    path.add(key);
    return path;
  }

  private static List<String> text(Answer answer) {
    return answer.rows.stream()
        .map(row -> row.stream().map(SchemaHistoryTest::text).toList().toString())
        .toList();
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? java.util.HexFormat.of().formatHex(bytes)
        : String.valueOf(value);
  }
}
