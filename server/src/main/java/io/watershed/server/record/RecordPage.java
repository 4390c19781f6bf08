package io.watershed.server.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the records of one page, bounded in bytes. Used by one thread. */
final class RecordPage implements ResultSink {
  /** A page with at least so many bytes of payload takes no more. */
  private static final long MAX_BYTES = 8 << 20;

  private final ArrayNode records = JsonNodeFactory.instance.arrayNode();
  private Optional<StreamRecord> last = Optional.empty();
  private long bytes;

  @Override
  public void begin(List<ResultColumn> columns) {}

  @Override
  public void row(@Nullable Object[] values) {
    if (bytes >= MAX_BYTES) {
      return;
    }
    StreamRecord record =
        new StreamRecord(
            new ShardKey(text(values[1]), text(values[2])),
            new ShardPosition(
                SequenceNumber.parse(text(values[3])), (Long) Objects.requireNonNull(values[4])),
            text(values[5]),
            (Instant) Objects.requireNonNull(values[0]),
            (byte[]) Objects.requireNonNull(values[6]));
    ObjectNode json = RecordView.of(record, text(values[8]), RecordView.SHOWN_BYTES);
    if (values[7] != null) {
      json.put("decode_error", text(values[7]));
    }
    records.add(json);
    last = Optional.of(record);
    bytes += Math.min(record.payload().length, RecordView.SHOWN_BYTES);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : (String) value;
  }

  @Override
  public void end(QueryOutcome outcome) {}

  ArrayNode records() {
    return records;
  }

  /** The last record that is in the page. */
  Optional<StreamRecord> last() {
    return last;
  }
}
