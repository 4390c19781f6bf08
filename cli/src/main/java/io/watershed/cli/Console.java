package io.watershed.cli;

import java.io.PrintWriter;

/**
 * Where a command prints: results to {@code out}, everything else to {@code err}. Closing is not
 * its business.
 *
 * @param out results
 * @param err progress, notices, errors
 * @param terminal whether a person looks at {@code err}: then one line may be rewritten
 */
public record Console(PrintWriter out, PrintWriter err, boolean terminal) {
  /** Prints a line for a person. */
  public void say(String line) {
    err.println(line);
    err.flush();
  }

  /** Prints a line of the result. */
  public void print(String line) {
    out.println(line);
    out.flush();
  }
}
