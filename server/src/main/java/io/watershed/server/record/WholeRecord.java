package io.watershed.server.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.server.statement.CellJson;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one record with every column. One thread. */
final class WholeRecord implements ResultSink {
  private static final ObjectMapper JSON = new ObjectMapper();

  private List<ResultColumn> columns = List.of();
  private Optional<ObjectNode> json = Optional.empty();

  @Override
  public void begin(List<ResultColumn> all) {
    columns = all;
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    Map<String, @Nullable Object> system = new HashMap<>();
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < values.length; i++) {
      String name = columns.get(i).name();
      if (name.startsWith("_")) {
        system.put(name, values[i]);
      } else {
        TokenBuffer cell = new TokenBuffer(JSON, false);
        CellJson.write(cell, values[i]);
        payload.set(name, JSON.readTree(cell.asParser()));
      }
    }
    StreamRecord record =
        new StreamRecord(
            new ShardKey(
                text(system, SystemColumn.INCARNATION), text(system, SystemColumn.SHARD_ID)),
            new ShardPosition(
                SequenceNumber.parse(text(system, SystemColumn.SEQUENCE_NUMBER)),
                (Long)
                    Objects.requireNonNull(
                        system.get(SystemColumn.SUB_SEQUENCE_NUMBER.columnName()))),
            text(system, SystemColumn.PARTITION_KEY),
            (Instant) Objects.requireNonNull(system.get(SystemColumn.ARRIVAL_TIME.columnName())),
            (byte[]) Objects.requireNonNull(system.get(SystemColumn.PAYLOAD.columnName())));
    ObjectNode whole =
        RecordView.of(record, String.valueOf(system.get("_side")), Integer.MAX_VALUE);
    whole.put("decode_error", optional(system, SystemColumn.DECODE_ERROR));
    whole.put("replay_id", optional(system, SystemColumn.REPLAY_ID));
    whole.put("origin", origin(system));
    whole.set("columns", payload);
    json = Optional.of(whole);
  }

  private static @Nullable String origin(Map<String, @Nullable Object> system) {
    String shard = optional(system, SystemColumn.ORIGIN_SHARD_ID);
    String sequence = optional(system, SystemColumn.ORIGIN_SEQUENCE_NUMBER);
    if (shard == null || sequence == null) {
      return null;
    }
    Object sub = system.get(SystemColumn.ORIGIN_SUB_SEQUENCE_NUMBER.columnName());
    return new RecordPosition(
            shard,
            new ShardPosition(
                SequenceNumber.parse(sequence), sub instanceof Long number ? number : 0))
        .text();
  }

  private static String text(Map<String, @Nullable Object> system, SystemColumn column) {
    return String.valueOf(system.get(column.columnName()));
  }

  private static @Nullable String optional(
      Map<String, @Nullable Object> system, SystemColumn column) {
    Object value = system.get(column.columnName());
    return value == null ? null : value.toString();
  }

  @Override
  public void end(QueryOutcome outcome) {}

  Optional<ObjectNode> json() {
    return json;
  }
}
