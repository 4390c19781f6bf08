package io.watershed.cli.sql;

import io.watershed.cli.OutputFormat;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;
import io.watershed.query.format.ParquetSink;
import io.watershed.query.format.ResultFormat;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A stream of bytes that no person looks at: a pipe or a file. It is flushed and never closed. */
public final class StreamOutput implements ResultOutput {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;

  private StreamOutput(OutputStream out) {
    this.out = out;
  }

  /** Prints to this stream. */
  public static StreamOutput to(OutputStream out) {
    return new StreamOutput(out);
  }

  @Override
  public Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException {
    if (format == OutputFormat.PARQUET) {
      OutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
      return run(statement, new ParquetSink(buffered), buffered);
    }
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER_BYTES);
    return run(statement, ResultFormat.valueOf(format.name()).sink(writer), writer);
  }

  /** What a failed statement has given so far is flushed too. */
  private static Optional<QueryOutcome> run(Execution statement, ResultSink sink, Flushable buffer)
      throws IOException {
    boolean done = false;
    try {
      QueryOutcome outcome = statement.into(sink);
      done = true;
      return Optional.of(outcome);
    } finally {
      if (done) {
        flush(buffer);
      } else {
        flushQuietly(buffer);
      }
    }
  }

  private static void flush(Flushable buffer) {
    try {
      buffer.flush();
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    }
  }

  private static void flushQuietly(Flushable buffer) {
    try {
      buffer.flush();
    } catch (IOException e) {
      // The statement's own error says more, and it is on its way.
      return;
    }
  }
}
