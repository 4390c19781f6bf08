package io.watershed.cli;

import io.watershed.cli.sql.SafeWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Where a command prints: results to {@code out}, everything else to {@code err}. Closing is not
 * its business.
 *
 * @param out results
 * @param err progress, notices, errors
 * @param bytes the stream behind {@code out}, for results that are large or binary; flush {@code
 *     out} before using it
 * @param terminals which of the three standard streams a person looks at
 */
public record Console(PrintWriter out, PrintWriter err, OutputStream bytes, Terminals terminals) {

  /**
   * Which standard streams are terminals.
   *
   * @param in whether a person types
   * @param out whether a person looks at results
   * @param err whether a person looks at the rest: then one line may be rewritten
   * @param columns width of the terminal; 0 if that is not known
   */
  public record Terminals(boolean in, boolean out, boolean err, int columns) {
    /** Pipes and files only. */
    public static final Terminals NONE = new Terminals(false, false, false, 0);
  }

  /** Prints to these streams. */
  public static Console of(OutputStream out, OutputStream err, Terminals terminals) {
    return new Console(ResultWriter.to(out), ResultWriter.to(err), out, terminals);
  }

  /** Prints text only. */
  public Console(PrintWriter out, PrintWriter err, boolean terminal) {
    this(out, err, new NoBytes(), new Terminals(false, false, terminal, 0));
  }

  /** Why results could not be written, of what has left the buffer of {@code out}. */
  Optional<IOException> failure() {
    return out instanceof ResultWriter writer ? writer.failure() : Optional.empty();
  }

  /** Whether a person looks at {@code err}: then one line may be rewritten. */
  public boolean terminal() {
    return terminals.err();
  }

  /** Prints a line for a person. */
  public void say(String line) {
    err.println(terminal() ? SafeWriter.safe(line) : line);
    err.flush();
  }

  /** Prints a line of the result. */
  public void print(String line) {
    out.println(line);
    out.flush();
  }

  private static final class NoBytes extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("this console takes text only");
    }
  }
}
