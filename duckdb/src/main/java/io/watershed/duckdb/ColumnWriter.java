package io.watershed.duckdb;

import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.RecordColumns.OfBinaryPayload;
import io.watershed.duckdb.RecordColumns.OfSlot;
import io.watershed.duckdb.RecordColumns.OfSystem;
import io.watershed.duckdb.RecordColumns.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/** Writes one column of a chunk, row by row. Reused from chunk to chunk; not thread-safe. */
abstract class ColumnWriter {
  private final int index;
  private @Nullable DuckDBWritableVector vector;

  private ColumnWriter(int index) {
    this.index = index;
  }

  /** Before the first row of a chunk. */
  void begin(DuckDBDataChunkWriter chunk, int rows) {
    vector = chunk.vector(index);
  }

  /** One row. */
  abstract void put(int row, RecordView view);

  /** After the last row of a chunk. */
  void end() {
    vector = null;
  }

  final DuckDBWritableVector vector() {
    if (vector == null) {
      throw new IllegalStateException("no chunk is begun");
    }
    return vector;
  }

  /** For a statement that reads no column. */
  static ColumnWriter rowId(int index) {
    return new Longs(index, view -> 0);
  }

  static ColumnWriter of(Source source, int index) {
    if (source instanceof OfSystem system) {
      return ofSystem(system.column(), index);
    }
    if (source instanceof OfBinaryPayload) {
      return new Texts(index, view -> view.isText() ? null : base64(view.record().payload()));
    }
    return ofSlot((OfSlot) source, index);
  }

  private static ColumnWriter ofSystem(SystemColumn column, int index) {
    return switch (column) {
      case INCARNATION -> new Strings(index, view -> view.record().shard().incarnation());
      case SHARD_ID -> new Strings(index, view -> view.record().shard().shardId());
      case SEQUENCE_NUMBER ->
          new Strings(index, view -> view.record().position().sequenceNumber().padded());
      case SUB_SEQUENCE_NUMBER ->
          new Longs(index, view -> view.record().position().subSequenceNumber());
      case PARTITION_KEY -> new Strings(index, view -> view.record().partitionKey());
      case ARRIVAL_TIME -> new Longs(index, ColumnWriter::arrivalMicros);
      case PAYLOAD -> new Texts(index, view -> view.isText() ? view.record().payload() : null);
      case DECODE_ERROR -> new Strings(index, view -> ChunkWriter.errorText(view.row()));
      case REPLAY_ID -> new Strings(index, RecordView::replayOfCopy);
      case ORIGIN_INCARNATION -> ofOrigin(index, origin -> origin.shard().incarnation());
      case ORIGIN_SHARD_ID -> ofOrigin(index, origin -> origin.shard().shardId());
      case ORIGIN_SEQUENCE_NUMBER ->
          ofOrigin(index, origin -> origin.position().sequenceNumber().padded());
      case ORIGIN_SUB_SEQUENCE_NUMBER -> new OriginSub(index);
    };
  }

  private static ColumnWriter ofOrigin(int index, Function<Origin, String> part) {
    return new Strings(index, view -> view.origin().map(part).orElse(null));
  }

  private static ColumnWriter ofSlot(OfSlot source, int index) {
    int slot = source.slot();
    return switch (source.type()) {
      case LONG -> new SlotLongs(index, slot);
      case DOUBLE -> new SlotDoubles(index, slot);
      case BOOLEAN -> new SlotBooleans(index, slot);
      case STRUCT -> new SlotFlags(index, slot);
      case TEXT, JSON ->
          new Texts(index, view -> view.row().isPresent(slot) ? view.row().utf8(slot) : null);
    };
  }

  private static long arrivalMicros(RecordView view) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, view.record().arrivalTime());
  }

  private static byte[] base64(byte[] bytes) {
    return Base64.getEncoder().encode(bytes);
  }

  /** Returns a value or null. */
  private interface Nullables<T> {
    @Nullable T of(RecordView view);
  }

  /** UTF-8 text, handed over in one call a chunk. */
  private static class Texts extends ColumnWriter {
    private final Nullables<byte[]> source;
    private byte[][] batch = {};

    Texts(int index, Nullables<byte[]> source) {
      super(index);
      this.source = source;
    }

    @Override
    void begin(DuckDBDataChunkWriter chunk, int rows) {
      super.begin(chunk, rows);
      if (batch.length != rows) {
        batch = new byte[rows][];
      }
    }

    @Override
    void put(int row, RecordView view) {
      batch[row] = source.of(view);
    }

    @Override
    void end() {
      vector().setStringUtf8Batch(0, batch);
      Arrays.fill(batch, null);
      super.end();
    }
  }

  /** Strings; those that repeat are encoded once. */
  private static final class Strings extends Texts {
    Strings(int index, Nullables<String> source) {
      super(index, new Encoded(source));
    }
  }

  private static final class Encoded implements Nullables<byte[]> {
    private final Nullables<String> source;
    private String last = "";
    private byte[] lastUtf8 = {};

    Encoded(Nullables<String> source) {
      this.source = source;
    }

    @Override
    public byte @Nullable [] of(RecordView view) {
      String text = source.of(view);
      if (text == null) {
        return null;
      }
      if (!text.equals(last)) {
        last = text;
        lastUtf8 = text.getBytes(StandardCharsets.UTF_8);
      }
      return lastUtf8;
    }
  }

  private static final class Longs extends ColumnWriter {
    private final ToLongFunction<RecordView> source;

    Longs(int index, ToLongFunction<RecordView> source) {
      super(index);
      this.source = source;
    }

    @Override
    void put(int row, RecordView view) {
      vector().setLong(row, source.applyAsLong(view));
    }
  }

  private static final class OriginSub extends ColumnWriter {
    OriginSub(int index) {
      super(index);
    }

    @Override
    void put(int row, RecordView view) {
      view.origin()
          .ifPresentOrElse(
              origin -> vector().setLong(row, origin.position().subSequenceNumber()),
              () -> vector().setNull(row));
    }
  }

  private static final class SlotLongs extends ColumnWriter {
    private final int slot;

    SlotLongs(int index, int slot) {
      super(index);
      this.slot = slot;
    }

    @Override
    void put(int row, RecordView view) {
      if (view.row().isPresent(slot)) {
        vector().setLong(row, view.row().longValue(slot));
      } else {
        vector().setNull(row);
      }
    }
  }

  private static final class SlotDoubles extends ColumnWriter {
    private final int slot;

    SlotDoubles(int index, int slot) {
      super(index);
      this.slot = slot;
    }

    @Override
    void put(int row, RecordView view) {
      if (view.row().isPresent(slot)) {
        vector().setDouble(row, view.row().doubleValue(slot));
      } else {
        vector().setNull(row);
      }
    }
  }

  private static final class SlotBooleans extends ColumnWriter {
    private final int slot;

    SlotBooleans(int index, int slot) {
      super(index);
      this.slot = slot;
    }

    @Override
    void put(int row, RecordView view) {
      if (view.row().isPresent(slot)) {
        vector().setBoolean(row, view.row().booleanValue(slot));
      } else {
        vector().setNull(row);
      }
    }
  }

  /** Whether a struct is there: false rather than NULL. */
  private static final class SlotFlags extends ColumnWriter {
    private final int slot;

    SlotFlags(int index, int slot) {
      super(index);
      this.slot = slot;
    }

    @Override
    void put(int row, RecordView view) {
      vector().setBoolean(row, view.row().isPresent(slot));
    }
  }
}
