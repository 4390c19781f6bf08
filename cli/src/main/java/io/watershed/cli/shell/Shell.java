package io.watershed.cli.shell;

import io.watershed.cli.CommandContext;
import io.watershed.cli.Console;
import io.watershed.cli.Console.Terminals;
import io.watershed.cli.Failures;
import io.watershed.cli.sql.BackslashCommands;
import io.watershed.cli.sql.ResultOutput;
import io.watershed.cli.sql.ScriptReader;
import io.watershed.cli.sql.SqlSession;
import io.watershed.query.Catalog;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/**
 * The interactive shell: reads statements and backslash commands, runs each, prints errors and goes
 * on. Ctrl-C cancels a statement or clears the line; Ctrl-D leaves. Used by one thread.
 */
public final class Shell {
  private static final String PROMPT = "watershed> ";
  private static final String NEXT_LINE = "        -> ";

  private final CommandContext context;
  private final Terminal terminal;
  private final PagedOutput output;
  private final int maxStatementChars;

  private Shell(CommandContext context, Terminal terminal, int maxStatementChars) {
    this.context = context.with(console(terminal));
    this.terminal = terminal;
    this.output = new PagedOutput(terminal);
    this.maxStatementChars = maxStatementChars;
  }

  /** Makes the session, when it is known where it prints. */
  public interface SessionFactory {
    /** A session that prints here. */
    SqlSession open(Console console, ResultOutput output);
  }

  /** Opens the shell on this process's terminal, until the person leaves. */
  public static void run(
      CommandContext context, SessionFactory sessions, Catalog catalog, int maxStatementChars)
      throws IOException {
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).dumb(true).graphemeCluster(false).build()) {
      run(context, terminal, sessions, catalog, maxStatementChars);
    }
  }

  /** Opens the shell on a terminal of the caller's, until the person leaves. */
  public static void run(
      CommandContext context,
      Terminal terminal,
      SessionFactory sessions,
      Catalog catalog,
      int maxStatementChars)
      throws IOException {
    new Shell(context, terminal, maxStatementChars).loop(sessions, catalog);
  }

  private static Console console(Terminal terminal) {
    boolean draws = !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    return new Console(
        terminal.writer(),
        terminal.writer(),
        terminal.output(),
        new Terminals(true, true, draws, terminal.getColumns()));
  }

  private void loop(SessionFactory sessions, Catalog catalog) throws IOException {
    SqlSession session = sessions.open(context.console(), output);
    BackslashCommands commands =
        new BackslashCommands(context, session, catalog, maxStatementChars);
    terminal.handle(
        Signal.INT,
        signal -> {
          session.cancel();
          output.interrupt();
        });
    LineReader reader = reader(catalog);
    boolean goesOn = true;
    while (goesOn) {
      try {
        goesOn = runAll(reader.readLine(PROMPT), session, commands);
      } catch (UserInterruptException e) {
        goesOn = true; // the line is cleared
      } catch (EndOfFileException e) {
        goesOn = false;
      }
    }
  }

  private LineReader reader(Catalog catalog) {
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("watershed")
            .parser(new StatementParser())
            .completer(new NameCompleter(catalog))
            .history(new ShellHistory())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, NEXT_LINE)
            .variable(LineReader.HISTORY_SIZE, ShellHistory.MAX_ENTRIES)
            .variable(LineReader.HISTORY_FILE_SIZE, ShellHistory.MAX_ENTRIES);
    Optional<Path> file =
        ShellHistory.file(context.environment(), Path.of(System.getProperty("user.home")));
    file.ifPresent(path -> builder.variable(LineReader.HISTORY_FILE, path));
    return builder.build();
  }

  /** Runs what was typed; says whether the shell goes on. */
  private boolean runAll(String text, SqlSession session, BackslashCommands commands) {
    // A Ctrl-C that came just after the line was for the line, and must not end what comes next.
    Thread.interrupted();
    ScriptReader items = new ScriptReader(new StringReader(text), maxStatementChars);
    while (true) {
      try {
        Optional<ScriptReader.Item> item = items.next();
        if (item.isEmpty()) {
          return true;
        }
        if (!item.get().isCommand()) {
          session.run(item.get().text());
        } else if (!commands.run(item.get().text())) {
          return false;
        }
      } catch (IOException | RuntimeException e) {
        new Failures(context).ofCommand(e);
        return true;
      } finally {
        terminal.writer().flush();
      }
    }
  }
}
