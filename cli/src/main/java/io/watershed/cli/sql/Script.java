package io.watershed.cli.sql;

import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** A script: statements and backslash commands, answered in turn until one fails. */
public final class Script {
  private final ScriptReader reader;
  private final SqlSession session;
  private final BackslashCommands commands;

  /** Of this text. */
  public Script(
      Reader text, int maxStatementChars, SqlSession session, BackslashCommands commands) {
    this.reader = new ScriptReader(text, maxStatementChars);
    this.session = session;
    this.commands = commands;
  }

  /**
   * Runs it to its end, or to {@code \q}.
   *
   * @throws WatershedException of the first statement that fails; its message says which one
   */
  public void run() throws IOException {
    boolean goesOn = true;
    while (goesOn) {
      Optional<ScriptReader.Item> next = reader.next();
      goesOn = next.isPresent() && run(next.get());
    }
  }

  private boolean run(ScriptReader.Item item) throws IOException {
    try {
      if (item.isCommand()) {
        return commands.run(item.text());
      }
      session.run(item.text());
      return true;
    } catch (WatershedException e) {
      throw new WatershedException(
          e.code(),
          "statement " + item.number() + " (line " + item.line() + "): " + e.getMessage(),
          e.hint(),
          e);
    }
  }
}
