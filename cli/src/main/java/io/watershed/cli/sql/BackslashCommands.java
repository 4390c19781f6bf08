package io.watershed.cli.sql;

import io.watershed.cli.CommandContext;
import io.watershed.cli.OutputFormat;
import io.watershed.core.config.Nearest;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.query.Catalog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands that begin with a backslash, each on a line of its own. */
public final class BackslashCommands {
  /** Scripts that scripts run. */
  private static final int MAX_SCRIPTS = 16;

  /** A command: what one types, and what it does. */
  public enum Name {
    TABLES("\\d", "[TABLE]", "lists the tables, or the columns of one"),
    OUTPUT("\\o", "table|json|ndjson|csv", "prints results like this"),
    EXPORT(
        "\\export",
        "[--overwrite] FILE",
        "writes the last result again, at its receipt, to FILE (.parquet, .csv, .ndjson, .json)"),
    AS_OF("\\as-of", "RECEIPT|TIME|off", "sees exactly this cut from now on"),
    LIVE("\\live", "auto|require|off", "reads the live side if it can be reached, always, never"),
    TIMING("\\timing", "", "says how long each step took, or not any more"),
    EXPLAIN("\\explain", "", "says what each statement cost, or not any more"),
    FILE("\\i", "FILE", "runs the statements of a file until one fails"),
    HELP("\\?", "", "shows this list"),
    QUIT("\\q", "", "leaves; so does Ctrl-D");

    private final String text;
    private final String arguments;
    private final String does;

    Name(String text, String arguments, String does) {
      this.text = text;
      this.arguments = arguments;
      this.does = does;
    }

    /** With its backslash. */
    public String text() {
      return text;
    }

    /** One sentence. */
    public String does() {
      return does;
    }
  }

  private final CommandContext context;
  private final SqlSession session;
  private final Catalog catalog;
  private final int maxStatementChars;
  private int scripts;

  /** For one session. */
  public BackslashCommands(
      CommandContext context, SqlSession session, Catalog catalog, int maxStatementChars) {
    this.context = context;
    this.session = session;
    this.catalog = catalog;
    this.maxStatementChars = maxStatementChars;
  }

  /**
   * Runs one.
   *
   * @param line with its backslash
   * @return whether the session goes on
   * @throws WatershedException {@code usage} for one that does not exist or lacks its argument
   */
  public boolean run(String line) throws IOException {
    // Friends of other shells end commands with a semicolon too.
    List<String> words =
        new ArrayList<>(Arrays.asList(line.strip().replaceFirst(";$", "").strip().split("\\s+")));
    Name name = named(words.remove(0));
    switch (name) {
      case TABLES -> describe(words);
      case OUTPUT -> session.setFormat(format(argument(name, words)));
      case EXPORT -> export(words);
      case AS_OF -> {
        String cut = String.join(" ", words);
        session.setAsOf(argument(name, words).equals("off") ? Optional.empty() : Optional.of(cut));
      }
      case LIVE -> session.setLive(choice(LiveMode.class, argument(name, words)));
      case TIMING -> context.console().say("timing is " + (session.toggleTiming() ? "on" : "off"));
      case EXPLAIN ->
          context.console().say("explain is " + (session.toggleExplaining() ? "on" : "off"));
      case FILE -> include(context.folder().resolve(argument(name, words)));
      case HELP -> help();
      case QUIT -> {
        return false;
      }
    }
    return true;
  }

  private static Name named(String word) {
    return Arrays.stream(Name.values())
        .filter(name -> name.text.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.USAGE,
                    "There is no command " + word,
                    Nearest.to(word, Arrays.stream(Name.values()).map(Name::text).toList())
                        .map(near -> "Did you mean " + near + "? \\? lists them all.")
                        .orElse("\\? lists them.")));
  }

  private static String argument(Name name, List<String> words) {
    if (words.isEmpty()) {
      throw new WatershedException(
          ErrorCode.USAGE, name.text + " lacks its argument", name.text + " " + name.arguments);
    }
    return words.get(0);
  }

  private static OutputFormat format(String word) {
    OutputFormat format = choice(OutputFormat.class, word);
    if (format == OutputFormat.PARQUET) {
      throw new WatershedException(
          ErrorCode.USAGE, "Parquet is binary and is not printed", "\\export result.parquet");
    }
    return format;
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String word) {
    List<String> words =
        Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    int index = words.indexOf(word.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "'" + word + "' is none of " + String.join(", ", words),
          Nearest.to(word, words).map(near -> "Did you mean '" + near + "'?").orElse(""));
    }
    return type.getEnumConstants()[index];
  }

  private void describe(List<String> words) throws IOException {
    if (words.isEmpty()) {
      catalog.tables().forEach(context.console()::print);
      return;
    }
    session.show("SELECT column_name, column_type FROM (DESCRIBE " + String.join(" ", words) + ")");
  }

  private void export(List<String> words) throws IOException {
    boolean overwrite = words.remove("--overwrite");
    String file = argument(Name.EXPORT, words);
    session.export(
        new ResultFile(context.folder().resolve(file), overwrite), OutputFormat.ofFile(file));
  }

  private void include(Path file) throws IOException {
    if (scripts == MAX_SCRIPTS) {
      throw new WatershedException(
          ErrorCode.LIMIT, "Scripts run scripts more than " + MAX_SCRIPTS + " deep", "");
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new WatershedException(ErrorCode.USAGE, "There is no readable file " + file, "");
    }
    scripts++;
    try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      new Script(text, maxStatementChars, session, this).run();
    } finally {
      scripts--;
    }
  }

  private void help() {
    context.console().print("Statements end with ';' and may take several lines.");
    for (Name name : Name.values()) {
      context
          .console()
          .print("  %-34s %s".formatted((name.text + " " + name.arguments).strip(), name.does));
    }
  }
}
