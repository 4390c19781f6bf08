package io.watershed.flight;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One statement and the reader of its rows. Rows go in batches and wait for the reader, so that a
 * result of any size passes in constant memory; a reader that leaves ends the statement. Of one
 * thread.
 */
final class StatementFlight implements ResultSink {
  /** A batch is sent when it has so many rows or bytes. */
  static final int BATCH_ROWS = 4_096;

  private static final long BATCH_BYTES = 1 << 20;
  private static final int FIRST_ROWS = 256;

  private final BufferAllocator memory;
  private final FlightSettings settings;
  private final ServerStreamListener reader;
  private final StatementControl control = new StatementControl();
  private final CallbackBackpressureStrategy pressure =
      new CallbackBackpressureStrategy() {
        @Override
        protected void cancelCallback() {
          control.cancel();
        }
      };

  private List<ArrowColumn> columns = List.of();
  private @Nullable VectorSchemaRoot batch;
  private int rows;
  private long bytes;

  StatementFlight(BufferAllocator memory, FlightSettings settings, ServerStreamListener reader) {
    this.memory = memory;
    this.settings = settings;
    this.reader = reader;
    pressure.register(reader);
  }

  /**
   * Runs the statement to its end, whatever that is.
   *
   * @param ended is told {@code ok}, or the error's code
   */
  void run(QueryEngine engine, SqlRequest request, Consumer<String> ended) {
    try {
      engine.execute(request, this, control);
      ended.accept("ok");
      reader.completed();
    } catch (RuntimeException | Error e) {
      ended.accept(e instanceof WatershedException known ? known.code().text() : "internal");
      reader.error(FlightErrors.of(e));
    } finally {
      VectorSchemaRoot open = batch;
      if (open != null) {
        open.close();
      }
    }
  }

  @Override
  public void begin(List<ResultColumn> result) {
    List<ArrowColumn> all = new ArrayList<>();
    for (ResultColumn column : result) {
      all.add(ArrowColumn.of(column));
    }
    columns = all;
    Schema schema = new Schema(all.stream().map(ArrowColumn::field).toList());
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory);
    batch = root;
    for (FieldVector vector : root.getFieldVectors()) {
      vector.setInitialCapacity(FIRST_ROWS);
    }
    root.allocateNew();
    reader.start(root);
  }

  private VectorSchemaRoot batch() {
    VectorSchemaRoot root = batch;
    if (root == null) {
      throw new IllegalStateException("begin comes first");
    }
    return root;
  }

  @Override
  public void row(@Nullable Object[] values) {
    VectorSchemaRoot root = batch();
    if (rows == BATCH_ROWS || bytes >= BATCH_BYTES) {
      send(null);
    }
    for (int i = 0; i < values.length; i++) {
      bytes += columns.get(i).write(root.getVector(i), rows, values[i]);
    }
    rows++;
  }

  /** Sends what is gathered; the last batch carries the receipt. */
  private void send(@Nullable ArrowBuf metadata) {
    VectorSchemaRoot root = batch();
    root.setRowCount(rows);
    if (pressure.waitForListener(settings.stallTimeout().toMillis()) == WaitResult.TIMEOUT) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "the reader took no rows for " + settings.stallTimeout().toSeconds() + " s",
          "Read a result to its end, or close it.");
    }
    control.throwIfCancelled();
    if (metadata == null) {
      reader.putNext();
    } else {
      reader.putNext(metadata);
    }
    root.allocateNew();
    rows = 0;
    bytes = 0;
  }

  @Override
  public void end(QueryOutcome outcome) {
    byte[] receipt =
        ("{\"receipt\":\"" + outcome.receipt().id() + "\"}").getBytes(StandardCharsets.UTF_8);
    ArrowBuf metadata = memory.buffer(receipt.length);
    metadata.writeBytes(receipt);
    send(metadata);
  }
}
