package io.watershed.query.worker;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.spool.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of a result: gathers rows into frames, and sends a frame when it is big enough or
 * its first row has waited. A parent that does not read makes the pipe full, which makes this wait,
 * which makes the engine wait. Not thread-safe.
 */
final class FrameSink implements ResultSink {
  private static final int FRAME_BYTES = 64 << 10;
  private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final WorkerOutput output;
  private final int maxRowBytes;
  private final Buffer buffer = new Buffer();
  private final DataOutputStream encoder = new DataOutputStream(buffer);
  private long firstRow;

  FrameSink(WorkerOutput output, int maxRowBytes) {
    this.output = output;
    this.maxRowBytes = maxRowBytes;
  }

  /** The bytes of rows, without a copy; refuses a row as soon as it is too large. */
  private final class Buffer extends ByteArrayOutputStream {
    private int rowStart;

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      if (count - rowStart + (long) length > maxRowBytes) {
        throw new WatershedException(
            ErrorCode.LIMIT,
            "a row of the result is larger than " + (maxRowBytes >> 10) + " KiB",
            "Select fewer columns, or shorten what list, string_agg or repeat gathers in one row.");
      }
      super.write(bytes, offset, length);
    }

    synchronized void send() throws IOException {
      output.send(Frame.Type.ROWS, buf, count);
      reset();
      rowStart = 0;
    }
  }

  @Override
  public void begin(List<ResultColumn> columns) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(columns.size());
    for (ResultColumn column : columns) {
      ValueCodec.writeText(out, column.name());
      ValueCodec.writeText(out, column.type());
    }
    output.send(Frame.Type.COLUMNS, bytes.toByteArray());
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    if (buffer.size() == 0) {
      firstRow = System.nanoTime();
    }
    buffer.rowStart = buffer.size();
    for (Object value : values) {
      ValueCodec.write(encoder, value);
    }
    if (buffer.size() >= FRAME_BYTES || System.nanoTime() - firstRow >= FRAME_NANOS) {
      buffer.send();
    }
  }

  /** Sends the rows that wait; {@link #end} is the parent's, which knows the outcome. */
  void flush() throws IOException {
    if (buffer.size() > 0) {
      buffer.send();
    }
  }

  @Override
  public void end(QueryOutcome outcome) {
    throw new IllegalStateException("a child knows no outcome");
  }
}
