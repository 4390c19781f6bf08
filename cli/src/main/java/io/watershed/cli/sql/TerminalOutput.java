package io.watershed.cli.sql;

import io.watershed.cli.OutputFormat;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultSink;
import io.watershed.query.format.ResultFormat;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Optional;

/**
 * A terminal: no control characters, no lines of a table that wrap, nothing binary, and progress is
 * taken away before the first character.
 */
public final class TerminalOutput implements ResultOutput {
  private final Writer terminal;
  private final int columns;

  /**
   * @param columns of the terminal; 0 if that is not known
   */
  public TerminalOutput(Writer terminal, int columns) {
    this.terminal = terminal;
    this.columns = columns;
  }

  @Override
  public Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException {
    if (format == OutputFormat.PARQUET) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "Parquet is binary and does not go to a terminal",
          "Name a file with --output-file, or redirect standard output.");
    }
    Writer writer = new SafeWriter(new FirstWrite(terminal, statement));
    try {
      return Optional.of(statement.into(sink(format, writer)));
    } finally {
      writer.flush();
    }
  }

  private ResultSink sink(OutputFormat format, Writer writer) {
    return format == OutputFormat.TABLE && columns > 0
        ? ResultFormat.tableOf(columns, writer)
        : ResultFormat.valueOf(format.name()).sink(writer);
  }

  private static final class FirstWrite extends FilterWriter {
    private final Execution statement;
    private boolean written;

    FirstWrite(Writer out, Execution statement) {
      super(out);
      this.statement = statement;
    }

    @Override
    public void write(int c) throws IOException {
      first();
      out.write(c);
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      first();
      out.write(buffer, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
      first();
      out.write(text, offset, length);
    }

    private void first() {
      if (!written) {
        written = true;
        statement.quiet();
      }
    }
  }
}
